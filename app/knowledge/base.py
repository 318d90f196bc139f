"""The knowledge base as values: every number, table row and sentence with the sources it rests on.

`load.py` builds it from `data/`; nothing here reads a file. Ids are stable: S01-S49 statements, REF1-REF4 and
register keys (K07, ESE24, ...) publications, C01-C26 conflicts, P-... specification sections (policies).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.clinical.plan import KnowledgeStamp
from app.clinical.remark import Citation
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
    repeat_days: int | None
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


@dataclass(frozen=True, eq=False)
class KnowledgeBase:
    """All tables by key, with the version and digest that go into every plan.

    Each is equal to itself only, so that what is derived from it once can be kept beside it.
    """

    manifest: Manifest
    digest: str
    statements: dict[str, Statement]
    references: dict[str, Reference]
    policies: dict[str, Policy]
    conflicts: dict[str, Conflict]
    parameters: dict[str, Parameter]
    analytes: dict[str, AnalyteInfo]
    drugs: dict[str, DrugInfo]
    substances: dict[str, Substance]
    interactions: dict[str, Interaction]
    conditions: dict[str, ConditionInfo]
    monitoring: dict[str, MonitoringRow]
    tasks: dict[str, TaskRow]
    texts: dict[str, TextRow]

    def number(self, name: str) -> Decimal:
        """Return the value of a parameter; an unknown name is a programming error and raises KeyError."""
        return self.parameters[name].value

    def whole(self, name: str) -> int:
        """Return a parameter that counts days, months or pieces."""
        return int(self.parameters[name].value)

    @cached_property
    def stamp(self) -> KnowledgeStamp:
        """What every plan says about the knowledge that decided it."""
        manifest = self.manifest
        return KnowledgeStamp(
            id=manifest.id, version=manifest.version, digest=self.digest, provenance=manifest.provenance
        )

    @cached_property
    def citations(self) -> dict[str, Citation]:
        """Every citable id, resolved once."""
        return {
            **{key: _statement_citation(row) for key, row in self.statements.items()},
            **{key: _reference_citation(row) for key, row in self.references.items() if row.grade != "R"},
            **{key: Citation(id=key, kind="policy", title=row.title) for key, row in self.policies.items()},
            **{
                key: Citation(id=key, kind="policy", title=f"Conflict {key}: {row.summary}")
                for key, row in self.conflicts.items()
            },
        }

    @cached_property
    def interactions_by_drug(self) -> dict[str, tuple[tuple[Interaction, str], ...]]:
        """Drug key -> its interaction rows with the partner key or class, whichever side the drug stands on."""
        return {key: tuple(self._interactions_of(key)) for key in self.drugs}

    def _interactions_of(self, key: str) -> Iterator[tuple[Interaction, str]]:
        mine = {key, *self.substances[key].classes}
        for row in self.interactions.values():
            if row.drug in mine:
                yield row, row.partner
            elif row.partner in mine:
                yield row, row.drug

    @cached_property
    def names(self) -> dict[str, str]:
        """Lower-case name or RxNorm code -> substance key."""
        rows = self.substances.values()
        return {name: row.key for row in rows for name in (*row.names, *row.rxnorm)}


def _statement_citation(row: Statement) -> Citation:
    return Citation(id=row.id, kind="statement", title=f"Source document, line {row.line}: {row.text}")


def _reference_citation(row: Reference) -> Citation:
    known = row.confidence != "unresolved"
    title = row.title if row.journal is None else f"{row.title}. {row.journal}"
    return Citation(
        id=row.id,
        kind="reference",
        title=title if known else f"Reference {row.number} of the source document: publication not established",
        authors=row.authors if known else None,
        year=row.year if known else None,
        doi=row.doi if known else None,
        pmid=row.pmid if known else None,
        url=row.url if known else None,
        confidence=row.confidence,
    )
