"""A drug that had to wait when treatment began: the steroid goes its way alone, and the drug joins it later."""

from datetime import date

from app.clinical.option import Option
from app.clinical.plan import PlanContent
from app.clinical.progress import Course, Following, PathLevel
from app.facts.course import current_level, level_index
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.taper.follow import path_of
from app.taper.schedule import schedule_option
from app.taper.steps import SCHEDULED_OPTIONS
from app.taper.stock import Choices

_STEROID = "prednisone"


def steroid_path(option: Option, facts: Facts, kb: KnowledgeBase, choices: Choices) -> tuple[PathLevel, ...]:
    """Return the steroid's way down while the drug beside it waits; empty for an option without a schedule.

    Alone it stops at the maintenance dose of the steroid alone.
    """
    mg = next((item.dose_mg_per_day for item in option.medications if item.drug == _STEROID), None)
    if option.id not in SCHEDULED_OPTIONS or mg is None:
        return ()
    alone = schedule_option("prednisone_monotherapy", {_STEROID: mg}, None, facts.start_on, kb, choices)
    return path_of(alone)


def joined(course: Course | None, content: PlanContent) -> Course | None:
    """Return the course with the drug that waited, once a plan shows its dose.

    It joins at the dose that belongs to the present level of the source's schedule: levels that are done, and the
    steroid's present dose, stay as they are.
    """
    following = course.following if course else None
    if course is None or following is None:
        return course
    option = next((item for item in content.options if item.id == following.option_id), None)
    waited = None if option is None else _waited(course, option)
    if option is None or option.taper is None or waited is None:
        return course
    ahead = path_of(option.taper)[level_index(course) :]
    changes = {
        "path": (*following.path[: level_index(course)], *ahead),
        "joined_on": _joined_on(following, waited, content.as_of),
    }
    return course.model_copy(update={"following": following.model_copy(update=changes)})


def _waited(course: Course, option: Option) -> frozenset[str] | None:
    """Return the drugs of the option that the present level lacks; None where there is nothing to join."""
    level = current_level(course)
    if level is None or option.taper is None or _STEROID not in level.doses:
        return None
    return frozenset(option.taper.steps[0].doses) - level.doses.keys() or None


def _joined_on(following: Following, drugs: frozenset[str], day: date) -> dict[str, date]:
    return {**following.joined_on, **dict.fromkeys(sorted(drugs), max(day, following.start_on))}
