"""What follows from the course of a treatment: where it stands, how it went, which facts it adds to the episode."""

from datetime import date

from app.clinical.episode import Episode
from app.clinical.progress import Course, PathLevel, StepTaken, Visit
from app.clinical.vocabulary import OptionId, Response

FAILING: frozenset[Response] = frozenset({"escalate", "escalate_urgent", "non_response", "insufficient_response"})
RESPONDING: frozenset[Response] = frozenset({"complete_response", "effective_short_term", "response"})
_LOST: frozenset[Response] = frozenset({"relapse", "loss_of_remission"})
STANDARD_THERAPY: frozenset[OptionId] = frozenset({"prednisone_azathioprine", "prednisone_monotherapy"})


def with_course(episode: Episode, course: Course) -> Episode:
    """Return the episode with what the course adds: a complete response, or the failure of standard therapy."""
    added: dict[str, object] = {}
    if any(visit.response == "complete_response" for visit in course.visits):
        added["complete_response_ever"] = True
    if failed_standard_therapy(course):
        added["context"] = "failure_on_therapy"
    return episode.model_copy(update={"condition": episode.condition.model_copy(update=added)}) if added else episode


def on_standard_therapy(course: Course) -> bool:
    """Whether the steroid, alone or with azathioprine, is followed."""
    return course.following is not None and course.following.option_id in STANDARD_THERAPY


def failed_standard_therapy(course: Course) -> bool:
    """Whether the assessments say that the steroid, alone or with azathioprine, does not do.

    The latest one decides while it is followed; on a later line those of the treatment before do.
    """
    if on_standard_therapy(course):
        return latest_response(course) in FAILING
    return any(visit.response in FAILING for visit in course.visits[: _before(course)])


def assessments(course: Course) -> tuple[Visit, ...]:
    """Return the assessments of the option followed now, oldest first."""
    return tuple(visit for visit in course.visits[_before(course) :] if visit.kind == "assessment")


def _before(course: Course) -> int:
    """Return how many visits came before the option followed now."""
    following = course.following
    if following is None:
        return 0
    return sum(visit.on < following.start_on for visit in course.visits) + following.visits_before


def latest_response(course: Course) -> Response | None:
    """Return the response of the latest assessment, None before the first."""
    return assessments(course)[-1].response if assessments(course) else None


def adherence(course: Course) -> bool | None:
    """Return whether the drugs are taken as prescribed, as the latest assessment has it; None before the first."""
    return assessments(course)[-1].adherence_confirmed if assessments(course) else None


def remission_since(course: Course) -> date | None:
    """Return the first day of the complete response that still lasts; None when there is none."""
    since: date | None = None
    for visit in course.visits:
        if visit.response == "complete_response":
            since = since or visit.on
        elif visit.response in _LOST:
            since = None
    return since


def recorded_remission(episode: Episode) -> date | None:
    """Return the start of a remission that the sender recorded and that the present flare has not ended."""
    since = episode.condition.remission_started_on
    if since is None or episode.condition.context == "in_remission":
        return since
    onset = episode.flare.onset_on if episode.flare is not None else None
    return since if onset is not None and onset < since else None


def own_steps(course: Course) -> tuple[StepTaken, ...]:
    """Return the steps of the option followed now, oldest first; those of an option before it do not count."""
    began = course.following.start_on if course.following else date.max
    return tuple(step for step in course.steps if step.starts_on > began)


def level_index(course: Course) -> int:
    """Return the index of the level that is being taken."""
    return len(own_steps(course))


def current_level(course: Course) -> PathLevel | None:
    """Return the level that is being taken; None where the option followed has no schedule."""
    following = course.following
    return following.path[level_index(course)] if following and following.path else None


def level_days(course: Course) -> tuple[date, ...]:
    """Return the first day of each level that began; none when no option is followed."""
    following = course.following
    return (following.start_on, *(step.starts_on for step in own_steps(course))) if following else ()


def level_began_on(course: Course) -> date | None:
    """Return the day the present dose began; None when no option is followed."""
    days = level_days(course)
    return days[-1] if days else None


def at_floor(course: Course) -> bool:
    """Whether the last level of the schedule is being taken."""
    following = course.following
    return following is not None and bool(following.path) and level_index(course) == len(following.path) - 1


def worsening(course: Course, day: date) -> bool | None:
    """Whether the visits of a day found something new, worse symptoms, a worse liver or a reason to escalate at once.

    None when nobody asked on that day. Findings that were there before are not a worsening. Where nothing is known of
    before, every finding counts as new.
    """
    today = [visit for visit in course.visits if visit.on == day]
    if any(visit.response == "escalate_urgent" or visit.worse for visit in today):
        return True
    asked = [set(visit.findings) for visit in today if visit.findings is not None]
    if not asked:
        return None
    return "worsening_symptoms" in asked[-1] or bool(asked[-1] - _findings_before(course, day))


def _findings_before(course: Course, day: date) -> set[str]:
    """Return the findings known before a day: those of the last visit that told, else those of the start."""
    earlier = [visit.findings for visit in course.visits if visit.on < day and visit.findings is not None]
    first = course.following.findings if course.following else None
    return set(earlier[-1] if earlier else first or ())
