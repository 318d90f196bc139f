"""Where a followed schedule stands on a day, put to the gates, and when they are asked again."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.clinical.progress import Course
from app.clinical.taper import Gate
from app.facts.dates import UTC
from app.facts.labs import read_labs
from app.knowledge.base import KnowledgeBase
from app.planning.gate import ask_gates, review_on
from app.taper.gates import GateOutcome
from tests.builders import episode, labs
from tests.treatment import COMBINATION, NORMAL, following, on_day, stepped, visit

STEP_DAY = date(2026, 4, 10)


def course(*steps: str, day: int | str = "2026-04-10", **changes: Any) -> Course:
    return Course(following=following(*COMBINATION, **changes), steps=stepped(*steps), visits=(visit(day),))


def asked(known: Course, today: date, kb: KnowledgeBase, **values: Any) -> GateOutcome:
    results = episode(labs=labs(today.isoformat(), **(NORMAL | values))).labs or ()
    found = ask_gates(known, today, read_labs(results, today, UTC, kb).facts, kb)
    assert found is not None
    return found


def outcome(decision: Any, **gates: bool | None) -> GateOutcome:
    met: dict[str, bool | None] = {"date_reached": False, "labs_current": True, "biochemical_remission": True}
    whole = {**met, "no_worsening": True, **gates}
    listed = tuple(Gate.model_validate({"code": code, "met": met, "detail": code}) for code, met in whole.items())
    return GateOutcome(decision, listed, "because", ("P-gates",))


def test_the_level_that_is_taken_is_put_to_the_gates(kb: KnowledgeBase) -> None:
    assert asked(course(), STEP_DAY, kb).decision == "step"
    assert asked(course(day="2026-04-09"), date(2026, 4, 9), kb).decision == "hold"
    assert asked(course("2026-04-10", "2026-05-10", day="2026-06-10"), date(2026, 6, 10), kb).decision == "floor"


def test_on_a_day_without_a_visit_the_worsening_is_not_known(kb: KnowledgeBase) -> None:
    found = asked(course(day="2026-04-09"), STEP_DAY, kb)
    assert found.decision == "hold"
    assert {gate.code: gate.met for gate in found.gates}["no_worsening"] is None


@pytest.mark.parametrize(("day", "decision"), [(60, "hold"), (61, "review")])
def test_the_hold_counts_from_the_day_the_present_dose_began(day: int, decision: str, kb: KnowledgeBase) -> None:
    assert asked(course(day=day), on_day(day), kb, alt=40).decision == decision


@pytest.mark.parametrize("path", [(), ({"azathioprine": 50},)])
def test_without_a_steroid_no_hold_is_too_long(path: tuple[dict[str, float], ...], kb: KnowledgeBase) -> None:
    known = Course(following=following(*path, {"azathioprine": 25}), visits=(visit(200),))
    assert asked(known, on_day(200), kb, alt=40).decision in ("hold", "floor")


def test_without_a_schedule_no_gate_is_asked(kb: KnowledgeBase) -> None:
    for known in (Course(), Course(following=following(option_id="add_mycophenolate"))):
        assert ask_gates(known, STEP_DAY, {}, kb) is None


@pytest.mark.parametrize(
    ("found", "known", "today", "days"),
    [
        (outcome("review", date_reached=True), course(), date(2026, 5, 10), 0),
        (outcome("hold"), course(), date(2026, 4, 7), 3),
        (outcome("hold", no_worsening=None), course(), date(2026, 4, 7), 3),
        (outcome("hold", biochemical_remission=None, labs_current=None), course(), date(2026, 4, 7), 3),
        (outcome("hold", biochemical_remission=False), course(), date(2026, 4, 7), 14),
        (outcome("hold", labs_current=False), course(), date(2026, 4, 7), 14),
        (outcome("hold", date_reached=True, no_worsening=None), course(), date(2026, 4, 10), 14),
        (outcome("step", date_reached=True), course(), date(2026, 4, 12), 0),
        (outcome("step", date_reached=True), course("2026-04-12"), date(2026, 4, 12), 30),
        (outcome("step", date_reached=True), course("2026-04-10", "2026-05-10"), date(2026, 5, 10), 90),
        (outcome("floor"), course("2026-04-10", "2026-05-10"), date(2026, 6, 10), 90),
        (outcome("floor", biochemical_remission=False), course("2026-04-10", "2026-05-10"), date(2026, 6, 10), 14),
    ],
)
def test_the_gates_are_asked_again_when_something_can_have_changed(
    found: GateOutcome, known: Course, today: date, days: int, kb: KnowledgeBase
) -> None:
    assert review_on(found, known, today, kb) == today + timedelta(days=days)
