"""What follows from a course: where treatment stands, how it went, what it adds to the episode."""

from datetime import date
from typing import Any

import pytest

from app.clinical.progress import Course, Visit
from app.facts.course import (
    adherence,
    assessments,
    at_floor,
    current_level,
    failed_standard_therapy,
    latest_response,
    level_began_on,
    level_index,
    on_standard_therapy,
    own_steps,
    recorded_remission,
    remission_since,
    with_course,
    worsening,
)
from tests.builders import episode
from tests.treatment import COMBINATION, START, following, on_day, stepped, visit


def course(*visits: Visit, **changes: Any) -> Course:
    return Course(following=following(*COMBINATION), visits=visits).model_copy(update=changes)


def test_an_untouched_course_adds_nothing_to_the_episode() -> None:
    known = episode()
    assert with_course(known, course()) is known


def test_a_complete_response_is_added_whatever_came_after_it() -> None:
    lost = course(visit(28, response="complete_response"), visit(60, response="relapse"))
    told = with_course(episode(), lost)
    assert told.condition.complete_response_ever is True
    assert told.condition.context == "relapse_after_withdrawal"


@pytest.mark.parametrize("response", ["escalate", "escalate_urgent", "non_response", "insufficient_response"])
def test_a_failure_of_standard_therapy_is_added(response: str) -> None:
    failed = course(visit(28, response=response))
    assert failed_standard_therapy(failed)
    assert with_course(episode(), failed).condition.context == "failure_on_therapy"


def test_only_the_latest_assessment_says_that_standard_therapy_fails() -> None:
    assert not failed_standard_therapy(course(visit(14, response="escalate"), visit(28, response="response")))


@pytest.mark.parametrize(("day", "failed"), [(27, True), (28, True), (29, False)])
def test_a_failure_before_a_later_line_is_not_forgotten_on_it(day: int, failed: bool) -> None:
    later = following(option_id="add_mycophenolate", start_on="2026-04-07", visits_before=int(day == 28))
    changed = Course(following=later, visits=(visit(day, response="non_response"),))
    assert not on_standard_therapy(changed)
    assert failed_standard_therapy(changed) is failed


def test_where_nothing_is_followed_nothing_has_failed() -> None:
    assert not on_standard_therapy(Course())
    assert not failed_standard_therapy(Course(visits=(visit(28, response="non_response"),)))


def test_assessments_are_those_of_the_option_followed_now() -> None:
    visits = (
        visit(-1, response="not_interpretable"),
        visit(0, response="non_response"),
        visit(0, response="not_interpretable"),
        visit(20, kind="override"),
        visit(21, response="response", adherence_confirmed=None),
    )
    changed = Course(following=following(*COMBINATION, visits_before=1), visits=visits)
    assert assessments(changed) == (visits[2], visits[4])
    assert (latest_response(changed), adherence(changed)) == ("response", None)
    assert assessments(Course(visits=visits)) == (*visits[:3], visits[4])


def test_before_the_first_assessment_there_is_no_response_and_nobody_asked_for_adherence() -> None:
    assert (latest_response(course()), adherence(course())) == (None, None)


@pytest.mark.parametrize(
    ("responses", "since"),
    [
        ([], None),
        (["response"], None),
        (["complete_response", "complete_response"], 10),
        (["complete_response", "not_interpretable"], 10),
        (["complete_response", "relapse"], None),
        (["complete_response", "loss_of_remission", "complete_response"], 30),
    ],
)
def test_remission_lasts_from_its_first_day_until_it_is_lost(responses: list[str], since: int | None) -> None:
    visits = [visit(10 * place, response=response) for place, response in enumerate(responses, start=1)]
    assert remission_since(course(*visits)) == (None if since is None else on_day(since))


@pytest.mark.parametrize(
    ("context", "onset", "since"),
    [
        ("in_remission", None, date(2026, 3, 1)),
        ("relapse_after_withdrawal", "2026-02-28", date(2026, 3, 1)),
        ("relapse_after_withdrawal", "2026-03-01", None),
        ("relapse_after_withdrawal", None, None),
    ],
)
def test_a_recorded_remission_counts_unless_the_flare_ended_it(
    context: str, onset: str | None, since: date | None
) -> None:
    recorded = {"context": context, "remission_started_on": "2026-03-01"}
    assert recorded_remission(episode(condition=recorded, flare={"onset_on": onset})) == since


def test_without_a_flare_or_a_day_no_remission_is_recorded() -> None:
    assert recorded_remission(episode(condition={"remission_started_on": "2026-03-01"}, flare=None)) is None
    assert recorded_remission(episode(condition={"context": "in_remission"})) is None


def test_each_step_is_one_level_further_down() -> None:
    begun, once = course(), course(steps=stepped(31))
    assert (level_index(begun), level_began_on(begun), at_floor(begun)) == (0, START, False)
    assert (level_index(once), level_began_on(once), at_floor(once)) == (1, on_day(31), False)
    level = current_level(once)
    assert level is not None
    assert level.doses == {"prednisone": 20, "azathioprine": 100}
    assert at_floor(course(steps=stepped(31, 61)))


def test_steps_of_an_option_before_it_do_not_count() -> None:
    switched = Course(following=following(*COMBINATION, start_on="2026-05-10"), steps=stepped(31, 61))
    assert own_steps(switched) == ()
    assert (level_index(switched), level_began_on(switched)) == (0, date(2026, 5, 10))


def test_without_a_schedule_there_is_no_level_and_no_floor() -> None:
    unscheduled = Course(following=following(option_id="add_mycophenolate"))
    assert (current_level(unscheduled), at_floor(unscheduled), level_began_on(unscheduled)) == (None, False, START)
    assert (current_level(Course()), at_floor(Course()), level_began_on(Course())) == (None, False, None)


@pytest.mark.parametrize(
    ("first", "now", "worse"),
    [
        ([], [], False),
        ([], None, None),
        ([], ["jaundice"], True),
        (["jaundice"], ["jaundice"], False),
        (["jaundice"], ["worsening_symptoms"], True),
        (["worsening_symptoms"], ["worsening_symptoms"], True),
        (None, ["jaundice"], True),
        (None, [], False),
    ],
)
def test_what_is_new_since_the_start_is_a_worsening(
    first: list[str] | None, now: list[str] | None, worse: bool | None
) -> None:
    seen = Course(following=following(*COMBINATION, findings=first), visits=(visit(14, findings=now),))
    assert worsening(seen, on_day(14)) is worse


def test_a_finding_that_had_gone_is_new_when_it_comes_back() -> None:
    visits = (visit(7, findings=[]), visit(14, findings=None), visit(21, findings=["jaundice"]))
    back = Course(following=following(*COMBINATION, findings=["jaundice"]), visits=visits)
    assert worsening(back, on_day(21)) is True


def test_on_a_day_without_a_visit_nobody_asked() -> None:
    assert worsening(course(visit(14)), on_day(15)) is None
    assert worsening(Course(), on_day(15)) is None


def test_of_one_day_the_last_that_told_counts() -> None:
    assert worsening(course(visit(14, findings=["fever"]), visit(14, findings=[])), on_day(14)) is False
    assert worsening(course(visit(14, findings=[]), visit(14, findings=None)), on_day(14)) is False


def test_an_urgent_escalation_of_the_day_is_a_worsening_whatever_was_found() -> None:
    urgent = course(visit(14, response="escalate_urgent"), visit(14, findings=[]))
    assert worsening(urgent, on_day(14)) is True
    assert worsening(Course(visits=(visit(14, findings=["fever"]),)), on_day(14)) is True
