"""New results and findings joined to the facts of an episode; nothing that was known is lost."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.clinical.episode import Episode, Flare, LabResult
from app.clinical.medicine import Differential
from app.clinical.progress import AssessmentRequest, Course, Override
from app.facts.dates import resolved_dates, zone_of
from app.facts.faults import Fault, find_lab_faults
from app.facts.samples import corrected, once_each, sample_of
from app.knowledge.base import KnowledgeBase

_NOTE_NEEDED = "other"


def find_assessment_faults(
    request: AssessmentRequest, episode: Episode, today: date, kb: KnowledgeBase
) -> tuple[Fault, ...]:
    """Return every fault of an assessment of an episode; an empty tuple lets it in."""
    return (
        *_day_faults(request.assessed_on, today, kb),
        *find_lab_faults(request.labs or (), request.assessed_on, zone_of(episode.site), kb),
        *find_override_faults(request.override, "/override"),
    )


def find_override_faults(override: Override | None, pointer: str) -> Iterator[Fault]:
    """Yield what is wrong with the reason of an override that is found under `pointer`."""
    if override is not None and override.reason_code == _NOTE_NEEDED and not (override.note or "").strip():
        yield Fault(f"{pointer}/note", "NOTE_MISSING", "The reason `other` needs a note that says which")


def find_course_faults(episode: Episode, course: Course) -> tuple[Fault, ...]:
    """Return the faults of changed facts beside the course they belong to."""
    latest = max((visit.on for visit in course.visits), default=date.min)
    if episode.as_of is None or episode.as_of >= latest:
        return ()
    message = "A plan for a day before the latest assessment would forget it: see the episode's assessments"
    return (Fault("/as_of", "AS_OF_BEFORE_COURSE", message),)


def _day_faults(assessed_on: date, today: date, kb: KnowledgeBase) -> Iterator[Fault]:
    latest = today + timedelta(days=kb.whole("start_on_latest_days"))
    if assessed_on > latest:
        yield Fault("/assessed_on", "ASSESSED_TOO_LATE", f"An assessment can be dated up to {latest}")


def is_latest(day: date, course: Course) -> bool:
    """Tell whether nothing of the course lies after the day."""
    steps = (step.starts_on for step in course.steps)
    return all(day >= other for other in (*(visit.on for visit in course.visits), *steps))


def with_results(episode: Episode, request: AssessmentRequest, *, latest: bool) -> Episode:
    """Return the episode with the results of an assessment; the latest one also tells the findings of now.

    A repeated result counts once; of one sample the result that was sent last holds (the laboratory corrected it).
    Findings or adherence that were not sent stay as they were known.
    """
    changed = episode.model_copy(update={"labs": _joined(episode.labs or (), request.labs or ())})
    dated = with_later_dates(changed, request.assessed_on)
    return _with_findings(dated, request) if latest else dated


def with_later_dates(episode: Episode, day: date) -> Episode:
    """Return the episode as of the later of its own day and `day`; what has not begun begins then at the earliest."""
    as_of, start_on = resolved_dates(episode)
    as_of = max(as_of, day)
    return episode.model_copy(update={"as_of": as_of, "start_on": max(start_on, as_of)})


def _joined(known: tuple[LabResult, ...], new: tuple[LabResult, ...]) -> tuple[LabResult, ...]:
    joined = {sample_of(result): result for result in once_each(known)}
    for result in once_each(new):
        before = joined.get(sample_of(result))
        joined[sample_of(result)] = result if before is None else corrected(before, result)
    return tuple(joined.values())


def _with_findings(episode: Episode, request: AssessmentRequest) -> Episode:
    changes: dict[str, object] = {}
    if request.findings is not None:
        flare = episode.flare or Flare()
        changes["flare"] = flare.model_copy(update={"findings": request.findings})
    if request.adherence_confirmed is not None:
        differential = episode.differential or Differential()
        changes["differential"] = differential.model_copy(update={"adherence_confirmed": request.adherence_confirmed})
    return episode.model_copy(update=changes)
