"""The knowledge base, read-only: what the service knows, in which version, and on what it rests."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.api.auth import KnowledgeReader
from app.api.caching import PUBLIC_KNOWLEDGE, tagged
from app.api.contract import Responses, answer, refusals, unchanged
from app.api.v1.knowledge_models import (
    AnalyteList,
    ConditionList,
    ConflictList,
    DrugList,
    KnowledgeSummary,
    ReferenceList,
    StatementList,
)
from app.api.v1.knowledge_shelf import SUMMARY, Shelf

router = APIRouter(prefix="/v1/knowledge", tags=["Knowledge"])


def _described(model: type[BaseModel], description: str, shown: str) -> Responses:
    etag = {"ETag": "Digest of the knowledge base."}
    return answer(200, model, description, shown, etag) | unchanged() | refusals()


@router.get(
    "",
    operation_id="getKnowledge",
    summary="Version and size of the knowledge base",
    responses=_described(KnowledgeSummary, "Version, digest and sizes.", "answer_knowledge"),
    response_model=None,
)
async def answer_summary(request: Request, _caller: KnowledgeReader) -> Response:
    """Return which knowledge decides now: its version and digest stand in every new plan. Earlier ones are listed."""
    return _page(request, SUMMARY)


@router.get(
    "/statements",
    operation_id="listStatements",
    summary="The statements of the source document",
    responses=_described(StatementList, "All statements, paraphrased.", "answer_statements"),
    response_model=None,
)
async def answer_statements(request: Request, _caller: KnowledgeReader) -> Response:
    """Return every statement with its line, its reference numbers and whether it is computed."""
    return _page(request, "statements")


@router.get(
    "/references",
    operation_id="listReferences",
    summary="The publications that may be cited",
    responses=_described(ReferenceList, "All publications.", "answer_references"),
    response_model=None,
)
async def answer_references(request: Request, _caller: KnowledgeReader) -> Response:
    """Return every publication with how sure we are that it is the one meant. Recalled figures are not listed."""
    return _page(request, "references")


@router.get(
    "/conflicts",
    operation_id="listConflicts",
    summary="Contradictions between sources",
    responses=_described(ConflictList, "All contradictions.", "answer_conflicts"),
    response_model=None,
)
async def answer_conflicts(request: Request, _caller: KnowledgeReader) -> Response:
    """Return every contradiction with both values and what the service does about it."""
    return _page(request, "conflicts")


@router.get(
    "/drugs",
    operation_id="listDrugs",
    summary="The drugs that an option may name",
    responses=_described(DrugList, "All drugs.", "answer_drugs"),
    response_model=None,
)
async def answer_drugs(request: Request, _caller: KnowledgeReader) -> Response:
    """Return every drug key with codes, strengths and whether a dose is ever computed."""
    return _page(request, "drugs")


@router.get(
    "/conditions",
    operation_id="listConditions",
    summary="The conditions and what is done for each",
    responses=_described(ConditionList, "All conditions.", "answer_conditions"),
    response_model=None,
)
async def answer_conditions(request: Request, _caller: KnowledgeReader) -> Response:
    """Return every condition with its codes, markers, red flags and referral target."""
    return _page(request, "conditions")


@router.get(
    "/analytes",
    operation_id="listAnalytes",
    summary="The analytes with their accepted units",
    responses=_described(AnalyteList, "All analytes.", "answer_analytes"),
    response_model=None,
)
async def answer_analytes(request: Request, _caller: KnowledgeReader) -> Response:
    """Return every analyte with LOINC codes, accepted units, plausible range and how long a result counts."""
    return _page(request, "analytes")


def _page(request: Request, name: str) -> Response:
    shelf: Shelf = request.app.state.shelf
    return tagged(request, shelf.page(name), shelf.etag(name), PUBLIC_KNOWLEDGE)
