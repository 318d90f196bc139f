"""Whole schedules: the reference cases, totals, flags, advice and the speeds compared."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.remark import Remark
from app.clinical.taper import TabletCount, Taper
from app.clinical.vocabulary import OptionId
from app.knowledge.base import KnowledgeBase
from app.taper.schedule import schedule_option
from app.taper.stock import Choices
from tests.taper.asked import granted, request

D = Decimal
COMBINATION = {"prednisone": D(30), "azathioprine": D(150)}
MONOTHERAPY = {"prednisone": D(60)}


def codes(remarks: tuple[Remark, ...]) -> list[str]:
    return [item.code for item in remarks]


def combination(kb: KnowledgeBase, *, azathioprine: int = 150, weight: object = 80, **choices: Any) -> Taper:
    doses = {"prednisone": D(30), "azathioprine": D(azathioprine)}
    kg = None if weight is None else D(str(weight))
    return schedule_option("prednisone_azathioprine", doses, kg, date(2026, 3, 10), kb, Choices(**choices))


@pytest.mark.parametrize(
    ("option", "doses", "start", "days", "cumulative"),
    [
        (
            "prednisone_azathioprine",
            {"prednisone": 30, "azathioprine": 150},
            "2026-03-10",
            "2026-04-10 2026-05-10",
            2600,
        ),
        (
            "prednisone_azathioprine",
            {"prednisone": 30, "azathioprine": 100},
            "2026-01-31",
            "2026-03-02 2026-04-02",
            2590,
        ),
        (
            "prednisone_monotherapy",
            {"prednisone": 60},
            "2026-02-01",
            "2026-03-03 2026-04-03 2026-05-03 2026-06-03",
            6400,
        ),
    ],
)
def test_the_reference_schedules(
    option: OptionId, doses: dict[str, int], start: str, days: str, cumulative: int, kb: KnowledgeBase
) -> None:
    begun = date.fromisoformat(start)
    taper = schedule_option(option, {drug: D(mg) for drug, mg in doses.items()}, D(80), begun, kb)
    assert [step.starts_on.isoformat() for step in taper.steps] == [start, *days.split()]
    assert taper.cumulative_prednisone_mg == cumulative
    assert taper.option_id == option


def test_a_plan_and_a_request_get_the_same_schedule_but_for_the_name_of_its_end(kb: KnowledgeBase) -> None:
    asked, planned = granted(request(), kb), combination(kb)
    assert [step.status for step in asked.steps] == ["current", "projected", "floor"]
    *earlier, last = asked.steps
    assert asked.model_copy(update={"steps": (*earlier, last.model_copy(update={"status": "projected"}))}) == planned


@pytest.mark.parametrize(("horizon", "status"), [(61, "projected"), (62, "floor"), (63, "floor")])
def test_a_requested_schedule_ends_in_a_floor_where_that_is_reached_inside_the_horizon(
    horizon: int, status: str, kb: KnowledgeBase
) -> None:
    """The floor is reached on the 62nd day."""
    steps = granted(request(horizon_days=horizon), kb).steps
    assert [step.status for step in steps] == ["current", "projected", status]


def test_the_first_step_is_current_and_the_others_are_conditional(kb: KnowledgeBase) -> None:
    steps = combination(kb).steps
    assert [step.status for step in steps] == ["current", "projected", "projected"]
    assert [len(step.gates) for step in steps] == [0, 4, 4]
    assert [step.index for step in steps] == [0, 1, 2]


def test_the_tablets_of_every_level_and_of_the_whole_are_counted(kb: KnowledgeBase) -> None:
    def counts(tablets: tuple[TabletCount, ...]) -> list[tuple[int, int]]:
        return [(int(tablet.strength_mg), int(tablet.count)) for tablet in tablets]

    taper = combination(kb)
    of_levels = [counts(step.total_tablets["prednisone"]) for step in taper.steps]
    assert [step.days for step in taper.steps] == [31, 30, 107]
    assert of_levels == [[(20, 31), (10, 31)], [(20, 30)], [(10, 107)]]
    assert counts(taper.total_tablets["prednisone"]) == [(20, 61), (10, 138)]
    assert counts(taper.total_tablets["azathioprine"]) == [(100, 30), (75, 62), (50, 107)]


def test_in_parts_of_a_month_azathioprine_comes_down_also_beside_a_steroid_at_its_floor(kb: KnowledgeBase) -> None:
    doses = {"prednisone": D(10), "azathioprine": D(150)}
    start = date(2026, 3, 10)
    taper = schedule_option("prednisone_azathioprine", doses, None, start, kb, Choices(step_style="split"))
    assert [step.doses["azathioprine"] for step in taper.steps] == [150, 100, 50]
    assert {step.doses["prednisone"] for step in taper.steps} == {10}


def test_a_step_ends_the_day_before_the_next_and_the_floor_stays(kb: KnowledgeBase) -> None:
    assert [step.ends_on for step in combination(kb).steps] == [date(2026, 4, 9), date(2026, 5, 9), None]


def test_the_dose_per_kilogram_is_given_to_two_decimals(kb: KnowledgeBase) -> None:
    assert [step.mg_per_kg["azathioprine"] for step in combination(kb).steps] == [D("1.88"), D("1.25"), D("0.63")]


@pytest.mark.parametrize(("weight", "flagged"), [("50", False), ("50.1", True), ("49.9", False)])
def test_azathioprine_below_one_milligram_per_kilogram_is_flagged(
    weight: str, flagged: bool, kb: KnowledgeBase
) -> None:
    last = combination(kb, azathioprine=50, weight=weight).steps[-1]
    assert ("AZA_BELOW_1MGKG" in codes(last.flags)) is flagged


@pytest.mark.parametrize(
    ("azathioprine", "weight", "flagged"),
    [(150, "75", False), (150, "74.9", True), (175, "200", True), (175, None, True), (150, None, False)],
)
def test_azathioprine_above_its_ceiling_is_flagged(
    azathioprine: int, weight: str | None, flagged: bool, kb: KnowledgeBase
) -> None:
    first = combination(kb, azathioprine=azathioprine, weight=weight).steps[0]
    assert ("AZATHIOPRINE_OVER_CEILING" in codes(first.flags)) is flagged


def test_without_a_weight_the_schedule_says_what_was_not_checked(kb: KnowledgeBase) -> None:
    taper = combination(kb, weight=None)
    assert [step.mg_per_kg for step in taper.steps] == [{}, {}, {}]
    assert codes(taper.advice) == [*codes(combination(kb).advice), "WEIGHT_UNKNOWN"]
    assert "WEIGHT_UNKNOWN" not in codes(combination(kb).advice)
    alone = schedule_option("prednisone_monotherapy", MONOTHERAPY, None, date(2026, 3, 10), kb)
    assert "WEIGHT_UNKNOWN" not in codes(alone.advice)


def test_only_doses_below_twenty_milligrams_carry_the_adrenal_limits(kb: KnowledgeBase) -> None:
    flagged = [step.doses["prednisone"] for step in combination(kb).steps if "ADRENAL_LIMITS" in codes(step.flags)]
    assert flagged == [10]


def test_the_adrenal_limits_are_those_of_the_guideline(kb: KnowledgeBase) -> None:
    (flag,) = [item for item in combination(kb).steps[-1].flags if item.code == "ADRENAL_LIMITS"]
    assert (flag.citations, flag.rule) == (("ESE24",), "taper.adrenal_limits")
    assert all(figure in flag.text for figure in ("20 mg", "2.5 mg", "10 mg", "1 mg", "7 to 28 days"))


def test_a_schedule_without_a_steroid_says_nothing_about_steroids(kb: KnowledgeBase) -> None:
    own = {"step_mg": {"azathioprine": 25}, "floor_mg": {"azathioprine": 100}}
    taper = granted(request(drug_doses={"azathioprine": 150}, **own), kb)
    assert codes(taper.advice) == ["OWN_SCHEDULE"]
    assert "ADRENAL_LIMITS" not in codes(taper.steps[-1].flags)
    assert taper.comparison == ()
    assert taper.cumulative_prednisone_mg == 0


def test_every_schedule_with_a_steroid_carries_the_safety_block(kb: KnowledgeBase) -> None:
    block = ["STEROID_NEVER_STOP_SUDDENLY", "STEROID_SICK_DAY_RULE", "STEROID_CARD"]
    for taper in (combination(kb), granted(request(drug_doses={"prednisolone": 20}), kb)):
        assert codes(taper.advice)[:3] == block
        assert all(item.citations == ("ESE24",) for item in taper.advice[:3])


def test_rounding_to_tablets_and_what_they_do_not_make_is_said(kb: KnowledgeBase) -> None:
    taper = combination(kb, strengths=(("prednisone", (D(7),)),))
    assert [step.doses["prednisone"] for step in taper.steps] == [28, 21, 14]
    assert [codes(step.flags)[0] for step in taper.steps] == ["DOSE_ROUNDED_TO_TABLETS"] * 3
    assert codes(taper.steps[-1].flags)[:2] == ["DOSE_ROUNDED_TO_TABLETS", "STEP_NOT_MAKEABLE"]
    assert "STEP_NOT_MAKEABLE" not in codes(taper.steps[1].flags)
    assert "lower one" in taper.steps[0].flags[0].text
    assert all(step.tablets["prednisone"] for step in taper.steps)


def test_a_dose_that_no_tablets_make_is_kept_and_marked(kb: KnowledgeBase) -> None:
    """A plan withholds such a dose; a steroid that is being taken goes on as it is."""
    (only,) = combination(kb, azathioprine=50, strengths=(("prednisone", ()), ("azathioprine", (D(50),)))).steps
    assert only.doses["prednisone"] == 30
    assert only.tablets["prednisone"] == ()
    assert codes(only.flags)[:2] == ["DOSE_NOT_MAKEABLE", "STEP_NOT_MAKEABLE"]


@pytest.mark.parametrize("size", [100, 75])
def test_azathioprine_that_its_tablets_cannot_lower_stays(size: int, kb: KnowledgeBase) -> None:
    taper = combination(kb, azathioprine=size, strengths=(("azathioprine", (D(size),)),))
    assert [step.doses for step in taper.steps] == [{"prednisone": mg, "azathioprine": size} for mg in (30, 20, 10)]
    assert all("STEP_NOT_MAKEABLE" in codes(step.flags) for step in taper.steps)
    assert taper.steps[-1].tablets["azathioprine"] == (TabletCount(strength_mg=D(size), count=D(1)),)
    assert taper.floor["azathioprine"] == 50


def test_both_published_speeds_are_shown_with_their_cumulative_dose(kb: KnowledgeBase) -> None:
    shown = {item.id: item for item in combination(kb).comparison}
    assert shown["source_monthly"].cumulative_prednisone_mg == 2600
    assert shown["guideline_faster"].cumulative_prednisone_mg == 14 * (30 + 25 + 20 + 15) + 112 * 10
    assert "K03" in shown["guideline_faster"].citations
    assert "5 mg less every 14 days" in shown["guideline_faster"].title


def test_the_speeds_compared_end_with_the_horizon(kb: KnowledgeBase) -> None:
    assert {item.cumulative_prednisone_mg for item in granted(request(horizon_days=14), kb).comparison} == {420}
    assert [item.cumulative_prednisone_mg for item in granted(request(horizon_days=15), kb).comparison] == [450, 445]


def test_split_shows_the_monthly_speed_beside_its_own(kb: KnowledgeBase) -> None:
    taper = combination(kb, step_style="split")
    assert taper.comparison[0].cumulative_prednisone_mg == 2600
    assert taper.cumulative_prednisone_mg > 2600
    assert taper.step_style == "split"


def test_another_condition_shows_no_hepatitis_speed_and_repeats_whose_schedule_it_is(kb: KnowledgeBase) -> None:
    own = {"step_mg": {"prednisone": 5}, "floor_mg": {"prednisone": 10}}
    taper = granted(request(drug_doses={"prednisone": 20}, condition="lupus_nephritis", **own), kb)
    assert taper.comparison == ()
    assert "OWN_SCHEDULE" in codes(taper.advice)
    assert "FLOOR_INFERRED" not in codes(taper.advice)
    assert {"S07", "S09"}.isdisjoint(taper.citations)
    assert taper.option_id is None


def test_keeping_azathioprine_is_mentioned_where_it_would_be_lowered(kb: KnowledgeBase) -> None:
    assert codes(combination(kb).advice)[3:] == ["FLOOR_INFERRED", "AZATHIOPRINE_MAY_STAY"]
    assert codes(granted(request(drug_doses={"prednisone": 60}), kb).advice)[3:] == ["FLOOR_INFERRED"]


def test_a_request_lowers_azathioprine_on_the_curve_of_the_source(kb: KnowledgeBase) -> None:
    taper = granted(request(drug_doses={"prednisone": 30, "azathioprine": 100}), kb)
    assert [step.doses["azathioprine"] for step in taper.steps] == [100, 100, 50]


def test_a_step_of_the_clinician_counts_from_the_start_dose(kb: KnowledgeBase) -> None:
    taper = granted(request(drug_doses={"prednisone": 30, "azathioprine": 100}, step_mg={"azathioprine": 25}), kb)
    assert [step.doses["azathioprine"] for step in taper.steps] == [100, 75, 50]
    assert {"OWN_SCHEDULE", "FLOOR_INFERRED"} <= set(codes(taper.advice))


def test_a_floor_of_the_clinician_is_not_called_inferred(kb: KnowledgeBase) -> None:
    taper = granted(request(floor_mg={"prednisone": 15}), kb)
    assert taper.floor == {"prednisone": 15, "azathioprine": 50}
    assert "FLOOR_INFERRED" not in codes(taper.advice)
    assert "OWN_SCHEDULE" in codes(taper.advice)


def test_an_option_without_a_schedule_has_none(kb: KnowledgeBase) -> None:
    with pytest.raises(KeyError):
        schedule_option("third_line", {"prednisone": D(30)}, None, date(2026, 3, 10), kb)


def test_every_ground_of_a_schedule_can_be_resolved(kb: KnowledgeBase) -> None:
    taper = combination(kb, strengths=(("prednisone", (D(7),)),), weight=None, azathioprine=175)
    remarks = (*taper.advice, *(flag for step in taper.steps for flag in step.flags))
    grounds = [taper.citations, *(item.citations for item in remarks), *(item.citations for item in taper.comparison)]
    cited = {cite for ids in grounds for cite in ids}
    assert cited <= kb.citations.keys()


def test_days_beyond_the_horizon_count_nothing(kb: KnowledgeBase) -> None:
    taper = granted(request(horizon_days=40), kb)
    assert [step.days for step in taper.steps] == [31, 9, 0]
    assert taper.cumulative_prednisone_mg == 31 * 30 + 9 * 20
    assert taper.steps[-1].total_tablets["prednisone"] == ()


OPTIONS = st.sampled_from(["prednisone_azathioprine", "prednisone_monotherapy"])
HORIZONS = st.integers(1, 1830)
AZATHIOPRINE = st.integers(1, 6).map(lambda count: D(25 * count))


def doses_of(option: OptionId, prednisone: Decimal, azathioprine: Decimal) -> dict[str, Decimal]:
    both = {"prednisone": prednisone, "azathioprine": azathioprine}
    return both if option == "prednisone_azathioprine" else {"prednisone": prednisone}


@given(
    OPTIONS,
    st.integers(10, 60).map(D),
    AZATHIOPRINE,
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    HORIZONS,
    st.sampled_from(["monthly", "split"]),
)
def test_totals_agree_with_the_sum_of_the_days(
    kb: KnowledgeBase,
    option: OptionId,
    prednisone: Decimal,
    azathioprine: Decimal,
    start: date,
    horizon: int,
    style: Any,
) -> None:
    doses = doses_of(option, prednisone, azathioprine)
    sent = {drug: int(mg) for drug, mg in doses.items()}
    asked = request(drug_doses=sent, weight_kg=None, start_on=start.isoformat(), step_style=style, horizon_days=horizon)
    taper = granted(asked, kb)
    sums = dict.fromkeys(doses, D(0))
    for day in (start + timedelta(days=count) for count in range(horizon)):
        step = next(step for step in reversed(taper.steps) if step.starts_on <= day)
        for drug, mg in step.doses.items():
            sums[drug] += mg
    assert taper.total_mg == sums
    assert taper.cumulative_prednisone_mg == sums["prednisone"]
    assert {drug: mg_of(tablets) for drug, tablets in taper.total_tablets.items()} == sums
    assert sum(step.days for step in taper.steps) == horizon


def mg_of(tablets: tuple[TabletCount, ...]) -> Decimal:
    return sum((item.strength_mg * item.count for item in tablets), D(0))


@given(OPTIONS, st.integers(1, 80).map(D), AZATHIOPRINE, st.sampled_from(["monthly", "split"]))
def test_no_drug_ever_goes_up_or_below_its_floor(
    kb: KnowledgeBase, option: OptionId, prednisone: Decimal, azathioprine: Decimal, style: Any
) -> None:
    doses = doses_of(option, prednisone, azathioprine)
    taper = schedule_option(option, doses, D(70), date(2026, 3, 10), kb, Choices(step_style=style))
    for drug in doses:
        way = [step.doses[drug] for step in taper.steps]
        assert way == sorted(way, reverse=True)
        assert way[-1] == taper.floor[drug] > 0
        assert all(before - after <= taper.step_mg[drug] for before, after in pairwise(way))


@given(OPTIONS, st.integers(1, 80).map(D), AZATHIOPRINE)
def test_the_same_question_has_the_same_bytes(
    kb: KnowledgeBase, option: OptionId, prednisone: Decimal, azathioprine: Decimal
) -> None:
    doses = doses_of(option, prednisone, azathioprine)
    answers = {schedule_option(option, doses, D(70), date(2026, 3, 10), kb).model_dump_json() for _ in range(2)}
    assert len(answers) == 1
