"""The knowledge base on the wire: its rows as they are, with JSON numbers for decimals."""

from pydantic import BaseModel, ConfigDict, Field

from app.clinical.plan import KnowledgeStamp
from app.clinical.wire import Number, Wire
from app.knowledge.entries import (
    AnalyteInfo,
    ConditionInfo,
    Conflict,
    DrugInfo,
    Reference,
    Statement,
    Strength,
    UnitForm,
)


class AcceptedUnit(UnitForm):
    """A unit that a result may come in: canonical value = value x factor + offset."""

    factor: Number
    offset: Number


class Analyte(AnalyteInfo):
    """A laboratory analyte: codes, accepted units, plausible range in the canonical unit, freshness in days."""

    units: tuple[AcceptedUnit, ...]
    plausible_low: Number
    plausible_high: Number


class MarketedStrength(Strength):
    """A tablet or capsule strength in mg; `scored` says that it may be halved."""

    mg: Number


class Drug(DrugInfo):
    """A drug that an option may name."""

    strengths: tuple[MarketedStrength, ...]


class LoadedVersion(Wire):
    """A version that is loaded. The present one decides; an earlier one reads again what it decided."""

    version: str
    digest: str
    present: bool


class KnowledgeSummary(Wire):
    """Which knowledge decides, and how much of it there is."""

    id: str
    version: str
    digest: str
    title: str
    provenance: str
    notice: str
    counts: dict[str, int]
    links: dict[str, str]
    versions: tuple[LoadedVersion, ...] = Field(description="Every loaded version, the present one first.")


class _Table(BaseModel):
    """A whole table under the version it belongs to."""

    model_config = ConfigDict(from_attributes=True, frozen=True, extra="forbid")

    knowledge: KnowledgeStamp


class StatementList(_Table):
    """All statements of the source document, paraphrased."""

    items: tuple[Statement, ...]


class ReferenceList(_Table):
    """The publications that may be cited."""

    items: tuple[Reference, ...]


class ConflictList(_Table):
    """Contradictions between sources, both values and the resolution."""

    items: tuple[Conflict, ...]


class DrugList(_Table):
    """The drugs that an option may name."""

    items: tuple[Drug, ...]


class ConditionList(_Table):
    """The conditions and what the service does for each."""

    items: tuple[ConditionInfo, ...]


class AnalyteList(_Table):
    """The analytes with their accepted units."""

    items: tuple[Analyte, ...]
