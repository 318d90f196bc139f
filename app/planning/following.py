"""The treatment that is followed, as a plan shows it: its schedule moved along, and how it has gone so far."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from app.clinical.option import Option
from app.clinical.progress import Following, Progress, Trend, TrendPoint, Visit
from app.clinical.taper import Taper
from app.facts.arithmetic import half_up
from app.facts.course import latest_response
from app.facts.facts import Facts, LabPoint
from app.knowledge.base import KnowledgeBase
from app.planning.gate import ask_gates, review_on
from app.planning.joining import steroid_path
from app.rules.course.compare import TESTS
from app.rules.options import azathioprine
from app.taper.follow import Now, follow, path_of
from app.taper.gates import GateOutcome
from app.taper.stock import Choices, choices_of

CLOSED = frozenset({"blocked", "not_indicated"})
"""Standings of options that nobody may choose."""

_HUNDREDTH = Decimal("0.01")


def begin(
    option: Option,
    facts: Facts,
    kb: KnowledgeBase,
    *,
    accepted: bool,
    recommended: str | None,
    visits: tuple[Visit, ...] = (),
) -> Following:
    """Return the treatment that begins with an option of a plan: its levels from here on, and what was found then.

    `visits` are those so far: they belong to what was taken before, also where they are of the day it begins.
    """
    choices = choices_of(facts.episode.site)
    return Following.model_validate(
        {
            "option_id": option.id,
            "accepted": accepted,
            "recommended_then": recommended,
            "start_on": facts.start_on,
            "step_style": choices.step_style,
            "path": path_of(option.taper) if option.taper else steroid_path(option, facts, kb, choices),
            "findings": facts.episode.flare.findings if facts.episode.flare else None,
            "visits_before": sum(visit.on == facts.start_on for visit in visits),
        }
    )


def ceilings(facts: Facts, kb: KnowledgeBase) -> Mapping[str, Decimal]:
    """Return the highest dose in mg per day that each drug may have today, for those with a ceiling that is known."""
    highest = azathioprine.dose(facts, kb).mg_per_day
    return {} if highest is None else {azathioprine.DRUG: highest}


def outcome_today(facts: Facts, kb: KnowledgeBase) -> GateOutcome | None:
    """Return what the gates of the next level allow on the day of the plan."""
    return None if facts.course is None else ask_gates(facts.course, facts.as_of, facts.labs, kb)


def followed_taper(facts: Facts, options: tuple[Option, ...], kb: KnowledgeBase, choices: Choices) -> Taper | None:
    """Return the schedule that is followed; None without one, or where the option may not go on as it is."""
    course, outcome = facts.course, outcome_today(facts, kb)
    following = course.following if course else None
    if course is None or following is None or outcome is None:
        return None
    # Without options, because data are missing, the schedule is shown as it was.
    if not all(goes_on(option, following) for option in options if option.id == following.option_id):
        return None
    now = Now(outcome, review_on(outcome, course, facts.as_of, kb), ceilings(facts, kb))
    return follow(course, following, now, facts.weight, kb, choices)


def goes_on(option: Option, following: Following) -> bool:
    """Whether an option that is followed may go on as it is: not blocked, and no dose of its schedule is withheld."""
    levels = frozenset(drug for level in following.path for drug in level.doses)
    scheduled = levels or frozenset(item.drug for item in option.medications)
    withheld = {item.drug for item in option.medications if item.dose_mg_per_day is None}
    return option.standing != "blocked" and withheld.isdisjoint(scheduled)


def accepted_holds(facts: Facts, options: tuple[Option, ...]) -> bool:
    """Whether the option that is followed was accepted and may still be chosen."""
    following = facts.following
    if following is None or not following.accepted:
        return False
    return any(option.id == following.option_id and option.standing not in CLOSED for option in options)


def progress(facts: Facts) -> Progress | None:
    """Return how treatment has gone; None before it began."""
    course = facts.course
    if course is None:
        return None
    following = course.following
    return Progress(
        option_id=following.option_id if following else None,
        accepted=following is not None and following.accepted,
        started_on=following.start_on if following else None,
        day=(facts.as_of - following.start_on).days if following else None,
        response=latest_response(course),
        steps=course.steps,
        visits=course.visits,
        trends=tuple(_trends(facts)),
    )


def _trends(facts: Facts) -> Iterator[Trend]:
    """Yield the tests that have results, each from the one that is its baseline."""
    for analyte in TESTS:
        series = facts.series[analyte]
        if series:
            earlier = sum(point.collected_on <= facts.treatment_start for point in series)
            points = tuple(_point(point) for point in series[max(earlier - 1, 0) :])
            yield Trend(analyte=analyte, unit=facts.labs[analyte].unit, points=points)


def _point(point: LabPoint) -> TrendPoint:
    multiple = None if point.upper_limit is None else half_up(point.value / point.upper_limit, _HUNDREDTH)
    return TrendPoint(collected_on=point.collected_on, value=point.value, x_uln=multiple)
