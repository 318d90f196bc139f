"""A drug that had to wait when treatment began: the steroid goes its way alone, and the drug joins it later."""

from dataclasses import replace
from decimal import Decimal

from app.clinical.episode import Site
from app.clinical.option import Option
from app.clinical.plan import PlanContent
from app.clinical.progress import Course, PathLevel
from app.clinical.vocabulary import OptionId
from app.facts.course import current_level, level_index
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.taper.follow import path_of
from app.taper.schedule import schedule_option
from app.taper.steps import SCHEDULED_OPTIONS
from app.taper.stock import Choices, choices_of

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


def joined(course: Course | None, content: PlanContent, site: Site | None, kb: KnowledgeBase) -> Course | None:
    """Return the course with the drug that waited, once a plan shows its dose.

    It joins at the dose that belongs to the present level of the source's schedule: levels that are done, and the
    steroid's present dose, stay as they are. The schedule keeps the style it began with.
    """
    following, level = (course.following, current_level(course)) if course else (None, None)
    if course is None or following is None or level is None or _STEROID not in level.doses:
        return course
    starts = _starts(content, following.option_id)
    waited = starts.keys() - level.doses.keys()
    if not waited:
        return course
    choices = replace(choices_of(site), step_style=following.step_style)
    whole = path_of(schedule_option(following.option_id, starts, None, following.start_on, kb, choices))
    done = level_index(course)
    changes = {
        "path": (*following.path[:done], *whole[done:]),
        "joined_on": following.joined_on | dict.fromkeys(sorted(waited), max(content.as_of, following.start_on)),
    }
    return course.model_copy(update={"following": following.model_copy(update=changes)})


def _starts(content: PlanContent, option_id: OptionId) -> dict[str, Decimal]:
    """Return the doses that the option's schedule starts with, mg per day; none while one of them is withheld."""
    option = next((item for item in content.options if item.id == option_id), None)
    return dict(option.taper.steps[0].doses) if option is not None and option.taper is not None else {}
