"""The knowledge base as values: every number, table row and sentence with the sources it rests on.

`load.py` builds it from `data/`; nothing here reads a file. Ids are stable: S01-S49 statements, REF1-REF4 and
register keys (K07, ESE24, ...) publications, C01-C26 conflicts, P-... specification sections (policies).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from app.clinical.plan import KnowledgeStamp
from app.clinical.remark import Citation, ConflictShown
from app.knowledge.entries import (
    AnalyteInfo,
    ConditionInfo,
    Conflict,
    DrugInfo,
    Interaction,
    Manifest,
    MonitoringRow,
    Parameter,
    Policy,
    Reference,
    Statement,
    Substance,
    TaskRow,
    TextRow,
)


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
    def conflicts_shown(self) -> dict[str, ConflictShown]:
        """Every conflict in the contract's form, built once."""
        return {key: _shown(row) for key, row in self.conflicts.items()}

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
    def citation_order(self) -> dict[str, int]:
        """Citable id -> its place: statements, references, policies, each by id."""
        kinds = ("statement", "reference", "policy")
        rows = sorted(self.citations.values(), key=lambda row: (kinds.index(row.kind), row.id))
        return {row.id: place for place, row in enumerate(rows)}

    @cached_property
    def names(self) -> dict[str, str]:
        """Lower-case name or RxNorm code -> substance key."""
        rows = self.substances.values()
        return {name: row.key for row in rows for name in (*row.names, *row.rxnorm)}


def _shown(row: Conflict) -> ConflictShown:
    return ConflictShown(
        id=row.id,
        summary=row.summary,
        shown_values=row.shown_values,
        resolution=row.resolution,
        citations=row.cites,
    )


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
