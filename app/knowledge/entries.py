"""The rows of the knowledge tables: what each may hold, with the sources it names."""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.clinical.vocabulary import Analyte, ConditionCode, Drug, ReferralTarget, Urgency

Grade = Literal["C", "2", "R", "D", "E"]
StatementStatus = Literal["implemented", "text_only", "manual"]


class Entry(BaseModel):
    """Base of every knowledge row: frozen, no unknown keys, numbers as Decimal."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(Entry):
    """A row that names its sources."""

    cites: tuple[str, ...] = Field(min_length=1)


class Manifest(Entry):
    """What this knowledge base is, its version and what every plan says about it."""

    id: str
    version: str
    title: str
    provenance: str
    notice: str


class Statement(Entry):
    """One statement of the source document, paraphrased."""

    id: str
    section: str
    line: int = Field(description="Line of the source document, its title being line 1.")
    references: tuple[int, ...]
    text: str
    status: StatementStatus
    why: str | None = Field(None, description="Why it is not computed; required unless implemented.")


class Reference(Entry):
    """An identified publication and how sure we are of it."""

    id: str
    title: str
    authors: str | None = None
    year: int | None = None
    journal: str | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    confidence: Literal["verified", "probable", "unresolved"]
    grade: Grade
    number: int | None = Field(None, description="The source document's own reference number, 1-4.")
    note: str | None = None


class Policy(Entry):
    """A section of the specification that sets a limit resting on no publication."""

    id: str
    title: str


class Conflict(Cited):
    """A contradiction in the sources with both values and what the service does."""

    id: str
    summary: str
    statements: tuple[str, ...]
    shown_values: tuple[str, ...]
    resolution: str


class Parameter(Cited):
    """One number the code uses."""

    name: str
    value: Decimal
    unit: str
    note: str | None = None


class UnitForm(Entry):
    """An accepted unit: canonical = value x factor + offset."""

    code: str
    synonyms: tuple[str, ...] = ()
    factor: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)


class AnalyteInfo(Cited):
    """A laboratory analyte: codes, accepted units, plausible range (canonical unit) and freshness in days."""

    key: Analyte
    title: str
    loinc: tuple[str, ...]
    unit: str
    units: tuple[UnitForm, ...] = Field(min_length=1)
    plausible_low: Decimal
    plausible_high: Decimal
    stable_days: int | None
    flare_days: int | None = None
    note: str | None = None


class Strength(Entry):
    """A marketed strength; capsules and modified-release forms are never halved."""

    mg: Decimal
    scored: bool = False


class DrugInfo(Cited):
    """A drug this service may name in an option."""

    key: Drug
    title: str
    rxnorm: str
    atc: str
    form: Literal["tablet", "capsule", "infusion"]
    formulation: str
    strengths: tuple[Strength, ...]
    dose_emitted: bool = Field(description="False: named only, no dose is ever produced.")
    boxed_warning: str | None = None
    note: str | None = None


class Substance(Cited):
    """A name table row: anything a medication list may hold, with the classes interactions work on."""

    key: str
    names: tuple[str, ...] = Field(description="Lower-case generic names, brands and spellings, the key included.")
    rxnorm: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    ingredients: tuple[str, ...] = Field((), description="For a combination product: the substance keys it contains.")


class Interaction(Cited):
    """What happens when `drug` (current or suggested) meets `partner` (a substance key or a class)."""

    id: str
    code: str
    drug: str = Field(description="Drug key or class of the suggested or current drug.")
    partner: str = Field(description="Substance key or class.")
    effect: Literal["block", "caution"]
    text: str
    action: str


class Marker(Entry):
    """A disease-specific marker: analytes of the contract, or a test named in words."""

    title: str
    analytes: tuple[Analyte, ...] = ()
    due_days: int = 14


class ConditionInfo(Cited):
    """The policy row of a condition (specification section 8)."""

    key: ConditionCode
    title: str
    snomed_ct: tuple[str, ...]
    icd_10_cm: tuple[str, ...]
    dosing: bool
    referral: ReferralTarget
    urgency: Urgency
    urgency_organ_threatening: Urgency
    markers: tuple[Marker, ...]
    red_flags: tuple[str, ...]
    tiers: tuple[str, ...]
    tacrolimus_target: str
    remission: str
    specialist_text: str
    applies: tuple[str, ...] = Field(description="Statement ids that apply.")
    overridden: dict[str, str] = Field(description="Statement id -> why it does not apply here.")


class MonitoringRow(Cited):
    """A recurring test set. `after_days` counts from treatment start."""

    code: str
    title: str
    analytes: tuple[Analyte, ...]
    after_days: int
    repeat_days: int
    until: str
    reason: str


class TaskRow(Cited):
    """A dated baseline, prophylaxis or follow-up task."""

    code: str
    title: str
    after_days: int
    gate: Literal["hard", "soft"]


class TextRow(Cited):
    """A cited sentence shown as evidence: trough ranges, relapse risks, response rates, guideline comparisons."""

    id: str
    topic: str
    text: str
    condition: str | None = None
