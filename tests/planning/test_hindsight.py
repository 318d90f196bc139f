"""What earlier visits say on the results known now."""

from app.clinical.progress import Course
from app.knowledge.base import KnowledgeBase
from app.planning.hindsight import changed_responses, steps_again
from app.planning.reading import Reader
from tests.builders import episode, labs
from tests.treatment import COMBINATION, NORMAL, following, stepped, visit


def test_only_earlier_visits_that_read_otherwise_are_told() -> None:
    before = Course(visits=(visit(14, response="escalate"), visit(28, response="response")))
    new = visit(20, response="response")
    after = Course(visits=(visit(14, response="indeterminate"), new, visit(28, response="response")))
    told = changed_responses(before, after, new)
    assert [(item.assessed_on, item.field, item.was, item.now) for item in told] == [
        (before.visits[0].on, "response", "escalate", "indeterminate")
    ]


def test_of_one_day_the_new_visit_is_the_last() -> None:
    before = Course(visits=(visit(14, response="escalate"),))
    after = Course(visits=(visit(14, response="indeterminate"), visit(14, response="response")))
    assert [item.now for item in changed_responses(before, after, visit(14))] == ["indeterminate"]


def known(kb: KnowledgeBase, alt: int) -> Reader:
    return Reader(episode(labs=[*labs(), *labs("2026-04-10", **(NORMAL | {"alt": alt}))]), kb)


def test_a_step_that_would_be_held_now_is_told_once_and_stays_taken(kb: KnowledgeBase) -> None:
    taken = Course(
        following=following(*COMBINATION), visits=(visit("2026-04-10", gate_decision="step"),), steps=stepped(31)
    )
    same, nothing = steps_again(known(kb, 30), taken)
    assert (same, nothing) == (taken, ())
    after, told = steps_again(known(kb, 60), taken)
    assert [(item.field, item.was, item.now) for item in told] == [("taper_gate", "step", "hold")]
    assert (after.steps, after.visits[0].gate_decision) == (taken.steps, "hold")
    assert steps_again(known(kb, 60), after)[1] == ()


def test_a_later_step_is_asked_at_the_level_that_it_left(kb: KnowledgeBase) -> None:
    reader = Reader(episode(labs=[*labs(), *labs("2026-04-10", **NORMAL), *labs("2026-05-10", **NORMAL)]), kb)
    twice = Course(
        following=following(*COMBINATION),
        visits=tuple(visit(day, gate_decision="step") for day in ("2026-04-10", "2026-05-10")),
        steps=stepped("2026-04-10", "2026-05-10"),
    )
    assert steps_again(reader, twice) == (twice, ())


def test_steps_of_another_treatment_are_not_asked_again(kb: KnowledgeBase) -> None:
    before = (visit("2026-04-10", gate_decision="step"),)
    switched = Course(following=following(*COMBINATION, start_on="2026-04-10", visits_before=1), visits=before)
    assert steps_again(known(kb, 60), switched) == (switched, ())
