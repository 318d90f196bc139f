"""The pages of the knowledge base, written once per process: they change only with its version."""

from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel

from app.api.v1.knowledge_models import (
    Analyte,
    AnalyteList,
    ConditionList,
    ConflictList,
    Drug,
    DrugList,
    KnowledgeSummary,
    ReferenceList,
    StatementList,
)
from app.clinical.plan import KnowledgeStamp
from app.knowledge.base import KnowledgeBase

Row = TypeVar("Row", bound=BaseModel)

_TABLES = ("statements", "references", "conflicts", "drugs", "conditions", "analytes")


class Shelf:
    """Ready bytes by page name, under one entity tag."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.etag = f'"{kb.digest}"'
        self._pages = {name: page.model_dump_json().encode() for name, page in _pages(kb).items()}

    def page(self, name: str) -> bytes:
        """Return a page as it goes out."""
        return self._pages[name]


def _pages(kb: KnowledgeBase) -> dict[str, BaseModel]:
    manifest = kb.manifest
    stamp = KnowledgeStamp(id=manifest.id, version=manifest.version, digest=kb.digest, provenance=manifest.provenance)
    citable = [row for row in kb.references.values() if row.id in kb.citations]
    return {
        "summary": _summary(kb),
        "statements": StatementList(knowledge=stamp, items=tuple(kb.statements.values())),
        "references": ReferenceList(knowledge=stamp, items=tuple(citable)),
        "conflicts": ConflictList(knowledge=stamp, items=tuple(kb.conflicts.values())),
        "drugs": DrugList(knowledge=stamp, items=_as(Drug, kb.drugs.values())),
        "conditions": ConditionList(knowledge=stamp, items=tuple(kb.conditions.values())),
        "analytes": AnalyteList(knowledge=stamp, items=_as(Analyte, kb.analytes.values())),
    }


def _summary(kb: KnowledgeBase) -> KnowledgeSummary:
    manifest = kb.manifest
    return KnowledgeSummary(
        id=manifest.id,
        version=manifest.version,
        digest=kb.digest,
        title=manifest.title,
        provenance=manifest.provenance,
        notice=manifest.notice,
        counts={name: len(getattr(kb, name)) for name in _TABLES},
        links={name: f"/v1/knowledge/{name}" for name in _TABLES},
    )


def _as(model: type[Row], rows: Iterable[BaseModel]) -> tuple[Row, ...]:
    """Return rows in their wire form; the values stay the same objects."""
    return tuple(model.model_validate(row, from_attributes=True) for row in rows)
