"""How long a result counts. Windows are whole days of the site's calendar, their last day included (P-freshness)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.facts.facts import LabStatus
from app.knowledge.entries import AnalyteInfo


def collection_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day on which a result was collected, as the site's calendar has it."""
    return instant.astimezone(zone).date()


def status(info: AnalyteInfo, age_days: int) -> LabStatus:
    """Return `stale` past the analyte's stable window, otherwise `known`; without a window nothing gets stale."""
    return "stale" if info.stable_days is not None and age_days > info.stable_days else "known"


def old_for_flare(info: AnalyteInfo, age_days: int) -> bool:
    """Return whether the result is past the shorter window that holds while the disease is severe."""
    return info.flare_days is not None and age_days > info.flare_days
