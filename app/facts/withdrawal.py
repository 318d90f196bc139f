"""Audit of how tacrolimus was stopped: over how long, and how soon the flare came (S28, S29)."""

from datetime import date

from app.clinical.course import WithdrawalAudit
from app.clinical.episode import Episode
from app.clinical.medicine import Tacrolimus
from app.facts.dates import one_month_after

_CITES = ("S28", "S29", "P-month", "P-withdrawal-audit")


def audit_withdrawal(episode: Episode) -> WithdrawalAudit | None:
    """Return the audit of the recorded tacrolimus course, None without one."""
    course = episode.tacrolimus
    if course is None:
        return None
    onset = episode.flare.onset_on if episode.flare else None
    too_short = _too_short(course)
    return WithdrawalAudit(
        taper_days=_days(course.taper_started_on, course.stopped_on),
        stop_to_flare_days=_days(course.stopped_on, onset),
        too_short=too_short,
        detail=_detail(course, too_short=too_short),
        citations=_CITES,
    )


def _too_short(course: Tacrolimus) -> bool | None:
    """Return whether the stop was abrupt or took less than a month; a recorded abrupt stop wins over dates."""
    if course.stop_manner == "abrupt":
        return True
    if course.taper_started_on is None or course.stopped_on is None:
        return None
    return course.stopped_on < one_month_after(course.taper_started_on)


def _days(start: date | None, end: date | None) -> int | None:
    return None if start is None or end is None else (end - start).days


def _detail(course: Tacrolimus, *, too_short: bool | None) -> str:
    if course.stop_manner == "abrupt":
        return "Tacrolimus is recorded as stopped abruptly; a planned withdrawal takes at least one month."
    days = _days(course.taper_started_on, course.stopped_on)
    if days is None:
        return "Over how long tacrolimus was tapered is not recorded."
    judged = "less than" if too_short else "at least"
    return f"Tacrolimus was tapered over {days} days, {judged} the one month a planned withdrawal takes."
