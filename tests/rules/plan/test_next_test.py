"""When a recurring test set is due next, before treatment and under it."""

from datetime import date
from typing import Any

import pytest

from app.clinical.progress import Course
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.rules.plan.next_test import blood_count_stage, due_on, liver_stage, planned
from tests.builders import episode, lab, labs
from tests.treatment import COMBINATION, following, on_day, stepped, visit


def course(*responses: str, steps: tuple[int, ...] = ()) -> Course:
    visits = tuple(visit(10 + place, response=response) for place, response in enumerate(responses))
    return Course(following=following(*COMBINATION), visits=visits, steps=stepped(*steps))


def facts(kb: KnowledgeBase, known: Course | None, day: int = 0, results: list[dict[str, Any]] | None = None) -> Any:
    on = on_day(day).isoformat()
    whole = episode(as_of=on, start_on=on, labs=[*labs(), *(results or [])])
    return prepare_facts(whole, kb, known)


def labs_of(day: int) -> list[dict[str, Any]]:
    return labs(on_day(day).isoformat())


def test_before_treatment_every_stage_lies_ahead_on_its_planned_day(kb: KnowledgeBase) -> None:
    known = facts(kb, None)
    assert liver_stage(known, kb) == ("liver_labs", "liver_labs_monthly", "liver_labs_quarterly")
    assert blood_count_stage(known, kb) == ("cbc_weekly", "cbc_twice_monthly", "cbc_monthly")
    item = planned("liver_labs", known, kb)
    assert (item.due_on, item.repeat_days) == (on_day(14), 14)


@pytest.mark.parametrize(
    ("day", "stage"), [(0, "liver_labs"), (55, "liver_labs"), (56, "liver_labs_monthly"), (200, "liver_labs_monthly")]
)
def test_without_remission_the_first_stage_lasts_until_day_fifty_six(day: int, stage: str, kb: KnowledgeBase) -> None:
    assert liver_stage(facts(kb, course("response"), day), kb) == (stage,)


@pytest.mark.parametrize(
    ("responses", "steps", "stage"),
    [
        (("complete_response",), (), "liver_labs_monthly"),
        (("complete_response",), (31,), "liver_labs_monthly"),
        (("complete_response",), (31, 61), "liver_labs_quarterly"),
        (("complete_response", "relapse"), (31, 61), "liver_labs"),
    ],
)
def test_remission_makes_it_monthly_and_the_floor_quarterly(
    responses: tuple[str, ...], steps: tuple[int, ...], stage: str, kb: KnowledgeBase
) -> None:
    assert liver_stage(facts(kb, course(*responses, steps=steps), 20), kb) == (stage,)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (1, "cbc_weekly"),
        (27, "cbc_weekly"),
        (28, "cbc_twice_monthly"),
        (83, "cbc_twice_monthly"),
        (84, "cbc_monthly"),
    ],
)
def test_blood_counts_come_rarer_with_the_months(day: int, stage: str, kb: KnowledgeBase) -> None:
    assert blood_count_stage(facts(kb, course(), day), kb) == (stage,)


def test_on_the_day_treatment_begins_every_stage_lies_ahead(kb: KnowledgeBase) -> None:
    assert liver_stage(facts(kb, course(), 0), kb) == ("liver_labs", "liver_labs_monthly", "liver_labs_quarterly")
    assert blood_count_stage(facts(kb, course(), 0), kb) == ("cbc_weekly", "cbc_twice_monthly", "cbc_monthly")


@pytest.mark.parametrize(("day", "stage"), [(87, "cbc_weekly"), (88, "cbc_twice_monthly")])
def test_a_drug_that_joins_later_is_watched_from_its_own_first_day(day: int, stage: str, kb: KnowledgeBase) -> None:
    late = following(*COMBINATION, joined_on={"azathioprine": on_day(60).isoformat()})
    known = facts(kb, Course(following=late), day)
    assert blood_count_stage(known, kb) == (stage,)
    assert due_on(kb.monitoring["cbc_weekly"], known) == on_day(67)
    assert due_on(kb.monitoring["liver_labs"], known) == on_day(14)


def test_the_next_set_is_due_an_interval_after_the_last_whole_one(kb: KnowledgeBase) -> None:
    row = kb.monitoring["liver_labs"]
    assert due_on(row, facts(kb, course(), 20, labs(on_day(12).isoformat()))) == on_day(26)
    without_igg = labs(on_day(12).isoformat(), igg=None)
    assert due_on(row, facts(kb, course(), 20, without_igg)) == on_day(14)
    igg_later = [*without_igg, lab("igg", 18, "g/L", on_day(16).isoformat())]
    assert due_on(row, facts(kb, course(), 20, igg_later)) == on_day(26)
    igg_earlier = [*without_igg, lab("igg", 18, "g/L", on_day(3).isoformat())]
    assert due_on(row, facts(kb, course(), 20, igg_earlier)) == on_day(17)


@pytest.mark.parametrize(("taken", "expected"), [(-1, 5), (0, 5), (1, 8)])
def test_results_until_the_day_treatment_began_are_the_baseline_not_the_first_set(
    taken: int, expected: int, kb: KnowledgeBase
) -> None:
    whole = [*labs_of(taken), lab("glucose", 90, "mg/dL", on_day(taken).isoformat())]
    known = prepare_facts(
        episode(as_of=on_day(3).isoformat(), start_on=on_day(3).isoformat(), labs=whole), kb, course()
    )
    assert due_on(kb.monitoring["tacrolimus_safety"], known) == on_day(expected)


def test_a_set_of_questions_stays_on_its_day_too(kb: KnowledgeBase) -> None:
    asked = kb.monitoring["liver_labs"].model_copy(update={"analytes": ()})
    assert due_on(asked, facts(kb, course(), 20, labs(on_day(12).isoformat()))) == on_day(14)


def test_days_count_from_the_start_of_treatment_not_from_the_plan(kb: KnowledgeBase) -> None:
    later = facts(kb, course(), 30)
    assert later.start_on == date(2026, 4, 9)
    assert planned("cbc_weekly", later, kb).due_on == on_day(7)
