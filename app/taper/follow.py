"""A schedule under way: levels begin when their gates open, and those still ahead move along. Never up, never back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from app.clinical.progress import Course, Following, PathLevel
from app.clinical.taper import Taper, TaperStep
from app.clinical.vocabulary import OptionId
from app.facts.course import current_level, level_days, level_index
from app.facts.dates import one_month_after
from app.knowledge.base import KnowledgeBase
from app.taper.gates import GateOutcome
from app.taper.levels import Level
from app.taper.rows import Frame
from app.taper.schedule import source_heading
from app.taper.sheet import assemble
from app.taper.steps import STEROIDS, Descent, source_descents, source_step
from app.taper.stock import Choices, stock_of
from app.taper.weight import weighed

_STEROID = "prednisone"
# The option whose drugs are all that a followed schedule may hold.
_BOTH_DRUGS: OptionId = "prednisone_azathioprine"


@dataclass(frozen=True, slots=True)
class Now:
    """What a schedule is moved along by. `ceilings` hold the highest dose in mg per day that a drug may have now."""

    outcome: GateOutcome
    not_before: date
    ceilings: Mapping[str, Decimal]


def path_of(taper: Taper) -> tuple[PathLevel, ...]:
    """Return the levels of a projected schedule, to be followed from here on."""
    since_before = pairwise((taper.steps[0], *taper.steps))
    return tuple(
        PathLevel(after_days=(step.starts_on - before.starts_on).days, doses=step.doses)
        for before, step in since_before
    )


def steroid_ahead(course: Course, floor: Decimal) -> tuple[PathLevel, ...]:
    """Return the steroid's way down from the level that is being taken on; empty where no steroid is taken.

    It is what goes on when another option is followed that does not say how the steroid is taken. No level after the
    present one lies below `floor`, mg per day.
    """
    following = course.following
    ahead = following.path[level_index(course) :] if following else ()
    doses = [{drug: mg for drug, mg in level.doses.items() if drug in STEROIDS} for level in ahead]
    kept = [
        place
        for place, taken in enumerate(doses)
        if taken and (place == 0 or (taken != doses[place - 1] and min(taken.values()) >= floor))
    ]
    return tuple(PathLevel(after_days=ahead[place].after_days if place else 0, doses=doses[place]) for place in kept)


def next_step_on(course: Course, kb: KnowledgeBase) -> date | None:
    """Return the first day on which the next level may begin; None at the floor and where there is no schedule."""
    following = course.following
    if following is None or level_index(course) + 1 >= len(following.path):
        return None
    return _earliest(list(level_days(course)), following, kb)


def doses_now(course: Course, ceilings: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the doses of the level that is being taken, mg per day; none without a schedule.

    A ceiling that has come down since (weight, genotype) holds at once: it is a limit, not a step.
    """
    level = current_level(course)
    return {} if level is None else _capped(level, ceilings)


def follow(
    course: Course, following: Following, now: Now, weight_kg: Decimal | None, kb: KnowledgeBase, choices: Choices
) -> Taper:
    """Return the schedule that is followed: levels done, the present one, and those ahead with their earliest days.

    It keeps the style it began with.
    """
    choices = replace(choices, step_style=following.step_style)
    descents = tuple(_descents(following, kb, choices))
    levels = tuple(_levels(course, following, now, kb, choices))
    frame = Frame(following.start_on, kb.whole("taper_horizon_days"), "autoimmune_hepatitis")
    whole = assemble(source_heading(following.option_id, descents, choices), levels, frame, kb)
    steps = tuple(_placed(step, level_index(course), len(levels), now.outcome) for step in whole.steps)
    return weighed(whole.model_copy(update={"steps": steps}), weight_kg, kb)


def _descents(following: Following, kb: KnowledgeBase, choices: Choices) -> Iterator[Descent]:
    """Yield how each drug comes down: by the source's steps, to where its path was going to stop."""
    for descent in source_descents(_BOTH_DRUGS, _first_doses(following), kb, choices):
        yield replace(descent, floor=following.path[-1].doses[descent.drug])


def _first_doses(following: Following) -> dict[str, Decimal]:
    """Return the dose that each drug begins with, mg per day; one that had to wait joins at a later level."""
    return {drug: mg for level in reversed(following.path) for drug, mg in level.doses.items()}


def _levels(course: Course, following: Following, now: Now, kb: KnowledgeBase, choices: Choices) -> Iterator[Level]:
    """Yield the levels with their days; what was taken at levels that are done stays as it was."""
    for index, day in enumerate(_days(course, following, now, kb)):
        level = following.path[index]
        doses = level.doses if index < level_index(course) else _capped(level, now.ceilings)
        yield Level(day, {drug: stock_of(drug, kb, choices).exactly(mg) for drug, mg in doses.items()})


def _days(course: Course, following: Following, now: Now, kb: KnowledgeBase) -> list[date]:
    """Return the day of each level: as it was for those that began, the earliest possible for those ahead."""
    days = list(level_days(course))
    if len(days) < len(following.path):
        days.append(max(_earliest(days, following, kb), now.not_before))
    while len(days) < len(following.path):
        days.append(_earliest(days, following, kb))
    return days


def _earliest(days: list[date], following: Following, kb: KnowledgeBase) -> date:
    """Return the earliest day of the level after those that began on `days`.

    The first dose is kept for a month. In parts of a month each later one is kept as long as it was planned, and a
    month lies between the last day of any dose and one that is lower by more than a month's step.
    """
    path, coming = following.path, following.path[len(days)]
    if following.step_style == "monthly" or len(days) == 1:
        return one_month_after(days[-1])
    most, ended = source_step(_STEROID, kb), zip(path, days[1:], strict=False)
    months = (one_month_after(end) for level, end in ended if _fall(level, coming) > most)
    return max([days[-1] + timedelta(days=coming.after_days), *months])


def _fall(before: PathLevel, after: PathLevel) -> Decimal:
    return before.doses[_STEROID] - after.doses[_STEROID]


def _capped(level: PathLevel, ceilings: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {drug: min(mg, ceilings.get(drug, mg)) for drug, mg in level.doses.items()}


def _placed(step: TaperStep, current: int, count: int, outcome: GateOutcome) -> TaperStep:
    if step.index < current:
        return step.model_copy(update={"status": "done", "gates": ()})
    if step.index == current:
        return step.model_copy(update={"status": "floor" if current == count - 1 else "current", "gates": ()})
    if step.index == current + 1:
        return step.model_copy(update={"status": _waiting(outcome), "gates": outcome.gates})
    return step


def _waiting(outcome: GateOutcome) -> str:
    """A step whose day has come but whose gates are closed is held."""
    due = any(gate.code == "date_reached" and gate.met for gate in outcome.gates)
    return "held" if due and outcome.decision in ("hold", "review") else "projected"
