"""Planned withdrawal of tacrolimus."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.base import KnowledgeBase
from tests.taper.asked import granted, refused, withdrawal

D = Decimal


def codes(kb: KnowledgeBase, **changes: object) -> set[str]:
    return {item.code for item in granted(withdrawal(**changes), kb).advice}


def test_the_dose_falls_by_half_a_milligram_in_even_steps(kb: KnowledgeBase) -> None:
    taper = granted(withdrawal(), kb)
    assert [step.doses["tacrolimus"] for step in taper.steps] == [4, 3.5, 3, 2.5, 2, 1.5, 1, 0.5]
    lengths = [(step.ends_on - step.starts_on).days + 1 for step in taper.steps if step.ends_on]
    assert lengths == [step.days for step in taper.steps] == [7, 8, 7, 8, 7, 8, 7, 8]


def test_the_last_level_lasts_to_the_agreed_day_and_no_stop_is_proposed(kb: KnowledgeBase) -> None:
    taper = granted(withdrawal(), kb)
    last = taper.steps[-1]
    assert (last.ends_on, last.status, taper.floor) == (date(2026, 3, 31), "floor", {"tacrolimus": D("0.5")})
    assert "STOP_IS_A_DECISION" in codes(kb)


def test_a_dose_that_no_capsules_make_starts_at_the_next_lower_one(kb: KnowledgeBase) -> None:
    taper = granted(withdrawal(drug_doses={"tacrolimus": 1.75}), kb)
    assert [step.doses["tacrolimus"] for step in taper.steps] == [D("1.5"), 1, D("0.5")]
    assert [[flag.code for flag in step.flags] for step in taper.steps] == [["DOSE_ROUNDED_TO_TABLETS"], [], []]


def test_a_dose_between_two_steps_first_falls_to_a_whole_step(kb: KnowledgeBase) -> None:
    own = {"step_mg": {"tacrolimus": 1}, "override_reason": "availability"}
    taper = granted(withdrawal(drug_doses={"tacrolimus": 2.5}, **own), kb)
    assert [step.doses["tacrolimus"] for step in taper.steps] == [D("2.5"), 2, 1]


def test_a_withdrawal_that_capsules_cannot_take_a_step_of_is_refused(kb: KnowledgeBase) -> None:
    coarse = {"tablet_strengths": {"tacrolimus": [1]}}
    assert [(item.code, item.pointer) for item in refused(withdrawal(**coarse), kb)] == [
        ("TACROLIMUS_TAPER_TOO_SHORT", "/step_mg")
    ]
    whole = {"step_mg": {"tacrolimus": 1}, "override_reason": "availability"}
    taper = granted(withdrawal(**coarse, **whole), kb)
    assert [step.doses["tacrolimus"] for step in taper.steps] == [4, 3, 2, 1]


@pytest.mark.parametrize("relapses", [2, 3])
def test_repeated_relapses_propose_a_low_dose_without_end(relapses: int, kb: KnowledgeBase) -> None:
    last = granted(withdrawal(relapse_count=relapses), kb).steps[-1]
    assert (last.doses, last.ends_on) == ({"tacrolimus": D("0.5")}, None)
    assert "PROPOSE_INDEFINITE_LOW_DOSE" in codes(kb, relapse_count=relapses)


@pytest.mark.parametrize(("relapses", "code"), [(0, None), (1, "RELAPSED_BEFORE"), (None, "RELAPSE_COUNT_UNKNOWN")])
def test_fewer_relapses_keep_the_end_date(relapses: int | None, code: str | None, kb: KnowledgeBase) -> None:
    assert granted(withdrawal(relapse_count=relapses), kb).steps[-1].ends_on == date(2026, 3, 31)
    told = codes(kb, relapse_count=relapses) & {
        "RELAPSED_BEFORE",
        "RELAPSE_COUNT_UNKNOWN",
        "PROPOSE_INDEFINITE_LOW_DOSE",
    }
    assert told == ({code} if code else set())


def test_a_patient_who_already_takes_the_lowest_dose_stays_on_it_after_relapses(kb: KnowledgeBase) -> None:
    (step,) = granted(withdrawal(drug_doses={"tacrolimus": 0.5}, relapse_count=2), kb).steps
    assert (step.status, step.ends_on) == ("floor", None)


def test_the_calendar_runs_every_two_weeks_then_monthly_then_quarterly(kb: KnowledgeBase) -> None:
    visits = granted(withdrawal(), kb).visits
    assert [visit.due_on.isoformat() for visit in visits] == [
        "2026-02-14",
        "2026-02-28",
        "2026-03-14",
        "2026-03-28",
        "2026-04-30",
        "2026-05-30",
        "2026-06-30",
        "2026-07-30",
        "2026-08-30",
        "2026-09-30",
        "2026-12-30",
        "2027-03-30",
    ]
    safety = {"tacrolimus_level", "creatinine", "potassium", "magnesium", "glucose"}
    assert set(visits[0].analytes) == {*visits[-1].analytes} | safety
    assert {"ast", "alt", "igg"} <= set(visits[-1].analytes)
    assert safety.isdisjoint(visits[-1].analytes)
    assert [visit.phase for visit in visits] == [
        *["during the withdrawal"] * 4,
        *["monthly after the withdrawal"] * 6,
        *["every 3 months from here on"] * 2,
    ]


def test_a_visit_on_the_last_day_counts_as_during(kb: KnowledgeBase) -> None:
    visits = granted(withdrawal(start_on="2026-03-01", end_on="2026-04-12"), kb).visits
    assert [visit.due_on for visit in visits if visit.phase == "during the withdrawal"][-1] == date(2026, 4, 12)


def test_another_condition_is_followed_by_its_own_markers(kb: KnowledgeBase) -> None:
    own = {"step_mg": {"tacrolimus": 1}, "floor_mg": {"tacrolimus": 1}}
    taper = granted(withdrawal(condition="lupus_nephritis", **own), kb)
    assert {"creatinine", "upcr"} <= set(taper.visits[0].analytes)
    assert taper.step_mg == taper.floor == {"tacrolimus": 1}
    assert len(set(taper.visits[0].analytes)) == len(taper.visits[0].analytes)
    assert [step.doses["tacrolimus"] for step in taper.steps] == [4, 3, 2, 1]
    assert "OWN_SCHEDULE" in {item.code for item in taper.advice}


def test_a_marker_without_a_laboratory_test_is_named_by_its_title(kb: KnowledgeBase) -> None:
    own = {"step_mg": {"tacrolimus": 1}, "floor_mg": {"tacrolimus": 1}}
    visit = granted(withdrawal(condition="myasthenia_gravis", **own), kb).visits[-1]
    assert "Forced vital capacity and inspiratory force" in visit.analytes


def test_a_floor_that_no_capsules_make_ends_the_way_above_it(kb: KnowledgeBase) -> None:
    taper = granted(withdrawal(drug_doses={"tacrolimus": 2}, floor_mg={"tacrolimus": 0.25}), kb)
    assert [step.doses["tacrolimus"] for step in taper.steps] == [2, 1.5, 1, 0.5]
    assert [flag.code for flag in taper.steps[-1].flags] == ["STEP_NOT_MAKEABLE"]
    assert [step.status for step in taper.steps] == ["current", "projected", "projected", "projected"]


def test_a_floor_below_the_step_is_reached_over_every_whole_step(kb: KnowledgeBase) -> None:
    small = {"tablet_strengths": {"tacrolimus": [0.25, 0.5, 1]}}
    taper = granted(withdrawal(drug_doses={"tacrolimus": 2}, floor_mg={"tacrolimus": 0.25}, **small), kb)
    assert [step.doses["tacrolimus"] for step in taper.steps] == [2, 1.5, 1, 0.5, 0.25]
    assert [step.starts_on.isoformat() for step in taper.steps] == [
        "2026-01-31",
        "2026-02-12",
        "2026-02-24",
        "2026-03-08",
        "2026-03-20",
    ]


def test_a_withdrawal_names_its_sources_and_its_minimum(kb: KnowledgeBase) -> None:
    taper = granted(withdrawal(), kb)
    assert {"S28", "S29", "S30", "C20"} <= set(taper.citations)
    assert "ONE_MONTH_IS_THE_MINIMUM" in codes(kb)
    assert taper.cumulative_prednisone_mg == 0
    assert taper.comparison == ()


@given(st.integers(1, 12), st.integers(31, 400), st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_every_level_lasts_about_as_long_as_the_others(kb: KnowledgeBase, halves: int, days: int, start: date) -> None:
    end = start + timedelta(days=days)
    asked = {"drug_doses": {"tacrolimus": halves / 2}, "start_on": start.isoformat(), "end_on": end.isoformat()}
    taper = granted(withdrawal(**asked, horizon_days=1830), kb)
    lengths = [step.days for step in taper.steps]
    assert sum(lengths) == days + 1
    assert max(lengths) - min(lengths) <= 1
    assert all(step.tablets["tacrolimus"] for step in taper.steps)
