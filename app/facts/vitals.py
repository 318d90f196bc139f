"""How long a vital sign counts. An old one reassures nobody; what it shows of harm goes on counting."""

from app.clinical.episode import Episode
from app.facts.dates import resolved_dates, zone_of
from app.facts.freshness import collection_day
from app.knowledge.base import KnowledgeBase

# Vital sign -> the parameter with its window in whole days, the last day included.
_WINDOWS = {
    "temperature_c": "temperature_current_days",
    "systolic_bp": "blood_pressure_current_days",
    "diastolic_bp": "blood_pressure_current_days",
    "qtc_ms": "qtc_current_days",
}


def stale_vitals(episode: Episode, kb: KnowledgeBase) -> frozenset[str]:
    """Return the vital signs that were measured too long ago to be a baseline on the day of the plan.

    Without `measured_at` they count as measured for the plan.
    """
    vitals = episode.vitals
    if vitals is None or vitals.measured_at is None:
        return frozenset()
    as_of, _ = resolved_dates(episode)
    age = (as_of - collection_day(vitals.measured_at, zone_of(episode.site))).days
    sent = (name for name in _WINDOWS if getattr(vitals, name) is not None)
    return frozenset(name for name in sent if age > kb.whole(_WINDOWS[name]))
