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
    LoadedVersion,
    ReferenceList,
    StatementList,
)
from app.clinical.plan import KnowledgeStamp
from app.knowledge.versions import KnowledgeVersions

Row = TypeVar("Row", bound=BaseModel)

SUMMARY = "summary"
_TABLES = ("statements", "references", "conflicts", "drugs", "conditions", "analytes")


class Shelf:
    """Ready bytes by page name, each under its entity tag."""

    def __init__(self, versions: KnowledgeVersions) -> None:
        self._pages = {name: page.model_dump_json().encode() for name, page in _pages(versions).items()}
        self._etag = f'"{versions.present.digest}"'
        self._all_loaded = f'"{"-".join(kb.digest for kb in versions.loaded)}"'

    def page(self, name: str) -> bytes:
        """Return a page as it goes out."""
        return self._pages[name]

    def etag(self, name: str) -> str:
        """Return the version mark of a page: the summary changes also when another earlier version is loaded."""
        return self._all_loaded if name == SUMMARY else self._etag


def _pages(versions: KnowledgeVersions) -> dict[str, BaseModel]:
    kb = versions.present
    manifest = kb.manifest
    stamp = KnowledgeStamp(id=manifest.id, version=manifest.version, digest=kb.digest, provenance=manifest.provenance)
    citable = [row for row in kb.references.values() if row.id in kb.citations]
    return {
        SUMMARY: _summary(versions),
        "statements": StatementList(knowledge=stamp, items=tuple(kb.statements.values())),
        "references": ReferenceList(knowledge=stamp, items=tuple(citable)),
        "conflicts": ConflictList(knowledge=stamp, items=tuple(kb.conflicts.values())),
        "drugs": DrugList(knowledge=stamp, items=_as(Drug, kb.drugs.values())),
        "conditions": ConditionList(knowledge=stamp, items=tuple(kb.conditions.values())),
        "analytes": AnalyteList(knowledge=stamp, items=_as(Analyte, kb.analytes.values())),
    }


def _summary(versions: KnowledgeVersions) -> KnowledgeSummary:
    kb = versions.present
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
        versions=tuple(
            LoadedVersion(version=one.manifest.version, digest=one.digest, present=one is kb) for one in versions.loaded
        ),
    )


def _as(model: type[Row], rows: Iterable[BaseModel]) -> tuple[Row, ...]:
    """Return rows in their wire form; the values stay the same objects."""
    return tuple(model.model_validate(row, from_attributes=True) for row in rows)
