"""What a plan says once one of its options is accepted: the accepted one's schedule, tests and due items, over HTTP."""

from typing import Any

import httpx
import pytest

from tests.builders import labs
from tests.courses.driver import COMBINATION, IMPROVING, NORMAL, Course, codes, option

ALONE = "prednisone_monotherapy"
STATE = ("status", "accepted_option_id")
RESTART: dict[str, Any] = {
    "tacrolimus": {
        "stopped_on": "2025-11-10",
        "route": "oral",
        "response": "complete",
        "stop_reason": "planned_withdrawal",
        "indication_still_valid": None,
    }
}
WAITING: dict[str, Any] = {"pharmacogenetics": {"tpmt": "unknown", "nudt15": "normal"}, "prior_treatments": []}


def due(client: httpx.Client, course: Course) -> set[tuple[str, str, str]]:
    """Return code, day and title of every open item of the episode."""
    items = client.get("/v1/worklist", params={"until": "2027-03-10", "limit": 100}).json()["items"]
    return {(item["code"], item["due_on"], item["title"]) for item in items if item["episode_id"] == course.id}


def read(client: httpx.Client, plan: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/plans/{plan['id']}").json()
    return found


def prednisone(course: Course) -> list[float]:
    return [doses["prednisone"] for doses in course.doses().values()]


def test_the_recommended_option_accepted_changes_the_state_and_nothing_else(client: httpx.Client) -> None:
    course = Course(client)
    before = course.plan
    course.accept()
    assert {name: course.plan[name] for name in STATE} == {"status": "accepted", "accepted_option_id": COMBINATION}
    assert {name: value for name, value in course.plan.items() if name not in STATE} == {
        name: value for name, value in before.items() if name not in STATE
    }


def test_an_accepted_alternative_shows_its_own_schedule_headline_and_due_items(client: httpx.Client) -> None:
    course = Course(client)
    first = course.plan
    course.accept(ALONE)
    assert read(client, first) == course.plan
    assert (course.plan["id"], course.plan["revision"], course.plan["status"]) == (first["id"], 1, "accepted")
    assert (course.plan["accepted_option_id"], course.plan["taper"]["option_id"]) == (ALONE, ALONE)
    assert prednisone(course) == [60, 50, 40, 30, 20]
    assert "prednisone 60 mg/d" in course.plan["headline"]
    assert course.plan["progress"]["accepted"] is True
    assert not {"cbc_weekly", "cbc_monthly"} & {code for code, _, _ in due(client, course)}
    assert ("next_step", "2026-04-10", "Assess the gates of the next step: Prednisone 50 mg/d") in due(client, course)
    assert {"liver_labs", "liver_labs_monthly", "liver_labs_quarterly"} <= codes(course.plan["monitoring"])


def test_a_dose_that_was_accepted_keeps_its_calculation(client: httpx.Client) -> None:
    course = Course(client)
    shown = option(course.plan, ALONE)["medications"]
    course.accept(ALONE)
    assert option(course.plan, ALONE)["medications"] == shown


def test_an_acceptance_taken_back_shows_what_was_decided_first(client: httpx.Client) -> None:
    course = Course(client)
    first, open_items = course.plan, due(client, course)
    mark = client.get(f"/v1/plans/{first['id']}").headers["ETag"]
    course.accept(ALONE)
    accepted_mark = client.get(f"/v1/plans/{first['id']}").headers["ETag"]
    course.decide(action="decline", option_id=ALONE)
    assert course.plan == first == read(client, first)
    assert due(client, course) == open_items
    assert client.get(f"/v1/plans/{first['id']}").headers["ETag"] == mark != accepted_mark
    course.accept(COMBINATION)
    assert course.plan["taper"] == first["taper"]


def test_two_acceptances_of_one_plan_have_two_version_marks(client: httpx.Client) -> None:
    course = Course(client)
    marks = set()
    for chosen in (ALONE, COMBINATION):
        course.accept(chosen)
        marks.add(client.get(f"/v1/plans/{course.plan['id']}").headers["ETag"])
        course.decide(action="decline", option_id=chosen)
    assert len(marks) == 2


def test_a_withdrawn_plan_shows_what_was_decided_first_and_sets_nothing_due(client: httpx.Client) -> None:
    course = Course(client)
    first = course.plan
    course.accept(ALONE)
    course.decide(action="decline")
    assert (course.plan["status"], course.plan["taper"]) == ("withdrawn", first["taper"])
    assert course.plan["accepted_option_id"] is None
    assert due(client, course) == set()


def test_what_was_accepted_goes_on_and_is_replayed_alike(client: httpx.Client) -> None:
    course = Course(client)
    course.accept(ALONE)
    accepted = course.plan
    assert client.post(f"/v1/plans/{accepted['id']}/replay").json()["identical"] is True
    course.assess("2026-04-10", NORMAL)
    assert (course.plan["revision"], course.dose_today()) == (2, {"prednisone": 50})
    assert course.plan["accepted_option_id"] == ALONE
    earlier = read(client, accepted)
    assert (earlier["status"], earlier["accepted_option_id"]) == ("superseded", ALONE)
    assert earlier["taper"] == accepted["taper"]


@pytest.mark.parametrize(
    ("changes", "chosen", "watched"),
    [
        (RESTART, "tacrolimus_restart", {"tacrolimus_trough", "tacrolimus_safety"}),
        ({"condition": {"context": "failure_on_therapy"}}, "add_mycophenolate", {"mycophenolate_cbc"}),
    ],
)
def test_an_option_without_a_schedule_shows_none_of_another_and_its_own_tests(
    changes: dict[str, Any], chosen: str, watched: set[str], client: httpx.Client
) -> None:
    course = Course(client, **changes)
    course.accept(chosen)
    assert (course.plan["accepted_option_id"], course.plan["taper"]) == (chosen, None)
    assert watched <= codes(course.plan["monitoring"])
    assert watched <= {code for code, _, _ in due(client, course)}
    assert "next_step" not in {code for code, _, _ in due(client, course)}


def test_a_conditional_combination_never_shows_the_schedule_of_prednisone_alone(client: httpx.Client) -> None:
    course = Course(client, comorbidities=["malignancy"])
    assert course.plan["taper"]["option_id"] == ALONE
    course.accept(COMBINATION)
    for _ in range(2):
        assert (course.plan["status"], course.plan["taper"]["option_id"]) == ("accepted", COMBINATION)
        assert prednisone(course) == [30, 20]
        course.assess("2026-03-24", IMPROVING)


def test_while_azathioprine_waits_the_steroid_is_stepped_held_and_reviewed(client: httpx.Client) -> None:
    course = Course(client, **WAITING)
    course.accept()
    assert list(course.doses().values()) == [{"prednisone": 30}, {"prednisone": 20}]
    held = course.assess("2026-04-10", IMPROVING | {"alt": 60})
    assert held["assessment"]["taper_gate"]["decision"] == "hold"
    reviewed = course.assess("2026-05-10", IMPROVING | {"alt": 60})
    assert reviewed["assessment"]["taper_gate"]["decision"] == "review"
    assert course.assess("2026-05-24", NORMAL)["assessment"]["taper_gate"]["decision"] == "step"
    assert course.dose_today() == {"prednisone": 20}
    assert course.assess("2026-06-24", NORMAL)["assessment"]["taper_gate"]["decision"] == "floor"


def test_azathioprine_joins_at_the_dose_of_the_present_level_and_is_watched_from_that_day(
    client: httpx.Client,
) -> None:
    course = Course(client, **WAITING)
    course.accept()
    course.change({"pharmacogenetics": {"tpmt": "normal", "nudt15": "normal"}, "as_of": "2026-03-20"})
    assert course.plan["status"] == "accepted"
    assert list(course.doses().values()) == [
        {"prednisone": 30, "azathioprine": 150},
        {"prednisone": 20, "azathioprine": 100},
        {"prednisone": 10, "azathioprine": 50},
    ]
    starts = {item["drug"]: item["starts_on"] for item in option(course.plan, COMBINATION)["medications"]}
    assert starts == {"prednisone": "2026-03-10", "azathioprine": "2026-03-20"}
    assert next(item["due_on"] for item in course.plan["monitoring"] if item["code"] == "cbc_weekly") == "2026-03-27"
    assert course.assess("2026-04-10", NORMAL)["assessment"]["taper_gate"]["decision"] == "step"
    assert course.dose_today() == {"prednisone": 20, "azathioprine": 100}
    assert client.post(f"/v1/plans/{course.plan['id']}/replay").json()["identical"] is True


def test_azathioprine_that_joins_after_a_step_leaves_the_steroid_where_it_is(client: httpx.Client) -> None:
    course = Course(client, **WAITING)
    course.accept()
    course.assess("2026-04-10", NORMAL)
    course.change({"pharmacogenetics": {"tpmt": "normal", "nudt15": "normal"}, "as_of": "2026-04-20"})
    assert course.dose_today() == {"prednisone": 20, "azathioprine": 100}
    assert list(course.doses()) == ["2026-03-10", "2026-04-10", "2026-05-10"]
    assert next(iter(course.doses().values())) == {"prednisone": 30}
    course.assess("2026-05-10", NORMAL)
    assert course.dose_today() == {"prednisone": 10, "azathioprine": 50}


def test_a_changed_style_of_the_site_never_raises_the_steroid_when_azathioprine_joins(client: httpx.Client) -> None:
    course = Course(client, **WAITING)
    course.accept()
    course.assess("2026-04-10", NORMAL)
    known = {"tpmt": "normal", "nudt15": "normal"}
    course.change({"pharmacogenetics": known, "site": {"step_style": "split"}, "as_of": "2026-04-20"})
    assert course.dose_today() == {"prednisone": 20, "azathioprine": 100}


def test_azathioprine_begun_under_a_higher_steroid_leaves_it_to_come_down_by_its_own_steps(
    client: httpx.Client,
) -> None:
    course = Course(client)
    course.accept(ALONE)
    course.assess("2026-03-24", {"alt": 200, "ast": 160})
    course.accept()
    assert (course.plan["accepted_option_id"], course.plan["status"]) == (COMBINATION, "accepted")
    expected = [(60, 150), (50, 150), (40, 150), (30, 150), (20, 100), (10, 50)]
    assert [tuple(doses.values()) for doses in course.doses().values()] == expected
    assert [item["dose_mg_per_day"] for item in option(course.plan, COMBINATION)["medications"]] == [60, 150]
    assert course.assess("2026-04-24", NORMAL)["assessment"]["taper_gate"]["decision"] == "step"
    assert course.dose_today() == {"prednisone": 50, "azathioprine": 150}
    assert client.post(f"/v1/plans/{course.plan['id']}/replay").json()["identical"] is True


@pytest.mark.parametrize(("visits", "doses"), [(3, (30, 150)), (4, (20, 100))])
def test_azathioprine_begun_in_remission_never_raises_the_steroid(
    visits: int, doses: tuple[int, int], client: httpx.Client
) -> None:
    course = Course(client)
    course.accept(ALONE)
    for month in range(4, 4 + visits):
        course.assess(f"2026-{month:02}-10", NORMAL)
    course.accept()
    for _ in range(2):
        assert tuple(course.dose_today().values()) == doses
        course.assess(f"2026-{3 + visits:02}-20", NORMAL)


def test_prednisone_alone_after_the_combination_stops_at_its_own_maintenance_dose(client: httpx.Client) -> None:
    course = Course(client)
    course.accept()
    course.assess("2026-04-10", NORMAL)
    course.assess("2026-04-20", NORMAL, labs=labs("2026-04-20", **NORMAL, wbc=2.4))
    course.accept(ALONE)
    assert list(course.doses().values()) == [{"prednisone": 20}]
    assert course.assess("2026-05-20", NORMAL)["assessment"]["taper_gate"]["decision"] == "floor"
    assert course.dose_today() == {"prednisone": 20}


def test_a_second_line_on_the_medication_list_is_the_treatment_and_its_steroid_goes_on_down(
    client: httpx.Client,
) -> None:
    course = Course(client, **RESTART)
    course.accept(COMBINATION)
    course.assess("2026-04-07", {"alt": 150})
    course.accept("tacrolimus_restart")
    listed = [{"drug": "tacrolimus", "dose_mg_per_day": 6}, {"drug": "prednisone", "dose_mg_per_day": 30}]
    course.change({"medications": listed})
    for day, mg in (("2026-05-07", 20), ("2026-06-07", 10)):
        assert course.assess(day, NORMAL)["assessment"]["taper_gate"]["decision"] == "step"
        restart = option(course.plan, "tacrolimus_restart")
        assert (restart["standing"], course.plan["status"]) == ("recommended", "accepted")
        assert {item["drug"]: item["dose_mg_per_day"] for item in restart["medications"]} == {
            "tacrolimus": 6,
            "prednisone": mg,
        }
