"""The treatment that is followed, as a plan shows it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.clinical.option import Option
from app.clinical.plan import PlanContent
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from app.planning.following import begin, ceilings, progress
from tests.builders import episode, lab
from tests.treatment import NORMAL, START, Treatment, treatment, visit


def named(plan: PlanContent, option_id: str) -> Option:
    return next(option for option in plan.options if option.id == option_id)


def begun(kb: KnowledgeBase, option_id: str, **changes: Any) -> Any:
    facts = prepare_facts(episode(**changes), kb)
    option = named(decide(episode(**changes), kb), option_id)
    return begin(option, facts, kb, accepted=True, recommended="prednisone_azathioprine", visits=(visit(0), visit(1)))


def changed(known: Treatment, **changes: Any) -> Treatment:
    return Treatment(known.kb, known.changes | changes, known.values, known.course)


def test_what_begins_holds_the_levels_and_findings_of_that_day(kb: KnowledgeBase) -> None:
    found = begun(kb, "prednisone_azathioprine", flare={"findings": ["jaundice"]}, site={"step_style": "split"})
    assert (found.start_on, found.findings, found.step_style) == (START, ("jaundice",), "split")
    assert [level.doses["prednisone"] for level in found.path][:2] == [30, 25]
    assert found.visits_before == 1


def test_unknown_findings_and_a_missing_schedule_begin_as_such(kb: KnowledgeBase) -> None:
    assert begun(kb, "prednisone_azathioprine", flare=None).findings is None
    assert begun(kb, "add_mycophenolate", condition={"context": "failure_on_therapy"}).path == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"azathioprine": Decimal(150)}),
        ({"patient": {"weight_kg": 58}}, {"azathioprine": Decimal(100)}),
        ({"patient": {"weight_kg": None}}, {}),
    ],
)
def test_a_ceiling_is_known_with_the_weight(
    changes: dict[str, Any], expected: dict[str, Decimal], kb: KnowledgeBase
) -> None:
    assert ceilings(prepare_facts(episode(**changes), kb), kb) == expected


def test_before_treatment_there_is_no_progress(kb: KnowledgeBase) -> None:
    assert progress(prepare_facts(episode(), kb)) is None
    assert decide(episode(), kb).progress is None


def test_progress_tells_the_option_the_day_and_the_steps(kb: KnowledgeBase) -> None:
    told = treatment(kb).seen("2026-04-10", NORMAL).plan.progress
    assert told is not None
    assert (told.option_id, told.accepted, told.started_on, told.day) == ("prednisone_azathioprine", True, START, 31)
    assert (told.response, len(told.steps), len(told.visits)) == ("complete_response", 1, 1)


def test_progress_of_a_treatment_that_is_not_known_tells_only_what_was_seen(kb: KnowledgeBase) -> None:
    told = treatment(kb, screening={"infection_suspected": None}).seen(28, NORMAL).plan.progress
    assert told is not None
    assert (told.option_id, told.accepted, told.started_on, told.day) == (None, False, None, None)
    assert len(told.visits) == 1


def test_trends_begin_with_the_baseline_of_the_treatment(kb: KnowledgeBase) -> None:
    earlier = [lab("alt", 20, "U/L", "2026-01-01"), lab("alt", 90, "U/L", "2026-03-01")]
    known = treatment(kb).seen(14, {"alt": 96, "albumin": None}, more_labs=earlier)
    told = known.plan.progress
    assert told is not None
    trends = {trend.analyte: trend for trend in told.trends}
    assert set(trends) == {"ast", "alt", "bilirubin_total", "inr", "albumin", "igg"}
    assert [point.value for point in trends["alt"].points] == [160, 96]
    assert [point.collected_on for point in trends["alt"].points] == [START, date(2026, 3, 24)]
    assert [point.x_uln for point in trends["alt"].points] == [Decimal("4.57"), Decimal("2.74")]
    assert [point.x_uln for point in trends["albumin"].points] == [None]


def test_a_test_without_a_baseline_has_its_first_result_and_one_without_results_no_trend(kb: KnowledgeBase) -> None:
    known = treatment(kb, values={"igg": None, "inr": None}).seen(14, {"igg": 18})
    told = known.plan.progress
    assert told is not None
    trends = {trend.analyte: [point.value for point in trend.points] for trend in told.trends}
    assert trends["igg"] == [1800]
    assert "inr" not in trends


def test_the_schedule_that_is_followed_is_shown_not_the_one_of_a_fresh_start(kb: KnowledgeBase) -> None:
    taper = treatment(kb, "prednisone_monotherapy").seen(14, {"alt": 96}).plan.taper
    assert taper is not None
    assert (taper.option_id, taper.steps[0].starts_on) == ("prednisone_monotherapy", START)


@pytest.mark.parametrize(
    "change",
    [
        {"medications": [{"drug": "allopurinol"}]},
        {"patient": {"weight_kg": None}},
        {"condition": {"graft": "liver"}},
        {"flare": {"findings": ["encephalopathy"]}},
    ],
)
def test_no_schedule_is_shown_where_the_treatment_may_not_go_on_as_it_is(
    change: dict[str, Any], kb: KnowledgeBase
) -> None:
    plan = changed(treatment(kb).seen(14, {"alt": 96}), **change).plan
    assert plan.taper is None or plan.taper.option_id != "prednisone_azathioprine"
    assert "STEROID_UNDER_WAY" in [alert.code for alert in plan.alerts]


def test_where_data_are_missing_the_schedule_is_shown_as_it_was(kb: KnowledgeBase) -> None:
    plan = changed(treatment(kb).seen("2026-04-10", NORMAL), labs=[]).plan
    assert plan.disposition == "insufficient_data"
    assert plan.taper is not None
    assert [step.status for step in plan.taper.steps] == ["done", "current", "projected"]
    assert [item.code for item in plan.monitoring][:1] == ["liver_labs_monthly"]


def test_tablets_never_change_a_dose_that_is_taken(kb: KnowledgeBase) -> None:
    known = treatment(kb).seen("2026-04-10", NORMAL)
    plan = changed(known, site={"tablet_strengths": {"prednisone": [16]}}).plan
    assert [item.dose_mg_per_day for item in named(plan, "prednisone_azathioprine").medications] == [20, 100]
    assert plan.taper is not None
    assert "DOSE_NOT_MAKEABLE" in [flag.code for flag in plan.taper.steps[1].flags]


def test_in_remission_a_treatment_under_way_goes_on(kb: KnowledgeBase) -> None:
    known = treatment(kb).seen(28, NORMAL)
    remission = {"context": "in_remission", "remission_started_on": "2026-04-07"}
    plan = changed(known, condition=remission).plan
    assert named(plan, "prednisone_azathioprine").standing == "recommended"
    assert plan.taper is not None
    assert [item.code for item in plan.monitoring][:2] == ["liver_labs_monthly", "cbc_twice_monthly"]


def test_an_infection_withholds_the_doses_and_the_tests_go_on(kb: KnowledgeBase) -> None:
    plan = changed(treatment(kb).seen(14, {"alt": 96}), screening={"infection_suspected": True}).plan
    assert named(plan, "prednisone_azathioprine").standing == "blocked"
    assert [item.code for item in plan.monitoring][:2] == ["liver_labs", "cbc_weekly"]


def test_what_is_taken_is_watched_beside_what_is_recommended(kb: KnowledgeBase) -> None:
    worked = {"response": "complete", "stop_reason": "planned_withdrawal", "indication_still_valid": True}
    plan = treatment(kb, tacrolimus=worked).seen(28, {"alt": 120}).plan
    assert named(plan, "tacrolimus_restart").standing == "recommended"
    watched = {item.code for item in plan.monitoring}
    assert {"cbc_twice_monthly", "tacrolimus_trough", "glucose"} <= watched


def test_a_dose_above_the_start_of_another_option_counts_as_the_running_steroid(kb: KnowledgeBase) -> None:
    plan = treatment(kb, "prednisone_monotherapy").seen(28, {"alt": 120}).plan
    combination = named(plan, "prednisone_azathioprine")
    assert combination.standing == "conditional"
    assert [item.code for item in combination.conditions] == ["CURRENT_STEROID_HIGHER"]
    assert combination.medications[0].dose_mg_per_day is None


def test_the_option_that_is_followed_shows_no_schedule_of_a_fresh_start(kb: KnowledgeBase) -> None:
    plan = treatment(kb).seen("2026-04-10", NORMAL).plan
    option = named(plan, "prednisone_azathioprine")
    assert option.taper is not None
    assert [step.doses["prednisone"] for step in option.taper.steps if step.status == "current"] == [20]
    assert option.taper == plan.taper


def test_an_option_that_is_not_followed_keeps_the_schedule_of_its_start(kb: KnowledgeBase) -> None:
    option = named(treatment(kb).seen(28, {"alt": 150}).plan, "prednisone_monotherapy")
    assert option.taper is not None
    assert [step.doses["prednisone"] for step in option.taper.steps] == [60, 50, 40, 30, 20]
