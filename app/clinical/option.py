"""A treatment option: its standing, its doses and everything that led to them."""

from pydantic import Field

from app.clinical.remark import CitationIds, Remark
from app.clinical.taper import TabletCount, Taper
from app.clinical.vocabulary import OptionId, Standing
from app.clinical.wire import Day, Number, Wire


class CalculationStep(Wire):
    """One line of the dose arithmetic."""

    step: str
    value: Number | None
    unit: str
    rule: str
    citations: CitationIds


class DoseRange(Wire):
    """A daily dose range in mg."""

    low: Number
    high: Number


class MedicationPlan(Wire):
    """One drug of an option. A null dose is never a zero: it is withheld, and the option says why."""

    drug: str
    rxnorm: str | None
    dose_mg_per_day: Number | None
    dose_range_mg_per_day: DoseRange | None = None
    dose_mg_per_intake: Number | None = None
    intakes_per_day: int | None = None
    mg_per_kg: Number | None = None
    starts_on: Day | None = None
    deferred_until: str | None = Field(None, description="What has to happen before the dose is given.")
    formulation: str | None = None
    tablets: tuple[TabletCount, ...] = Field(description="Tablets or capsules for one day.")
    calculation: tuple[CalculationStep, ...]


class Option(Wire):
    """A treatment option with its standing and everything that led to it."""

    id: OptionId
    standing: Standing
    rank: int | None
    title: str
    specialist_dose: bool
    medications: tuple[MedicationPlan, ...]
    reasons: tuple[Remark, ...]
    blocks: tuple[Remark, ...]
    cautions: tuple[Remark, ...]
    conditions: tuple[Remark, ...]
    taper: Taper | None
    citations: CitationIds
