"""Results of one sample: the same analyte at the same instant is one result, however often it was sent."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from app.clinical.episode import LabResult
from app.clinical.vocabulary import Analyte
from app.facts.units import canonical, unit_form
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import AnalyteInfo

Sample = tuple[Analyte, datetime]
_Told = tuple[Decimal | None, Decimal | None, Decimal | None, str | None, datetime | None]


def sample_of(result: LabResult) -> Sample:
    """Return what two tellings of one result have in common."""
    return result.analyte, result.collected_at


def contradicting(results: Sequence[LabResult], kb: KnowledgeBase) -> list[int]:
    """Return the places of results that another one of the same sample contradicts.

    Value and limits are compared in the analyte's own unit; what only one of them says contradicts nothing. A unit
    that is not accepted says nothing here.
    """
    by_sample: dict[Sample, list[int]] = {}
    for index, result in enumerate(results):
        by_sample.setdefault(sample_of(result), []).append(index)
    repeated = (places for places in by_sample.values() if len(places) > 1)
    return sorted(index for places in repeated for index in _unlike(results, places, kb))


def _unlike(results: Sequence[LabResult], places: list[int], kb: KnowledgeBase) -> Iterable[int]:
    told = {index: _told(results[index], kb.analytes[results[index].analyte]) for index in places}
    answers = [{answer for answer in column if answer is not None} for column in zip(*told.values(), strict=True)]
    disputed = [place for place, column in enumerate(answers) if len(column) > 1]
    return (index for index, said in told.items() if any(said[place] is not None for place in disputed))


def _told(result: LabResult, info: AnalyteInfo) -> _Told:
    form = unit_form(info, result.unit)
    if form is None:
        return None, None, None, result.matrix, result.last_dose_at
    numbers = (result.value, result.upper_limit_normal, result.lower_limit_normal)
    value, upper, lower = (None if number is None else canonical(number, form) for number in numbers)
    return value, upper, lower, result.matrix, result.last_dose_at


def once_each(results: Iterable[LabResult]) -> list[LabResult]:
    """Return one result of each sample: the one that says most, of equals the later in the list."""
    kept: dict[Sample, LabResult] = {}
    for result in results:
        known = kept.get(sample_of(result))
        if known is None or _says(result) >= _says(known):
            kept[sample_of(result)] = result
    return list(kept.values())


def _says(result: LabResult) -> tuple[bool, ...]:
    details = (result.upper_limit_normal, result.lower_limit_normal, result.matrix, result.last_dose_at)
    return tuple(detail is not None for detail in details)


def corrected(known: LabResult, new: LabResult) -> LabResult:
    """Return a result as it was sent last; what it leaves out in the same unit stays as it was known."""
    if known.unit != new.unit:
        return new
    return known.model_copy(update={name: value for name, value in new if value is not None})
