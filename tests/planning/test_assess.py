"""Whole courses, worked out by hand: what each visit finds, and where the doses go."""

from datetime import date
from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from tests.builders import lab
from tests.treatment import NORMAL, Treatment, treatment

STEP_ON_IMPROVEMENT = {"gate": "biochemical_remission", "reason_code": "clinical_judgement"}
BETTER = {"alt": 60, "ast": 50, "igg": 17}


def decision(course: Treatment) -> str:
    assert course.assessment is not None
    assert course.assessment.taper_gate is not None
    return course.assessment.taper_gate.decision


def response(course: Treatment) -> str:
    assert course.assessment is not None
    return course.assessment.response


def open_gates(course: Treatment) -> dict[str, bool | None]:
    assert course.assessment is not None
    assert course.assessment.taper_gate is not None
    return {gate.code: gate.met for gate in course.assessment.taper_gate.gates}


def levels(course: Treatment) -> list[tuple[str, int, str]]:
    taper = course.plan.taper
    assert taper is not None
    return [(step.starts_on.isoformat(), int(step.doses["prednisone"]), step.status) for step in taper.steps]


def shown(course: Treatment) -> dict[str, Any]:
    option = next(item for item in course.plan.options if item.standing == "recommended")
    return {item.drug: item.dose_mg_per_day for item in option.medications}


def test_remission_each_month_leads_down_to_the_floor_and_no_further(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen(28, NORMAL)
    assert (response(course), decision(course)) == ("complete_response", "hold")
    taken = []
    for day in ("2026-04-10", "2026-05-10", "2026-06-10", "2026-12-10"):
        course = course.seen(day, NORMAL)
        taken.append((decision(course), shown(course)))
    assert taken == [
        ("step", {"prednisone": 20, "azathioprine": 100}),
        ("step", {"prednisone": 10, "azathioprine": 50}),
        ("floor", {"prednisone": 10, "azathioprine": 50}),
        ("floor", {"prednisone": 10, "azathioprine": 50}),
    ]
    assert levels(course) == [("2026-03-10", 30, "done"), ("2026-04-10", 20, "done"), ("2026-05-10", 10, "floor")]


def test_prednisone_alone_comes_down_by_ten_a_month_to_twenty(kb: KnowledgeBase) -> None:
    course, doses = treatment(kb, "prednisone_monotherapy"), []
    for day in ("2026-04-10", "2026-05-10", "2026-06-10", "2026-07-10", "2026-08-10"):
        course = course.seen(day, NORMAL)
        doses.append((decision(course), shown(course)["prednisone"]))
    assert doses == [("step", 50), ("step", 40), ("step", 30), ("step", 20), ("floor", 20)]


def test_a_month_from_the_end_of_january_is_thirty_days(kb: KnowledgeBase) -> None:
    begun = treatment(kb).course
    assert begun.following is not None
    moved = begun.model_copy(update={"following": begun.following.model_copy(update={"start_on": date(2026, 1, 31)})})
    course = Treatment(kb, treatment(kb).changes, {}, moved)
    assert decision(course.seen("2026-03-01", NORMAL)) == "hold"
    assert decision(course.seen("2026-03-02", NORMAL)) == "step"


def test_slow_remission_holds_and_moves_every_later_step(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen(14, {"alt": 96}).seen(28, BETTER).seen("2026-04-21", BETTER)
    assert decision(course) == "hold"
    assert levels(course)[1:] == [("2026-05-05", 20, "held"), ("2026-06-05", 10, "projected")]
    stepped = course.seen("2026-05-05", NORMAL)
    assert decision(stepped) == "step"
    assert levels(stepped)[1:] == [("2026-05-05", 20, "current"), ("2026-06-05", 10, "projected")]
    assert decision(stepped.seen("2026-06-04", NORMAL)) == "hold"


def test_a_late_visit_takes_one_step_never_two(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-08-20", NORMAL)
    assert shown(course) == {"prednisone": 20, "azathioprine": 100}
    assert decision(course.seen("2026-08-20", NORMAL)) == "hold"
    assert decision(course.seen("2026-09-19", NORMAL)) == "hold"
    assert decision(course.seen("2026-09-20", NORMAL)) == "step"


@pytest.mark.parametrize(
    ("option", "day", "expected"),
    [
        ("prednisone_azathioprine", 60, "hold"),
        ("prednisone_azathioprine", 61, "review"),
        ("prednisone_monotherapy", 30, "hold"),
        ("prednisone_monotherapy", 31, "review"),
    ],
)
def test_a_dose_held_too_long_is_reviewed(option: str, day: int, expected: str, kb: KnowledgeBase) -> None:
    assert decision(treatment(kb, option).seen(day, BETTER)) == expected


def test_forty_milligrams_may_be_held_for_sixty_days_from_the_day_they_began(kb: KnowledgeBase) -> None:
    course = treatment(kb, "prednisone_monotherapy").seen("2026-04-10", NORMAL).seen("2026-05-10", NORMAL)
    assert shown(course)["prednisone"] == 40
    assert decision(course.seen("2026-07-09", BETTER)) == "hold"
    assert decision(course.seen("2026-07-10", BETTER)) == "review"
    assert decision(course.seen("2026-07-10", NORMAL)) == "step"


def test_below_thirty_milligrams_a_hold_is_never_too_long(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-04-10", NORMAL).seen("2026-12-10", BETTER)
    assert decision(course) == "hold"


def test_without_a_response_after_four_weeks_the_second_line_opens(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen(28, {"alt": 81})
    assert response(course) == "non_response"
    standings = {option.id: option.standing for option in course.plan.options}
    assert standings["add_mycophenolate"] == "alternative"
    assert "recommended" not in standings.values()
    assert course.plan.headline.startswith("The transaminases did not fall by half")
    assert levels(course)[0] == ("2026-03-10", 30, "current")


def test_tacrolimus_that_worked_before_comes_first_after_a_failure(kb: KnowledgeBase) -> None:
    worked = {"response": "complete", "stop_reason": "planned_withdrawal", "indication_still_valid": True}
    course = treatment(kb, tacrolimus=worked).seen(28, {"alt": 81})
    assert [item.id for item in course.plan.options if item.standing == "recommended"] == ["tacrolimus_restart"]


def test_a_rising_inr_calls_for_the_transplant_centre_and_no_step(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-04-10", {**NORMAL, "inr": 1.21})
    assert (response(course), decision(course)) == ("escalate_urgent", "hold")
    assert open_gates(course)["no_worsening"] is False
    assert course.plan.headline.startswith("Escalate now")
    assert course.plan.transplant.refer is True
    assert course.plan.referral is not None
    assert course.plan.referral.target == "transplant_centre"


def test_a_relapse_is_told_and_no_dose_rises(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-04-10", NORMAL).seen("2026-05-11", {**NORMAL, "alt": 105.1})
    assert (response(course), decision(course)) == ("relapse", "hold")
    assert course.plan.headline.startswith("Relapse")
    assert [dose for _, dose, _ in levels(course)] == [30, 20, 10]
    assert not [option for option in course.plan.options if option.standing == "recommended"]


def test_a_lost_remission_holds_the_dose_and_starts_the_count_anew(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-04-10", NORMAL)
    assert course.plan.duration.reduction_eligible_on == date(2028, 4, 10)
    lost = course.seen("2026-05-10", {**NORMAL, "igg": 16.1})
    assert (response(lost), decision(lost)) == ("loss_of_remission", "hold")
    assert lost.plan.duration.reduction_eligible_on is None
    again = lost.seen("2026-05-24", NORMAL)
    assert (response(again), decision(again)) == ("complete_response", "step")
    assert again.plan.duration.reduction_eligible_on == date(2028, 5, 24)


@pytest.mark.parametrize(("day", "expected"), [("2026-09-09", "response"), ("2026-09-10", "insufficient_response")])
def test_six_calendar_months_without_complete_response_are_insufficient(
    day: str, expected: str, kb: KnowledgeBase
) -> None:
    course = treatment(kb).seen(day, {**NORMAL, "alt": 35.1})
    assert response(course) == expected
    offered = {option.id: option.standing for option in course.plan.options}["add_mycophenolate"]
    assert offered == ("alternative" if expected == "insufficient_response" else "not_indicated")


@pytest.mark.parametrize("day", [-3, 0, 6])
def test_before_the_first_week_is_over_nothing_is_read(day: int, kb: KnowledgeBase) -> None:
    course = treatment(kb).seen(day, {"alt": 100})
    assert (response(course), decision(course)) == ("not_interpretable", "hold")
    assert levels(course)[1][0] == "2026-04-10"


@pytest.mark.parametrize(("taken", "expected"), [("2026-03-27", "step"), ("2026-03-26", "hold")])
def test_results_count_for_a_step_for_fourteen_days(taken: str, expected: str, kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-04-10", NORMAL, taken=taken)
    assert decision(course) == expected
    assert open_gates(course)["labs_current"] is (expected == "step")


def test_one_old_result_among_new_ones_closes_the_gate(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-03-26", NORMAL).seen("2026-04-10", {**NORMAL, "igg": None})
    assert decision(course) == "hold"
    assert open_gates(course) == {
        "date_reached": True,
        "labs_current": False,
        "biochemical_remission": True,
        "no_worsening": True,
    }


@pytest.mark.parametrize("missing", ["alt", "ast", "igg"])
def test_a_missing_result_holds_and_no_reason_replaces_it(missing: str, kb: KnowledgeBase) -> None:
    values = {**NORMAL, "alt": 40, missing: None}
    begun = treatment(kb, values={missing: 30} if missing != "igg" else {"igg": None})
    course = begun.seen("2026-04-10", values, override=STEP_ON_IMPROVEMENT)
    assert decision(course) == "hold"
    assert open_gates(course)["biochemical_remission"] is not True


def test_a_result_without_the_laboratorys_limit_is_no_remission(kb: KnowledgeBase) -> None:
    bare = lab("igg", 15, "g/L", "2026-04-10")
    course = treatment(kb).seen("2026-04-10", {**NORMAL, "igg": None}, more_labs=[bare])
    assert response(course) == "response"
    assert (decision(course), open_gates(course)["biochemical_remission"]) == ("hold", None)


@pytest.mark.parametrize("override", [STEP_ON_IMPROVEMENT, {"reason_code": "patient_preference"}])
def test_a_reason_steps_on_improvement_and_stays_on_record(override: dict[str, str], kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-04-10", BETTER, override=override)
    assert decision(course) == "step"
    assert [(step.starts_on.isoformat(), step.by) for step in course.course.steps] == [("2026-04-10", "override")]
    progress = course.plan.progress
    assert progress is not None
    assert progress.visits[-1].override is not None


@pytest.mark.parametrize(
    ("values", "override"),
    [
        (BETTER, {"gate": "date_reached", "reason_code": "clinical_judgement"}),
        ({"alt": 145}, STEP_ON_IMPROVEMENT),
        ({**BETTER, "ast": 133}, STEP_ON_IMPROVEMENT),
        ({**BETTER, "bilirubin_total": 1.31}, STEP_ON_IMPROVEMENT),
    ],
)
def test_a_reason_for_another_gate_or_without_improvement_does_not_step(
    values: dict[str, Any], override: dict[str, str], kb: KnowledgeBase
) -> None:
    assert decision(treatment(kb).seen("2026-04-10", values, override=override)) == "hold"


def test_a_reason_does_not_step_while_a_test_rises_since_the_last_step(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-04-10", {**BETTER, "alt": 50}, override=STEP_ON_IMPROVEMENT)
    assert decision(course.seen("2026-05-10", {**BETTER, "alt": 56}, override=STEP_ON_IMPROVEMENT)) == "hold"
    assert decision(course.seen("2026-05-10", {**BETTER, "alt": 55}, override=STEP_ON_IMPROVEMENT)) == "step"


@pytest.mark.parametrize(("confirmed", "asked"), [(None, ["ASK_ADHERENCE"]), (False, ["ASK_ADHERENCE"]), (True, [])])
def test_adherence_is_asked_before_treatment_is_stepped_up(
    confirmed: bool | None, asked: list[str], kb: KnowledgeBase
) -> None:
    course = treatment(kb).seen(28, {}, adherence_confirmed=confirmed)
    assert course.assessment is not None
    assert [item.code for item in course.assessment.findings] == asked
    assert [item.code for item in course.plan.alerts if item.code == "ASK_ADHERENCE"] == asked


def test_where_the_drugs_are_not_taken_no_other_option_gets_a_dose(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen(28, {}, adherence_confirmed=False)
    others = [option for option in course.plan.options if option.id != "prednisone_azathioprine"]
    assert {option.standing for option in others} == {"conditional", "not_indicated"}
    assert not [item for option in others for item in option.medications if item.dose_mg_per_day is not None]


def test_a_finding_of_the_start_is_no_worsening_a_new_one_is(kb: KnowledgeBase) -> None:
    jaundiced = treatment(kb, flare={"findings": ["jaundice"]})
    assert decision(jaundiced.seen("2026-04-10", NORMAL, findings=["jaundice"])) == "step"
    assert decision(jaundiced.seen("2026-04-10", NORMAL, findings=["jaundice", "diarrhoea"])) == "hold"
    assert decision(jaundiced.seen("2026-04-10", NORMAL, findings=None)) == "hold"


def test_a_repeated_result_changes_nothing(kb: KnowledgeBase) -> None:
    once = treatment(kb).seen(14, {"alt": 96})
    same = [lab("alt", 96, "U/L", "2026-03-24", upper_limit_normal=35)]
    twice = treatment(kb).seen(14, {"alt": 96}, more_labs=same)
    assert once.assessment == twice.assessment


def test_a_result_sent_late_changes_how_an_earlier_visit_reads(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen(28, {**NORMAL, "igg": None})
    assert response(course) == "response"
    late = course.seen(30, more_labs=[lab("igg", 15, "g/L", "2026-04-07", upper_limit_normal=16)])
    assert response(late) == "complete_response"
    assert late.assessment is not None
    assert [(item.assessed_on.isoformat(), item.field, item.was, item.now) for item in late.assessment.changes] == [
        ("2026-04-07", "response", "response", "complete_response")
    ]
    assert [visit.response for visit in late.course.visits] == ["complete_response", "complete_response"]


def test_a_visit_is_read_on_what_the_earlier_ones_turn_out_to_be(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen(28, {**NORMAL, "igg": None})
    missing = lab("igg", 15, "g/L", "2026-04-07", upper_limit_normal=16)
    later = course.seen(60, {**NORMAL, "alt": 36}, more_labs=[missing])
    assert response(later) == "loss_of_remission"
    assert later.assessment is not None
    assert [item.now for item in later.assessment.changes] == ["complete_response"]


def test_a_visit_of_an_earlier_day_is_read_and_changes_no_dose(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-05-20", {"alt": 96})
    backdated = course.seen("2026-04-20", NORMAL)
    assert (response(backdated), decision(backdated)) == ("complete_response", "hold")
    assert all(open_gates(backdated).values())
    assert backdated.course.steps == ()
    assert [visit.on.isoformat() for visit in backdated.course.visits] == ["2026-04-20", "2026-05-20"]
    assert [visit.response for visit in backdated.course.visits] == ["complete_response", "loss_of_remission"]
    assert backdated.assessment is not None
    assert [item.now for item in backdated.assessment.changes] == ["loss_of_remission"]


def test_a_step_taken_on_results_that_turn_out_otherwise_is_told_and_stays_taken(kb: KnowledgeBase) -> None:
    course = treatment(kb).seen("2026-04-10", NORMAL, taken="2026-04-01")
    assert decision(course) == "step"
    late = course.seen("2026-04-24", NORMAL, more_labs=[lab("alt", 90, "U/L", "2026-04-08", upper_limit_normal=35)])
    assert late.assessment is not None
    assert [(item.field, item.was, item.now) for item in late.assessment.changes] == [
        ("response", "complete_response", "non_response"),
        ("taper_gate", "step", "hold"),
    ]
    assert shown(late) == {"prednisone": 20, "azathioprine": 100}
    once_more = late.seen("2026-05-01", NORMAL)
    assert once_more.assessment is not None
    assert once_more.assessment.changes == ()


@pytest.mark.parametrize(
    "change",
    [
        {"screening": {"infection_suspected": True}},
        {"medications": [{"drug": "allopurinol"}]},
        {"patient": {"weight_kg": None}},
    ],
)
def test_no_step_while_the_option_followed_is_blocked_or_short_of_a_dose(
    change: dict[str, Any], kb: KnowledgeBase
) -> None:
    course = treatment(kb)
    changed = Treatment(kb, course.changes | change, {}, course.course).seen("2026-04-10", NORMAL)
    assert decision(changed) == "hold"
    assert changed.course.steps == ()
    assert all(open_gates(changed).values())
    assert changed.plan.taper is None or levels(changed)[0][2] == "current"


def test_an_assessment_without_a_schedule_has_no_gate(kb: KnowledgeBase) -> None:
    course = treatment(kb, "add_mycophenolate", condition={"context": "failure_on_therapy"}).seen(28, {"alt": 70})
    assert course.assessment is not None
    assert (course.assessment.response, course.assessment.taper_gate) == ("response", None)


def test_without_any_option_the_results_are_read_and_nothing_is_said_of_a_day(kb: KnowledgeBase) -> None:
    course = treatment(kb, screening={"infection_suspected": None}).seen(28, NORMAL)
    assert course.assessment is not None
    assert (course.assessment.option_id, course.assessment.day) == (None, None)
    assert course.assessment.response == "complete_response"
    assert [item.code for item in course.assessment.findings] == ["OPTION_UNKNOWN"]


def test_response_is_read_in_hepatitis_only(kb: KnowledgeBase) -> None:
    course = treatment(kb, condition={"code": "lupus_nephritis"}).seen(28, NORMAL)
    assert response(course) == "not_interpretable"
