"""Units: each analyte has its list, a value is converted once, and what was sent is kept."""

from decimal import Decimal

from app.clinical.episode import LabResult
from app.knowledge.entries import AnalyteInfo, UnitForm


def unit_form(info: AnalyteInfo, unit: str) -> UnitForm | None:
    """Return the accepted form of `unit` for the analyte, by UCUM code or listed synonym; None refuses it."""
    for form in info.units:
        if unit == form.code or unit in form.synonyms:
            return form
    return None


def accepted_units(info: AnalyteInfo) -> tuple[str, ...]:
    """Return the UCUM codes a result of the analyte may carry."""
    return tuple(form.code for form in info.units)


def canonical(value: Decimal, form: UnitForm) -> Decimal:
    """Return `value` in the analyte's own unit."""
    return value * form.factor + form.offset


def as_sent(result: LabResult) -> str:
    """Return value and unit as they came, for display beside the converted value."""
    return f"{result.value:f} {result.unit}"
