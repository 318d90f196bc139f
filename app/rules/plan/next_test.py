"""When a recurring test set is due next: as planned before treatment, after it from the last results."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from app.clinical.course import MonitoringItem
from app.facts.course import at_floor, remission_since
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import MonitoringRow

LIVER = ("liver_labs", "liver_labs_monthly", "liver_labs_quarterly")
BLOOD_COUNT = ("cbc_weekly", "cbc_twice_monthly", "cbc_monthly")


def planned(code: str, facts: Facts, kb: KnowledgeBase) -> MonitoringItem:
    """Return a test set with the day it is due next."""
    row = kb.monitoring[code]
    return monitoring_item(row, due_on(row, facts))


def due_on(row: MonitoringRow, facts: Facts) -> date:
    """Return the day: so long after the last results since treatment began, before any on the day planned at first."""
    first = facts.treatment_start + timedelta(days=row.after_days)
    last = _last_taken(row, facts)
    return first if last is None else last + timedelta(days=row.repeat_days)


def monitoring_item(row: MonitoringRow, day: date) -> MonitoringItem:
    """Return the item of a plan."""
    return MonitoringItem(
        code=row.code,
        title=row.title,
        analytes=row.analytes,
        due_on=day,
        repeat_days=row.repeat_days,
        until=row.until,
        reason=row.reason,
        citations=row.cites,
    )


def liver_stage(facts: Facts, kb: KnowledgeBase) -> tuple[str, ...]:
    """Return the liver test sets that lie ahead: once under way only the one in force, its text says what follows."""
    if facts.course is None or not facts.begun:
        return LIVER
    if remission_since(facts.course) is not None:
        return LIVER[-1:] if at_floor(facts.course) else LIVER[1:2]
    return _by_day(LIVER[:2], facts, kb)


def blood_count_stage(facts: Facts, kb: KnowledgeBase) -> tuple[str, ...]:
    """Return the blood counts of azathioprine that lie ahead, in the same way."""
    return _by_day(BLOOD_COUNT, facts, kb) if facts.begun else BLOOD_COUNT


def _by_day(codes: Iterable[str], facts: Facts, kb: KnowledgeBase) -> tuple[str, ...]:
    """Return the set in force today: a set gives way one interval before the first day of the next."""
    day, rows = (facts.as_of - facts.treatment_start).days, [kb.monitoring[code] for code in codes]
    in_force = rows[0]
    for _, later in pairwise(rows):
        if day >= later.after_days - later.repeat_days:
            in_force = later
    return (in_force.code,)


def _last_taken(row: MonitoringRow, facts: Facts) -> date | None:
    """Return the day since which the set is complete; None while one of its tests has no result under treatment."""
    days = [facts.labs[name].collected_on for name in row.analytes]
    known = [day for day in days if day is not None and day > facts.treatment_start]
    return min(known, default=None) if len(known) == len(days) else None
