"""Where a followed schedule stands on a day, put to the gates."""

from collections.abc import Mapping
from datetime import date, timedelta

from app.clinical.progress import Course
from app.clinical.vocabulary import Analyte
from app.facts.course import current_level, level_began_on, worsening
from app.facts.facts import LabFact
from app.knowledge.base import KnowledgeBase
from app.taper.follow import next_step_on
from app.taper.gates import GateOutcome, Standing, evaluate_gates
from app.taper.steps import STEROIDS

_LABS = "liver_labs"


def ask_gates(
    course: Course,
    today: date,
    labs: Mapping[Analyte, LabFact],
    kb: KnowledgeBase,
    *,
    improving: bool | None = None,
    overridden: bool = False,
) -> GateOutcome | None:
    """Return what the gates of the next level allow on a day; None where the option followed has no schedule."""
    level, began = current_level(course), level_began_on(course)
    if level is None or began is None:
        return None
    standing = Standing(
        today=today,
        dose_began_on=began,
        next_step_on=next_step_on(course),
        prednisone_mg=next((level.doses[drug] for drug in STEROIDS if drug in level.doses), None),
        labs=labs,
        worsening=worsening(course),
        improving=improving,
        step_on_improvement=overridden,
    )
    return evaluate_gates(standing, kb)


def review_on(outcome: GateOutcome, course: Course, today: date, kb: KnowledgeBase) -> date:
    """Return when the gates are asked again: today for a review, the step's day while it lies ahead, or the next tests.

    After a step the next one's day counts, at the floor the tests of maintenance.
    """
    if outcome.decision == "review":
        return today
    if outcome.decision == "floor":
        return today + timedelta(days=kb.monitoring["liver_labs_quarterly"].repeat_days or 0)
    ahead = next_step_on(course)
    tests = today + timedelta(days=kb.monitoring[_LABS].repeat_days or 0)
    return ahead if ahead is not None and ahead > today and _rest_open(outcome) else tests


def _rest_open(outcome: GateOutcome) -> bool:
    return all(gate.met for gate in outcome.gates if gate.code != "date_reached")
