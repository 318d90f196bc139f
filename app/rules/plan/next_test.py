"""When a recurring test set is due next: as planned before treatment, after it from the last results."""

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
    start = _start(row.code, facts)
    first = start + timedelta(days=row.after_days)
    last = _last_taken(row, facts, start)
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


def _start(code: str, facts: Facts) -> date:
    """Return the day from which a set counts: blood counts watch azathioprine from its own first day."""
    return facts.start_of("azathioprine") if code in BLOOD_COUNT else facts.treatment_start


def blood_count_stage(facts: Facts, kb: KnowledgeBase) -> tuple[str, ...]:
    """Return the blood counts of azathioprine that lie ahead, in the same way."""
    return _by_day(BLOOD_COUNT, facts, kb) if facts.begun else BLOOD_COUNT


def _by_day(codes: tuple[str, ...], facts: Facts, kb: KnowledgeBase) -> tuple[str, ...]:
    """Return the set in force today: a set gives way one interval before the first day of the next."""
    day, rows = (facts.as_of - _start(codes[0], facts)).days, [kb.monitoring[code] for code in codes]
    in_force = rows[0]
    for _, later in pairwise(rows):
        if day >= later.after_days - later.repeat_days:
            in_force = later
    return (in_force.code,)


def _last_taken(row: MonitoringRow, facts: Facts, start: date) -> date | None:
    """Return the day since which the set is complete; None while one of its tests has no result after `start`."""
    days = [facts.labs[name].collected_on for name in row.analytes]
    known = [day for day in days if day is not None and day > start]
    return min(known, default=None) if len(known) == len(days) else None
