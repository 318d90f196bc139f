"""What follows from the course of a treatment: where it stands, how it went, which facts it adds to the episode."""

from datetime import date

from app.clinical.episode import Episode
from app.clinical.progress import Course, PathLevel, Visit
from app.clinical.vocabulary import OptionId, Response

FAILING: frozenset[Response] = frozenset({"escalate", "escalate_urgent", "non_response", "insufficient_response"})
RESPONDING: frozenset[Response] = frozenset({"complete_response", "effective_short_term", "response"})
_LOST: frozenset[Response] = frozenset({"relapse", "loss_of_remission"})
_STANDARD_THERAPY: frozenset[OptionId] = frozenset({"prednisone_azathioprine", "prednisone_monotherapy"})


def with_course(episode: Episode, course: Course) -> Episode:
    """Return the episode with what the course adds: a complete response, or the failure of standard therapy."""
    added: dict[str, object] = {}
    if any(visit.response == "complete_response" for visit in course.visits):
        added["complete_response_ever"] = True
    if failed_standard_therapy(course):
        added["context"] = "failure_on_therapy"
    return episode.model_copy(update={"condition": episode.condition.model_copy(update=added)}) if added else episode


def failed_standard_therapy(course: Course) -> bool:
    """Whether the latest assessment says that the steroid, alone or with azathioprine, does not do."""
    following = course.following
    return following is not None and following.option_id in _STANDARD_THERAPY and latest_response(course) in FAILING


def assessments(course: Course) -> tuple[Visit, ...]:
    """Return the assessments of the option followed now, oldest first."""
    began = course.following.start_on if course.following else date.min
    return tuple(visit for visit in course.visits if visit.kind == "assessment" and visit.on >= began)


def latest_response(course: Course) -> Response | None:
    """Return the response of the latest assessment, None before the first."""
    return assessments(course)[-1].response if assessments(course) else None


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


def level_index(course: Course) -> int:
    """Return the index of the level that is being taken."""
    return course.steps[-1].index if course.steps else 0


def current_level(course: Course) -> PathLevel | None:
    """Return the level that is being taken; None where the option followed has no schedule."""
    following = course.following
    return following.path[level_index(course)] if following and following.path else None


def level_began_on(course: Course) -> date | None:
    """Return the day the present dose began; None when no option is followed."""
    if course.steps:
        return course.steps[-1].starts_on
    return course.following.start_on if course.following else None


def at_floor(course: Course) -> bool:
    """Whether the last level of the schedule is being taken."""
    following = course.following
    return following is not None and bool(following.path) and level_index(course) == len(following.path) - 1


def worsening(course: Course) -> bool | None:
    """Whether the latest visit found something new, or worse symptoms; None when it was not asked.

    Findings that were there before are not a worsening. Where nothing is known of before, every finding counts as new.
    """
    if not course.visits or course.visits[-1].findings is None:
        return None
    now = set(course.visits[-1].findings)
    return "worsening_symptoms" in now or bool(now - findings_before(course))


def findings_before(course: Course) -> set[str]:
    """Return the findings known before the latest visit."""
    earlier = [visit.findings for visit in course.visits[:-1] if visit.findings is not None]
    first = course.following.findings if course.following else None
    return set(earlier[-1] if earlier else first or ())
