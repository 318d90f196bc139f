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

_LABS, _MAINTENANCE = "liver_labs", "liver_labs_quarterly"


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
        next_step_on=next_step_on(course, kb),
        prednisone_mg=next((level.doses[drug] for drug in STEROIDS if drug in level.doses), None),
        labs=labs,
        worsening=worsening(course, today),
        improving=improving,
        step_on_improvement=overridden,
    )
    return evaluate_gates(standing, kb)


def review_on(outcome: GateOutcome, course: Course, today: date, kb: KnowledgeBase) -> date:
    """Return when the gates are asked again.

    At once for a review and for a step that may be taken; on the day of the step while only that day, or what is not
    known yet, stands against it; otherwise with the next tests, at the floor those of maintenance if remission lasts.
    `course` is the one after a step that was taken.
    """
    ahead = next_step_on(course, kb)
    if outcome.decision == "review" or (outcome.decision == "step" and ahead is not None and ahead <= today):
        return today
    undoubted = not any(gate.met is False for gate in outcome.gates if gate.code != "date_reached")
    if ahead is not None and ahead > today and undoubted:
        return ahead
    tests = _MAINTENANCE if ahead is None and undoubted else _LABS
    return today + timedelta(days=kb.monitoring[tests].repeat_days)
