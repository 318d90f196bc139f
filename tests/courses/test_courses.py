"""Whole courses of treatment over HTTP: remission, slow remission, non-response, urgency, relapse, override."""

import httpx

from tests.builders import labs
from tests.courses.driver import COMBINATION, IMPROVING, NORMAL, Course, codes, option

REASON = {"gate": "biochemical_remission", "reason_code": "clinical_judgement"}


def gates(answer: dict[str, object]) -> dict[str, object]:
    """Return each gate of an assessment with whether it is met."""
    gate = answer["assessment"]["taper_gate"]  # type: ignore[index]
    return {item["code"]: item["met"] for item in gate["gates"]}


def decided(answer: dict[str, object]) -> object:
    """Return what the gates of an assessment allow."""
    return answer["assessment"]["taper_gate"]["decision"]  # type: ignore[index]


def responded(answer: dict[str, object]) -> object:
    """Return the response that an assessment found."""
    return answer["assessment"]["response"]  # type: ignore[index]


def test_remission_leads_down_step_by_step_to_the_floor_and_no_further(client: httpx.Client) -> None:
    course = Course(client)
    assert course.accept()["plan"]["status"] == "accepted"
    assert responded(course.assess("2026-03-24", NORMAL)) == "complete_response"
    assert course.dose_today() == {"prednisone": 30, "azathioprine": 150}
    for day, doses in (
        ("2026-04-10", {"prednisone": 20, "azathioprine": 100}),
        ("2026-05-10", {"prednisone": 10, "azathioprine": 50}),
    ):
        assert decided(course.assess(day, NORMAL)) == "step"
        assert (course.plan["status"], course.dose_today()) == ("accepted", doses)
    assert decided(course.assess("2026-06-10", NORMAL)) == "floor"
    assert course.dose_today() == {"prednisone": 10, "azathioprine": 50}
    assert [plan["status"] for plan in course.plans()] == ["superseded"] * 4 + ["accepted"]


def test_the_day_before_a_step_is_due_nothing_steps(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    answer = course.assess("2026-04-09", NORMAL)
    assert (decided(answer), gates(answer)["date_reached"]) == ("hold", False)


def test_slow_remission_is_held_then_reviewed_then_stepped_with_a_reason(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    assert responded(course.assess("2026-03-24", IMPROVING)) == "indeterminate"
    held = course.assess("2026-04-10", IMPROVING | {"alt": 60})
    assert (responded(held), decided(held), gates(held)["biochemical_remission"]) == ("response", "hold", False)
    assert decided(course.assess("2026-05-09", IMPROVING | {"alt": 50})) == "hold"
    reviewed = course.assess("2026-05-10", IMPROVING | {"alt": 50})
    assert decided(reviewed) == "review"
    assert {"HOLD_REVIEW"} <= codes(reviewed["assessment"]["findings"]) & codes(course.plan["alerts"])
    assert course.dose_today() == {"prednisone": 30, "azathioprine": 150}
    stepped = course.decide(action="override", override=REASON)
    assert course.dose_today() == {"prednisone": 20, "azathioprine": 100}
    assert stepped["decision"]["override"]["reason_code"] == "clinical_judgement"
    assert course.plan["progress"]["steps"][-1]["by"] == "override"


def test_an_override_is_sent_with_the_assessment_too(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    answer = course.assess("2026-04-10", IMPROVING, override=REASON)
    assert (decided(answer), gates(answer)["biochemical_remission"]) == ("step", False)
    assert course.dose_today() == {"prednisone": 20, "azathioprine": 100}


def test_no_reason_opens_a_step_on_old_results(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    course.assess("2026-03-27", IMPROVING)
    refused = course.decide(409, action="override", override=REASON, decided_on="2026-04-11")
    assert (refused["code"], codes(refused["errors"])) == ("PLAN_EXPIRED", {"PLAN_EXPIRED"})
    refused = course.decide(409, action="override", override=REASON, decided_on="2026-04-09")
    assert refused["code"] == "STEP_NOT_OPEN"
    assert "date_reached" in codes(refused["errors"])
    assert len(course.plans()) == 2


def test_non_response_leads_to_the_second_line_and_is_not_forgotten_there(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    answer = course.assess("2026-04-07", {"alt": 140, "ast": 110}, adherence_confirmed=None)
    assert responded(answer) == "non_response"
    assert "ASK_ADHERENCE" in codes(answer["assessment"]["findings"])
    assert option(course.plan, "add_mycophenolate")["standing"] == "alternative"
    assert "add_mycophenolate" in [item["option_id"] for item in course.plan["escalation"]]
    course.accept("add_mycophenolate")
    later = course.assess("2026-04-21", {"alt": 100, "ast": 80})
    assert later["assessment"]["option_id"] == "add_mycophenolate"
    assert option(course.plan, COMBINATION)["standing"] != "recommended"
    assert later["assessment"]["changes"] == []


def test_the_steroid_goes_on_when_the_second_line_is_added(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    course.assess("2026-04-07", {"alt": 140, "ast": 110})
    course.accept("add_mycophenolate")
    course.assess("2026-04-21", {"alt": 100, "ast": 80})
    assert course.dose_today() == {"prednisone": 30}
    assert "STEROID_UNDER_WAY" in codes(course.plan["alerts"])


def test_an_urgent_rise_calls_the_transplant_centre_whatever_the_day(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    answer = course.assess("2026-03-13", {"bilirubin_total": 1.4, "alt": 100})
    assert responded(answer) == "escalate_urgent"
    met = {item["code"] for item in course.plan["transplant"]["triggers"] if item["met"]}
    assert (course.plan["transplant"]["refer"], "escalate_urgent" in met) == (True, True)
    assert course.plan["referral"]["target"] == "transplant_centre"


def test_a_relapse_after_remission_is_told_and_the_dose_is_not_raised_by_itself(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    course.assess("2026-04-10", NORMAL)
    answer = course.assess("2026-05-10", {"alt": 120, "ast": 40, "igg": 15})
    assert (responded(answer), decided(answer)) == ("relapse", "hold")
    assert course.dose_today() == {"prednisone": 20, "azathioprine": 100}
    assert [item for item in course.plan["options"] if item["standing"] == "recommended"] == []


def test_without_an_accepted_option_the_recommended_one_is_assumed_and_said(client: httpx.Client) -> None:
    course = Course(client)
    answer = course.assess("2026-04-10", NORMAL)
    assert "OPTION_ASSUMED" in codes(answer["assessment"]["findings"])
    assert course.plan["status"] == "draft"
    accepted = course.accept()
    assert accepted["plan"]["status"] == "accepted"
    course.assess("2026-04-12", NORMAL)
    assert course.plan["progress"]["started_on"] == "2026-03-10"


def test_results_that_come_late_are_read_again_and_the_answer_says_what_changed(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    early = course.assess("2026-03-24", {"alt": None, "ast": None, "igg": None, "bilirubin_total": 0.9})
    assert responded(early) == "not_interpretable"
    late = course.assess("2026-03-25", {}, labs=labs("2026-03-24", **NORMAL))
    assert late["assessment"]["changes"][0] == {
        "assessed_on": "2026-03-24",
        "field": "response",
        "was": "not_interpretable",
        "now": "complete_response",
    }


def test_a_backdated_assessment_changes_no_dose(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    course.assess("2026-04-12", IMPROVING)
    answer = course.assess("2026-04-10", NORMAL)
    assert decided(answer) == "hold"
    assert (course.plan["as_of"], course.dose_today()) == ("2026-04-12", {"prednisone": 30, "azathioprine": 150})


def test_the_same_assessment_sent_twice_steps_once_and_keeps_each_result_once(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    course.assess("2026-04-10", NORMAL)
    assert decided(course.assess("2026-04-10", NORMAL)) == "hold"
    assert course.dose_today() == {"prednisone": 20, "azathioprine": 100}
    kept = client.get(f"/v1/episodes/{course.id}").json()["labs"]
    assert len(kept) == 2 * len(labs())


def test_a_new_inhibitor_takes_the_accepted_tacrolimus_back_to_a_draft_at_once(client: httpx.Client) -> None:
    good = {"response": "complete", "indication_still_valid": True, "stop_reason": "planned_withdrawal"}
    course = Course(client, tacrolimus=good, condition={"context": "failure_on_therapy"})
    assert option(course.plan, "tacrolimus_restart")["standing"] == "recommended"
    course.accept("tacrolimus_restart")
    course.change({"medications": [{"drug": "clarithromycin", "dose_mg_per_day": 500}]})
    assert option(course.plan, "tacrolimus_restart")["standing"] == "blocked"
    assert "CYP3A_INHIBITOR" in codes(option(course.plan, "tacrolimus_restart")["blocks"])
    alert = next(item for item in course.plan["alerts"] if item["code"] == "CYP3A_INHIBITOR")
    assert (alert["severity"], alert["rule"]) == ("critical", "treatment_blocked")
    assert course.plan["headline"].startswith("Restart tacrolimus is followed and must not go on as it is")
    assert course.plan["status"] == "draft"
    assert course.plans()[0]["superseded_by"] == course.plan["id"]


def test_allopurinol_under_azathioprine_is_an_alert_at_once(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    course.change({"medications": [{"drug": "allopurinol", "dose_mg_per_day": 100}]})
    assert "XANTHINE_OXIDASE_INHIBITOR" in codes(course.plan["alerts"])
    assert course.plan["status"] == "draft"


def test_a_change_that_leaves_the_accepted_option_alone_keeps_it_accepted(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    course.change({"comorbidities": ["hypertension"]})
    assert (course.plan["status"], course.plan["revision"]) == ("accepted", 2)
