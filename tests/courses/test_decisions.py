"""Decisions over HTTP: what may be accepted, declined and overridden, and what is refused."""

import httpx
import pytest

from tests.courses.driver import COMBINATION, NORMAL, Course, codes

HEPATITIS_B = {"screening": {"hbsag": "positive"}}


def test_a_decision_is_kept_with_who_took_it_and_can_be_read_again(client: httpx.Client) -> None:
    course = Course(client)
    made = course.accept(note="Discussed with the patient.")
    assert (made["decision"]["decided_by"], made["decision"]["plan_id"]) == ("development", course.plan["id"])
    listed = client.get(f"/v1/episodes/{course.id}/decisions").json()
    assert listed == {"items": [made["decision"]], "next": None}


def test_one_option_is_accepted_at_a_time(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    assert course.decide(409, action="accept", option_id="prednisone_monotherapy")["code"] == "PLAN_ALREADY_ACCEPTED"
    assert course.decide(409, action="accept", option_id=COMBINATION)["code"] == "PLAN_ALREADY_ACCEPTED"
    assert course.decide(action="decline", option_id=COMBINATION)["plan"]["status"] == "draft"
    assert course.accept("prednisone_monotherapy")["plan"]["status"] == "accepted"


def test_an_option_that_is_not_indicated_cannot_be_accepted(client: httpx.Client) -> None:
    refused = Course(client).decide(409, action="accept", option_id="third_line")
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("OPTION_NOT_AVAILABLE", "/option_id")


def test_a_blocked_option_cannot_be_accepted_even_with_a_reason(client: httpx.Client) -> None:
    course = Course(client, pharmacogenetics={"tpmt": "poor"})
    refused = course.decide(409, action="accept", option_id=COMBINATION, override={"reason_code": "clinical_judgement"})
    assert refused["code"] == "OPTION_NOT_AVAILABLE"


def test_an_open_hard_gate_stops_acceptance_until_it_is_overridden_with_a_reason(client: httpx.Client) -> None:
    course = Course(client, **HEPATITIS_B)
    refused = course.decide(409, action="accept", option_id=COMBINATION)
    gate = refused["errors"][0]["code"]
    assert (refused["code"], gate in codes(course.plan["tasks"])) == ("HARD_GATE_OPEN", True)
    other = {"gate": "another", "reason_code": "specialist_advice"}
    assert course.decide(409, action="accept", option_id=COMBINATION, override=other)["code"] == "HARD_GATE_OPEN"
    named = {"gate": gate, "reason_code": "specialist_advice"}
    assert course.decide(action="accept", option_id=COMBINATION, override=named)["plan"]["status"] == "accepted"


def test_a_hard_gate_can_be_overridden_before_the_option_is_accepted(client: httpx.Client) -> None:
    course = Course(client, **HEPATITIS_B)
    gate = next(task["code"] for task in course.plan["tasks"] if task["gate"] == "hard")
    overridden = course.decide(action="override", override={"gate": gate, "reason_code": "specialist_advice"})
    assert (overridden["plan"]["status"], overridden["plan"]["revision"]) == ("draft", 1)
    assert course.accept()["plan"]["status"] == "accepted"


def test_every_hard_gate_of_an_option_can_be_overridden_before_it_is_accepted(client: httpx.Client) -> None:
    course = Course(client, **HEPATITIS_B)
    course.decide(action="override", option_id=COMBINATION, override={"reason_code": "specialist_advice"})
    other = course.decide(409, action="accept", option_id="prednisone_monotherapy")
    assert other["code"] == "HARD_GATE_OPEN"
    assert course.accept()["plan"]["status"] == "accepted"


def test_an_override_while_nothing_is_followed_and_no_gate_is_open_is_refused(client: httpx.Client) -> None:
    course = Course(client)
    sent = {"action": "override", "option_id": COMBINATION, "override": {"reason_code": "specialist_advice"}}
    assert course.decide(409, **sent)["code"] == "STEP_NOT_OPEN"
    assert client.get(f"/v1/episodes/{course.id}/decisions").json()["items"] == []


def test_an_option_declined_before_treatment_leaves_nothing_followed(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    course.decide(action="decline", option_id=COMBINATION)
    course.change({"comorbidities": ["hypertension"]})
    assert (course.plan["status"], course.plan["progress"]) == ("draft", None)


def test_a_start_that_moves_after_acceptance_moves_the_schedule_until_the_first_assessment(
    client: httpx.Client,
) -> None:
    course = Course(client)
    course.accept()
    course.change({"start_on": "2026-03-12"})
    assert course.plan["status"] == "accepted"
    assert list(course.doses()) == ["2026-03-12", "2026-04-12", "2026-05-12"]
    course.assess("2026-03-26", NORMAL)
    course.change({"start_on": "2026-03-30"})
    assert list(course.doses()) == ["2026-03-12", "2026-04-12", "2026-05-12"]


@pytest.mark.parametrize(("day", "status"), [("2026-03-24", 201), ("2026-03-25", 409)])
def test_a_plan_is_open_to_decisions_until_its_last_day(client: httpx.Client, day: str, status: int) -> None:
    answer = Course(client).decide(status, action="accept", option_id=COMBINATION, decided_on=day)
    assert answer.get("code") == (None if status == 201 else "PLAN_EXPIRED")


def test_a_decision_before_the_day_of_its_plan_is_refused(client: httpx.Client) -> None:
    refused = Course(client).decide(422, action="accept", option_id=COMBINATION, decided_on="2026-03-09")
    assert [fault["pointer"] for fault in refused["errors"]] == ["/decided_on"]


def test_a_superseded_plan_names_the_present_one(client: httpx.Client) -> None:
    course = Course(client)
    first = course.plan
    course.assess("2026-03-24", NORMAL)
    answer = client.post(f"/v1/plans/{first['id']}/decisions", json={"action": "accept", "option_id": COMBINATION})
    assert (answer.status_code, answer.json()["code"]) == (409, "PLAN_SUPERSEDED")
    assert course.plan["id"] in answer.json()["errors"][0]["message"]


def test_a_plan_declined_as_a_whole_is_withdrawn_and_nothing_is_due(client: httpx.Client) -> None:
    course = Course(client)
    assert course.decide(action="decline", reason_code="patient_preference")["plan"]["status"] == "withdrawn"
    assert client.get("/v1/worklist?until=2027-01-01").json()["items"] == []
    assert course.decide(409, action="accept", option_id=COMBINATION)["code"] == "PLAN_WITHDRAWN"
    course.assess("2026-03-24", NORMAL)
    assert course.plan["status"] == "draft"


def test_declining_an_option_nobody_accepted_changes_nothing_else(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    assert course.decide(action="decline", option_id="prednisone_monotherapy")["plan"]["status"] == "accepted"


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"action": "accept"}, "/option_id"),
        ({"action": "override"}, "/override"),
        ({"action": "decline", "reason_code": "other"}, "/note"),
        ({"action": "decline", "reason_code": "other", "note": " "}, "/note"),
        ({"action": "override", "override": {"reason_code": "other"}}, "/override/note"),
    ],
)
def test_what_a_decision_lacks_is_named(client: httpx.Client, sent: dict[str, object], pointer: str) -> None:
    refused = Course(client).decide(422, **sent)
    assert (refused["code"], [fault["pointer"] for fault in refused["errors"]]) == ("INVALID_DECISION", [pointer])


def test_a_decision_about_another_version_of_the_plan_is_refused(client: httpx.Client) -> None:
    course = Course(client)
    address, sent = f"/v1/plans/{course.plan['id']}", {"action": "accept", "option_id": COMBINATION}
    etag = client.get(address).headers["ETag"]
    dated = sent | {"decided_on": "2026-03-10"}
    assert client.post(f"{address}/decisions", json=dated, headers={"If-Match": etag}).status_code == 201
    assert client.post(f"{address}/decisions", json=dated, headers={"If-Match": etag}).status_code == 412


def test_an_unknown_plan_is_not_found(client: httpx.Client) -> None:
    address = "/v1/plans/0198c0de-0000-7000-8000-000000000000/decisions"
    assert client.post(address, json={"action": "decline"}).status_code == 404


def test_a_ceiling_holds_at_once_and_is_lifted_with_the_fact_that_set_it(client: httpx.Client) -> None:
    course = Course(client, patient={"weight_kg": 80})
    course.accept()
    course.change({"patient": {"weight_kg": 45}})
    assert course.dose_today() == {"prednisone": 30, "azathioprine": 75}
    course.change({"patient": {"weight_kg": 120}})
    assert course.dose_today() == {"prednisone": 30, "azathioprine": 150}
