"""The one place where an episode is evaluated, whether the plan is kept or not."""

from dataclasses import dataclass
from datetime import datetime

from app import meters, spans
from app.clinical.episode import Episode
from app.clinical.plan import PlanContent
from app.clinical.progress import Course
from app.errors import InvalidEpisode
from app.facts.dates import resolved_dates, with_dates, zone_of
from app.facts.faults import find_faults
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from app.planning.document import Document, write_document
from app.planning.joining import joined


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was decided on which facts and which course; `episode` has its dates resolved.

    A drug that waited has joined the course if its dose is known now.
    """

    episode: Episode
    course: Course | None
    content: PlanContent
    document: Document
    retrospective: bool


def evaluate(episode: Episode, kb: KnowledgeBase, now: datetime, course: Course | None = None) -> Evaluation:
    """Decide on an episode and its course, or raise InvalidEpisode with everything that is wrong with the facts."""
    resolved = with_dates(episode, now)
    faults = find_faults(resolved, kb)
    if faults:
        raise InvalidEpisode(faults)
    goes_on, content = with_joined(resolved, course, _counted(resolved, kb, course), kb)
    return Evaluation(resolved, goes_on, content, write_document(content), _is_retrospective(resolved, kb, now))


def with_joined(
    resolved: Episode, course: Course | None, content: PlanContent, kb: KnowledgeBase
) -> tuple[Course | None, PlanContent]:
    """Return the course with the drug that waited and joins, and the plan that rests on it, decided again for it."""
    goes_on = joined(course, content, resolved.site, kb)
    return goes_on, content if goes_on == course else decide(resolved, kb, goes_on)


def _counted(resolved: Episode, kb: KnowledgeBase, course: Course | None) -> PlanContent:
    """Decide, and count what came of it: here at the edge, because the core does nothing but decide."""
    with spans.span("decide"), meters.decision_seconds.time():
        content = decide(resolved, kb, course)
    meters.plans.labels(content.disposition).inc()
    for alert in content.alerts:
        meters.alerts.labels(alert.code).inc()
    return content


def _is_retrospective(resolved: Episode, kb: KnowledgeBase, now: datetime) -> bool:
    """Tell whether a plan for that day would have expired by today: it describes the past and cannot expire again."""
    as_of, _ = resolved_dates(resolved)
    today = now.astimezone(zone_of(resolved.site)).date()
    return (today - as_of).days > kb.whole("plan_validity_days")
