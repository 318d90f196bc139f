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
from app.taper.steps import SCHEDULED_OPTIONS, source_step
from app.taper.stock import Choices, choices_of, stock_of

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
    choices = replace(choices_of(site), step_style=following.step_style)
    starts = _starts(content, following.option_id, kb, choices)
    waited = starts.keys() - level.doses.keys()
    if not waited:
        return course
    whole = path_of(schedule_option(following.option_id, starts, None, following.start_on, kb, choices))
    done = level_index(course)
    changes = {
        "path": (*following.path[:done], *_beside(following.path[done:], whole, kb)),
        "joined_on": following.joined_on | dict.fromkeys(sorted(waited), max(content.as_of, following.start_on)),
    }
    return course.model_copy(update={"following": following.model_copy(update=changes)})


def _starts(content: PlanContent, option_id: OptionId, kb: KnowledgeBase, choices: Choices) -> dict[str, Decimal]:
    """Return the doses that the option's schedule starts with, mg per day; none while one of them is withheld.

    The steroid of a treatment under way is shown at its present level, so its own start is the option's.
    """
    option = next((item for item in content.options if item.id == option_id and option_id in SCHEDULED_OPTIONS), None)
    doses = {} if option is None else {item.drug: item.dose_mg_per_day for item in option.medications}
    known = {drug: mg for drug, mg in doses.items() if mg is not None}
    made = all(stock_of(drug, kb, choices).start(mg).fit != "unmakeable" for drug, mg in known.items())
    return known | {_STEROID: kb.number("prednisone_combination_mg")} if made and len(known) == len(doses) else {}


def _beside(ahead: tuple[PathLevel, ...], whole: tuple[PathLevel, ...], kb: KnowledgeBase) -> tuple[PathLevel, ...]:
    """Return the levels from the present one on, `ahead` so far, with what the source's `whole` schedule has beside.

    A steroid that is higher than its start comes down by its own steps first; one between two levels of the source is
    kept as it is. It never rises, and no step is larger than the source's.
    """
    kept = tuple(level for level in ahead if _steroid(level) > _steroid(whole[0])) or ahead[:1]
    last, coming = _steroid(kept[-1]), ahead[len(kept) : len(kept) + 1]
    at_or_above = [level for level in whole if _steroid(level) >= last] or whole[:1]
    if _steroid(at_or_above[-1]) == last:
        return whole[next(place for place, level in enumerate(whole) if _steroid(level) == last) :]
    joins = {drug: mg for drug, mg in at_or_above[-1].doses.items() if drug != _STEROID}
    held = tuple(level.model_copy(update={"doses": level.doses | joins}) for level in kept)
    lower = [level for level in whole if _steroid(level) < last]
    days = max((level.after_days for level in (*lower[:1], *coming)), default=0)
    if not lower or not days or last - _steroid(lower[0]) > source_step(_STEROID, kb):
        return held
    return (*held, lower[0].model_copy(update={"after_days": days}), *lower[1:])


def _steroid(level: PathLevel) -> Decimal:
    return level.doses[_STEROID]
