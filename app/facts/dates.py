"""Calendar arithmetic. Days are days of the site's time zone; a month is the longer of two readings."""

from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from app.clinical.episode import Episode, Site
from app.clinical.medicine import Patient

UTC = ZoneInfo("UTC")
# Files beside the zone data that name the machine's own setting, not a place.
_NO_PLACES = frozenset({"localtime", "posixrules"})
_ONE_MONTH_IN_DAYS = 30


def zone_named(name: str) -> ZoneInfo | None:
    """Return the IANA time zone of that name, or None when there is none."""
    if name in _NO_PLACES:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_of(site: Site | None) -> ZoneInfo:
    """Return the site's time zone; UTC when it gave none (an unknown name is a fault reported elsewhere)."""
    name = site.time_zone if site else None
    return UTC if name is None else zone_named(name) or UTC


def with_dates(episode: Episode, now: datetime) -> Episode:
    """Return the episode with `as_of` (default: today in the site's zone) and `start_on` (default: `as_of`)."""
    as_of = episode.as_of or now.astimezone(zone_of(episode.site)).date()
    return episode.model_copy(update={"as_of": as_of, "start_on": episode.start_on or as_of})


def resolved_dates(episode: Episode) -> tuple[date, date]:
    """Return `as_of` and `start_on` of an episode that went through `with_dates`; ValueError otherwise."""
    if episode.as_of is None or episode.start_on is None:
        raise ValueError("the dates of the episode are not resolved")
    return episode.as_of, episode.start_on


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day where it is shorter."""
    return day + relativedelta(months=months)


def one_month_after(day: date) -> date:
    """Return the day on which "one month" is over: the later of a calendar month and thirty days (P-month)."""
    return max(add_months(day, 1), day + timedelta(days=_ONE_MONTH_IN_DAYS))


def age_on(patient: Patient, day: date) -> int:
    """Return completed years on `day`.

    Who was born on 29 February is a year older on 1 March of a common year: the later reading keeps a minor a minor.
    """
    born = patient.birth_date
    if born is None:
        return cast("int", patient.age_years)  # the contract takes exactly one of the two
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
