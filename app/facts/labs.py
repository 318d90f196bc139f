"""Laboratory facts: the latest result of every analyte and the series behind it, in canonical units."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.clinical.episode import LabResult
from app.clinical.vocabulary import Analyte
from app.facts.facts import LabFact, LabPoint
from app.facts.freshness import collection_day, old_for_flare, status
from app.facts.samples import once_each
from app.facts.units import as_sent, canonical, unit_form
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import AnalyteInfo, UnitForm

_SECONDS_PER_HOUR = 3600
_HOURS_PER_DAY = 24
_AT_ONCE = Decimal(0)
_by_instant = attrgetter("collected_at")

Series = dict[Analyte, tuple[LabPoint, ...]]


class Labs(NamedTuple):
    """Of every analyte of the knowledge base the latest result and all results, stale ones too."""

    facts: dict[Analyte, LabFact]
    series: Series


def read_labs(results: Iterable[LabResult], as_of: date, zone: ZoneInfo, kb: KnowledgeBase) -> Labs:
    """Return the results as facts of the day `as_of`; each is converted once."""
    labs = Labs(dict(_no_labs(kb)), dict.fromkeys(_no_labs(kb), ()))
    for analyte, found in _oldest_first(results).items():
        info = kb.analytes[analyte]
        points = tuple(_points(found, zone, info))
        labs.series[analyte] = points
        labs.facts[analyte] = _latest(found[-1], points[-1], as_of, info)
    return labs


@lru_cache(maxsize=2)
def _no_labs(kb: KnowledgeBase) -> dict[Analyte, LabFact]:
    return {info.key: LabFact(info.key, "absent", info.unit) for info in kb.analytes.values()}


def _oldest_first(results: Iterable[LabResult]) -> dict[Analyte, list[LabResult]]:
    """Return the results by analyte, one of each instant."""
    grouped: dict[Analyte, list[LabResult]] = {}
    for result in once_each(results):
        grouped.setdefault(result.analyte, []).append(result)
    for found in grouped.values():
        found.sort(key=_by_instant)
    return grouped


def _points(results: list[LabResult], zone: ZoneInfo, info: AnalyteInfo) -> Iterator[LabPoint]:
    start = results[0].collected_at
    for result in results:
        form = _form(result, info)
        hours = _hours(result.collected_at - start) if result is not results[0] else _AT_ONCE
        day, limit = collection_day(result.collected_at, zone), _limit(result.upper_limit_normal, form)
        yield LabPoint(canonical(result.value, form), day, hours, limit)


def _form(result: LabResult, info: AnalyteInfo) -> UnitForm:
    """Return how the result's unit converts; ValueError for one that `find_faults` refuses."""
    form = unit_form(info, result.unit)
    if form is None:
        raise ValueError(f"{result.unit} is not a unit of {info.key}")
    return form


def _latest(result: LabResult, point: LabPoint, as_of: date, info: AnalyteInfo) -> LabFact:
    form = _form(result, info)
    age = (as_of - point.collected_on).days
    now = status(info, age)
    return LabFact(
        analyte=result.analyte,
        status=now,
        unit=info.unit,
        value=point.value if now == "known" else None,
        upper_limit=_limit(result.upper_limit_normal, form),
        lower_limit=_limit(result.lower_limit_normal, form),
        collected_on=point.collected_on,
        age_days=age,
        old_for_flare=old_for_flare(info, age),
        matrix=result.matrix,
        assay=result.assay,
        hours_since_dose=_hours_since_dose(result),
        as_sent=as_sent(result),
    )


def _limit(limit: Decimal | None, form: UnitForm) -> Decimal | None:
    return None if limit is None else canonical(limit, form)


def _hours_since_dose(result: LabResult) -> Decimal | None:
    return None if result.last_dose_at is None else _hours(result.collected_at - result.last_dose_at)


def _hours(span: timedelta) -> Decimal:
    return Decimal(span.days * _HOURS_PER_DAY) + Decimal(span.seconds) / _SECONDS_PER_HOUR
