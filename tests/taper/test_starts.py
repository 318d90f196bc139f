"""What is refused for the doses a schedule comes down from."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.taper import TabletCount
from app.knowledge.base import KnowledgeBase
from app.taper.refusal import Problem, TaperRefusal
from app.taper.schedule import schedule_taper
from tests.taper.asked import granted, refused, request, withdrawal


def own(**doses: float) -> dict[str, Any]:
    """Return a request in lupus nephritis for doses that come down by 1 mg a month to 1 mg less."""
    floors = {drug: mg - 1 for drug, mg in doses.items()}
    return {
        "condition": "lupus_nephritis",
        "drug_doses": doses,
        "step_mg": dict.fromkeys(doses, 1),
        "floor_mg": floors,
    }


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.code, problem.pointer) for problem in problems]


@pytest.mark.parametrize(
    ("doses", "code"),
    [
        ({"tacrolimus": 4, "cyclosporine": 100}, "TWO_CALCINEURIN_INHIBITORS"),
        ({"azathioprine": 100, "mycophenolate": 1000}, "AZATHIOPRINE_WITH_MYCOPHENOLATE"),
        ({"mycophenolate": 1000, "prednisone": 20, "azathioprine": 100}, "AZATHIOPRINE_WITH_MYCOPHENOLATE"),
    ],
)
@pytest.mark.parametrize("reason", [None, "specialist_advice"])
def test_two_drugs_that_are_never_taken_together_get_no_schedule(
    doses: dict[str, float], code: str, reason: str | None, kb: KnowledgeBase
) -> None:
    problems = refused(request(**own(**doses), override_reason=reason), kb)
    assert told(problems) == [(code, "/drug_doses")]
    assert set(problems[0].citations) <= kb.citations.keys()


def test_both_forbidden_pairs_are_told_at_once(kb: KnowledgeBase) -> None:
    four = own(tacrolimus=4, cyclosporine=100, azathioprine=100, mycophenolate=1000)
    assert {code for code, _ in told(refused(request(**four), kb))} == {
        "TWO_CALCINEURIN_INHIBITORS",
        "AZATHIOPRINE_WITH_MYCOPHENOLATE",
    }


@pytest.mark.parametrize(
    "doses",
    [
        {"tacrolimus": 4, "mycophenolate": 1000},
        {"cyclosporine": 100, "azathioprine": 100},
        {"prednisone": 20, "tacrolimus": 4, "azathioprine": 100},
    ],
)
def test_drugs_that_go_together_are_granted(doses: dict[str, float], kb: KnowledgeBase) -> None:
    assert granted(request(**own(**doses)), kb).steps[0].doses == doses


def steroid(condition: str, mg: float, drug: str = "prednisone", **changes: Any) -> dict[str, Any]:
    """Return a request for a steroid that comes down by 5 mg a month to 5 mg less."""
    own_numbers = {"step_mg": {drug: 5}, "floor_mg": {drug: mg - 5}}
    return {"condition": condition, "drug_doses": {drug: mg}, **own_numbers, **changes}


CAPS = [
    ("autoimmune_hepatitis", 60),
    ("lupus_nephritis", 80),
    ("minimal_change_disease", 80),
    ("focal_segmental_glomerulosclerosis", 80),
    ("anca_vasculitis", 60),
    ("uveitis", 60),
    ("other_autoimmune", 60),
]


@pytest.mark.parametrize("drug", ["prednisone", "prednisolone"])
@pytest.mark.parametrize(("condition", "cap"), CAPS)
def test_a_steroid_above_the_highest_dose_of_its_condition_needs_a_reason(
    condition: str, cap: int, drug: str, kb: KnowledgeBase
) -> None:
    above = steroid(condition, cap + 0.5, drug)
    problems = refused(request(**above), kb)
    assert told(problems) == [("DOSE_ABOVE_RANGE", f"/drug_doses/{drug}")]
    assert set(problems[0].citations) <= kb.citations.keys()
    for mg in (cap, cap - 0.5):
        first = granted(request(**steroid(condition, mg, drug)), kb).steps[0]
        assert "DOSE_ABOVE_RANGE" not in {flag.code for flag in first.flags}


def test_with_a_reason_every_level_above_the_highest_dose_is_flagged(kb: KnowledgeBase) -> None:
    high = {"drug_doses": {"prednisone": 80}, "override_reason": "specialist_advice"}
    steps = granted(request(**high), kb).steps
    flagged = [step.doses["prednisone"] for step in steps if "DOSE_ABOVE_RANGE" in {flag.code for flag in step.flags}]
    assert flagged == [80, 70]


def test_ten_times_the_highest_dose_is_refused(kb: KnowledgeBase) -> None:
    slip = {"option_id": "prednisone_monotherapy", "drug_doses": {"prednisone": 600}}
    assert told(refused(request(**slip), kb)) == [("DOSE_ABOVE_RANGE", "/drug_doses/prednisone")]


@pytest.mark.parametrize("drug", ["prednisone", "prednisolone"])
def test_myasthenia_begins_no_high_steroid_outside_hospital(drug: str, kb: KnowledgeBase) -> None:
    for mg in (30, 30.5):
        problems = refused(request(**steroid("myasthenia_gravis", mg, drug)), kb)
        assert told(problems) == [("HIGH_START_IN_MYASTHENIA", f"/drug_doses/{drug}")]
        assert "MGFA20" in problems[0].citations
    low = granted(request(**steroid("myasthenia_gravis", 29.5, drug)), kb)
    assert "HIGH_START_IN_MYASTHENIA" not in {flag.code for flag in low.steps[0].flags}


def test_myasthenia_with_a_reason_keeps_the_warning(kb: KnowledgeBase) -> None:
    taper = granted(request(**steroid("myasthenia_gravis", 30, override_reason="specialist_advice")), kb)
    assert [[flag.code for flag in step.flags] for step in taper.steps] == [["HIGH_START_IN_MYASTHENIA"], []]
    high = steroid("myasthenia_gravis", 61)
    assert [code for code, _ in told(refused(request(**high), kb))] == ["HIGH_START_IN_MYASTHENIA", "DOSE_ABOVE_RANGE"]


@pytest.mark.parametrize(("floor", "flagged"), [(10, False), (9, True), (11, False)])
def test_a_month_that_falls_further_than_the_adrenal_limits_is_flagged(
    floor: int, flagged: bool, kb: KnowledgeBase
) -> None:
    """From 20 mg a month of reductions at the guideline's pace ends at 10 mg."""
    own_numbers = {"step_mg": {"prednisone": 20}, "floor_mg": {"prednisone": floor}}
    taper = granted(request(drug_doses={"prednisone": 20}, condition="myasthenia_gravis", **own_numbers), kb)
    assert [step.doses["prednisone"] for step in taper.steps] == [20, floor]
    found = [flag for flag in taper.steps[1].flags if flag.code == "STEP_BEYOND_ADRENAL_LIMIT"]
    assert bool(found) is flagged
    assert all("10 mg" in flag.text and flag.citations == ("ESE24",) for flag in found)


def test_the_schedules_of_the_source_stay_within_the_adrenal_limits(kb: KnowledgeBase) -> None:
    for doses in ({"prednisone": 60}, {"prednisone": 30, "azathioprine": 150}, {"prednisolone": 60}):
        steps = granted(request(drug_doses=doses), kb).steps
        assert "STEP_BEYOND_ADRENAL_LIMIT" not in {flag.code for step in steps for flag in step.flags}


def azathioprine_of(kb: KnowledgeBase, mg: float, weight: float | None, **changes: Any) -> list[Decimal]:
    doses = {"prednisone": 30, "azathioprine": mg}
    asked = request(drug_doses=doses, weight_kg=weight, **{"start_on": "2026-01-31"} | changes)
    return [step.doses["azathioprine"] for step in granted(asked, kb).steps]


@pytest.mark.parametrize(
    ("sent", "weight", "expected"),
    [
        (150, 58, [100, 100, 50]),
        (175, 100, [150, 100, 50]),
        (150, 75, [150, 100, 50]),
        (150, 74.9, [125, 100, 50]),
        (125, 62.5, [125, 100, 50]),
        (125, 62.4, [100, 100, 50]),
        (50, 25, [50, 50, 50]),
        (75, 25, [50, 50, 50]),
        (175, None, [150, 100, 50]),
        (150, None, [150, 100, 50]),
    ],
)
def test_azathioprine_starts_at_its_ceiling_at_most(
    sent: float, weight: float | None, expected: list[int], kb: KnowledgeBase
) -> None:
    assert azathioprine_of(kb, sent, weight) == expected


@pytest.mark.parametrize(("sent", "started"), [(100, None), (100.5, 100), (150, 100)])
def test_what_was_sent_above_the_ceiling_is_told_once(sent: float, started: int | None, kb: KnowledgeBase) -> None:
    steps = granted(request(drug_doses={"prednisone": 30, "azathioprine": sent}, weight_kg=58), kb).steps
    told_here = [flag.text for flag in steps[0].flags if flag.code == "AZATHIOPRINE_OVER_CEILING"]
    assert len(told_here) == (0 if started is None else 1)
    assert all(f"{sent} mg a day was sent" in text and f"starts at {started} mg" in text for text in told_here)
    assert not any(flag.code == "AZATHIOPRINE_OVER_CEILING" for step in steps[1:] for flag in step.flags)


def test_a_step_of_the_clinician_counts_from_the_ceiling(kb: KnowledgeBase) -> None:
    assert azathioprine_of(kb, 150, 58, step_mg={"azathioprine": 25}) == [100, 75, 50]


def test_the_floor_may_not_exceed_the_ceiling(kb: KnowledgeBase) -> None:
    asked = {"drug_doses": {"prednisone": 30, "azathioprine": 150}, "weight_kg": 58}
    above = request(**asked, floor_mg={"azathioprine": 100.5})
    assert told(refused(above, kb)) == [("FLOOR_ABOVE_START", "/floor_mg/azathioprine")]
    assert granted(request(**asked, floor_mg={"azathioprine": 100}), kb).floor["azathioprine"] == 100


@pytest.mark.parametrize(("mg", "refusals"), [(2000, []), (3000, []), (3000.5, ["DOSE_ABOVE_RANGE"])])
def test_mycophenolate_comes_down_from_its_target_and_at_most_from_its_highest_dose(
    mg: float, refusals: list[str], kb: KnowledgeBase
) -> None:
    own_numbers = {"step_mg": {"mycophenolate": 500}, "floor_mg": {"mycophenolate": 1000}}
    asked = request(drug_doses={"mycophenolate": mg}, **own_numbers)
    if refusals:
        assert told(refused(asked, kb)) == [(refusals[0], "/drug_doses/mycophenolate")]
    else:
        assert granted(asked, kb).steps[0].doses == {"mycophenolate": mg}


@pytest.mark.parametrize(
    ("asked", "drug", "expected"),
    [
        ({"drug_doses": {"prednisone": 60}, "tablet_strengths": {"prednisone": [20]}}, "prednisone", [60]),
        ({"drug_doses": {"prednisone": 37.25}}, "prednisone", [37, 27, 20]),
        ({"drug_doses": {"prednisone": 30, "azathioprine": 60}}, "azathioprine", [50, 50, 50]),
        ({"drug_doses": {"prednisone": 17.25}}, "prednisone", [17]),
    ],
)
def test_every_dose_of_a_schedule_can_be_made(
    asked: dict[str, Any], drug: str, expected: list[int], kb: KnowledgeBase
) -> None:
    steps = granted(request(**asked), kb).steps
    assert [step.doses[drug] for step in steps] == expected
    assert all(tablets for step in steps for tablets in step.tablets.values())
    assert {flag.code for flag in steps[0].flags} & {"DOSE_ROUNDED_TO_TABLETS", "STEP_NOT_MAKEABLE"}


def test_a_schedule_without_a_further_step_above_its_floor_is_not_called_a_floor(kb: KnowledgeBase) -> None:
    coarse = {"tablet_strengths": {"prednisone": [20]}}
    (only,) = granted(request(drug_doses={"prednisone": 60}, **coarse), kb).steps
    assert (only.status, only.ends_on) == ("current", None)
    *_, last = granted(request(drug_doses={"prednisone": 60}, tablet_strengths={"prednisone": [9]}), kb).steps
    assert last.doses == {"prednisone": 27}
    assert last.status == "projected"


@pytest.mark.parametrize(
    "asked",
    [
        {"drug_doses": {"prednisone": 60}, "tablet_strengths": {"prednisone": []}},
        {"drug_doses": {"prednisone": 60}, "tablet_strengths": {"prednisone": [61]}},
        {"drug_doses": {"prednisone": 25}, "tablet_strengths": {"prednisone": [19]}},
        {"drug_doses": {"prednisone": 37.25}, "floor_mg": {"prednisone": 37.25}},
        {"drug_doses": {"prednisone": 0.5}, "condition": "uveitis", "step_mg": 0.25, "floor_mg": 0.25},
    ],
)
def test_a_start_that_no_tablets_make_above_its_floor_is_refused(asked: dict[str, Any], kb: KnowledgeBase) -> None:
    assert told(refused(request(**asked), kb)) == [("DOSE_NOT_MAKEABLE", "/drug_doses/prednisone")]


def test_a_start_is_lowered_to_its_floor_at_the_most(kb: KnowledgeBase) -> None:
    exact = request(drug_doses={"prednisone": 25}, tablet_strengths={"prednisone": [20]})
    assert [step.doses["prednisone"] for step in granted(exact, kb).steps] == [20]
    below = request(drug_doses={"prednisone": 19}, tablet_strengths={"prednisone": [15]})
    assert [step.doses["prednisone"] for step in granted(below, kb).steps] == [15]


SIZES = st.sets(st.sampled_from([1, 2.5, 5, 7, 10, 20, 25, 50, 75, 100]), min_size=1, max_size=4).map(sorted)


@given(
    st.integers(1, 120).map(lambda halves: halves / 2),
    st.integers(1, 175),
    SIZES,
    SIZES,
    st.sampled_from(["monthly", "split"]),
    st.booleans(),
)
def test_whatever_tablets_there_are_each_dose_is_made_of_them_or_there_is_no_schedule(
    kb: KnowledgeBase,
    prednisone: float,
    azathioprine: int,
    one: list[float],
    other: list[float],
    style: str,
    halves: bool,
) -> None:
    asked = request(
        drug_doses={"prednisone": prednisone, "azathioprine": azathioprine},
        tablet_strengths={"prednisone": one, "azathioprine": other},
        step_style=style,
        half_tablets=halves,
        horizon_days=1830,
    )
    taper = schedule_taper(asked, kb)
    if isinstance(taper, TaperRefusal):
        assert {problem.code for problem in taper.problems} == {"DOSE_NOT_MAKEABLE"}
        return
    for drug, sent in asked.drug_doses.items():
        way = [step.doses[drug] for step in taper.steps]
        assert way[0] <= sent
        assert all(0 <= before - after <= taper.step_mg[drug] for before, after in pairwise(way))
        assert way[-1] >= taper.floor[drug]
        assert way[-1] == taper.floor[drug] or "STEP_NOT_MAKEABLE" in {flag.code for flag in taper.steps[-1].flags}
        assert all(mg_of(step.tablets[drug]) == step.doses[drug] for step in taper.steps)
        assert mg_of(taper.total_tablets[drug]) == taper.total_mg[drug] == sum(s.total_mg[drug] for s in taper.steps)


def test_a_drug_without_a_floor_begins_with_what_its_tablets_make(kb: KnowledgeBase) -> None:
    large = withdrawal(drug_doses={"tacrolimus": 1}, tablet_strengths={"tacrolimus": [0.75]})
    assert told(refused(large, kb)) == [("TACROLIMUS_TAPER_TOO_SHORT", "/step_mg")]


def mg_of(tablets: tuple[TabletCount, ...]) -> Decimal:
    return sum((item.strength_mg * item.count for item in tablets), Decimal(0))
