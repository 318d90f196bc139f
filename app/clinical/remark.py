"""The smallest things a plan says. Each carries the rule that said it and the ids it rests on."""

from typing import Annotated

from pydantic import Field

from app.clinical.vocabulary import CitationKind, Confidence, Severity, Verdict
from app.clinical.wire import Number, Wire

CitationIds = Annotated[tuple[str, ...], Field(min_length=1, description="Ids resolved in the plan's `citations`.")]


class Remark(Wire):
    """A reason, block, caution, condition or flag: a stable code, a plain sentence, its sources."""

    code: str
    text: str
    rule: str = Field(description="The rule that said it.")
    citations: CitationIds


class Alert(Remark):
    """A remark about the whole plan, with its severity."""

    severity: Severity


class Citation(Wire):
    """A resolved id. `policy` names the specification section of a limit that rests on no publication."""

    id: str
    kind: CitationKind
    title: str
    authors: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    confidence: Confidence | None = Field(None, description="How sure we are of the publication; null for policies.")
    quote: None = Field(None, description="Always null: sources are paraphrased, never quoted.")


class MissingData(Wire):
    """A fact that is not known, what waits for it, and how to supply it."""

    path: str = Field(description="The field, `patient.weight_kg`, or the analyte, `labs.alt`.")
    needed_for: tuple[str, ...]
    effect: str
    how: str


class ConflictShown(Wire):
    """A contradiction in the sources, both values, and what the service does about it."""

    id: str
    summary: str
    shown_values: tuple[str, ...]
    resolution: str
    citations: CitationIds


class StatementVerdict(Wire):
    """Whether a statement of the source document applies to this patient, and which facts decided it."""

    id: str
    verdict: Verdict
    because: str
    facts: tuple[str, ...]


class ScoreInput(Wire):
    """One input of a score, in the unit the formula uses."""

    name: str
    value: Number | str | bool | None
    unit: str | None = None


class Score(Wire):
    """A clinical score: `raw` is unrounded, `value` as reported; both null when an input is missing."""

    name: str
    version: str
    value: Number | None
    raw: Number | None
    unit: str | None = None
    category: str | None = Field(None, description="Class of the value where the score has one: Child-Pugh A, B or C.")
    inputs: tuple[ScoreInput, ...]
    interpretable: bool
    because: str | None = Field(None, description="Why the score is not interpretable, or what limits it.")
    citations: CitationIds
