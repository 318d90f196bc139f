"""The front door: what is where, and what the kinds of problems mean."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from app.api.accept import require_acceptable
from app.api.contract import JSON, answer, describe_problems
from app.api.problem_kinds import INTERNAL_ERROR, KINDS, NOT_ACCEPTABLE, NOT_FOUND
from app.api.problems import Refusal
from app.clinical.wire import Wire

router = APIRouter(tags=["Start here"])

OPEN: dict[str, list[str]] = {"security": []}
"""Marks an operation that needs no token."""


class Links(Wire):
    """Where to go from here, relative to this service."""

    service: str
    version: str
    documentation: str
    contract: str
    episodes: str
    worklist: str
    recommendations: str
    tapers: str
    critiques: str
    knowledge: str
    audit_events: str
    alive: str
    ready: str


class ProblemExplained(Wire):
    """A kind of problem: what it says, and what the caller can do about it."""

    code: str
    status: int
    title: str
    detail: str
    remedy: str


@router.get(
    "/",
    operation_id="discover",
    summary="Where everything is",
    responses=answer(200, Links, "Links.", "answer_links") | describe_problems(NOT_ACCEPTABLE, INTERNAL_ERROR),
    openapi_extra=OPEN,
    response_model=None,
)
async def answer_links(request: Request) -> Response:
    """Return the addresses of the documentation, the contract and the resources. No token needed."""
    require_acceptable(request, JSON)
    links = Links(
        service=request.app.title,
        version=request.app.version,
        documentation="/docs",
        contract="/openapi.json",
        episodes="/v1/episodes",
        worklist="/v1/worklist",
        recommendations="/v1/recommendations",
        tapers="/v1/tapers",
        critiques="/v1/critiques",
        knowledge="/v1/knowledge",
        audit_events="/v1/audit-events",
        alive="/livez",
        ready="/readyz",
    )
    return Response(links.model_dump_json(), media_type=JSON)


@router.get(
    "/problems/{code}",
    operation_id="explainProblem",
    summary="What a kind of problem means",
    responses=answer(200, ProblemExplained, "The explanation.", "answer_problem")
    | describe_problems(NOT_FOUND, INTERNAL_ERROR),
    openapi_extra=OPEN,
    response_model=None,
)
async def explain_problem(code: Annotated[str, Path(max_length=64, description="`code` of a problem.")]) -> Response:
    """Explain a problem by its code: this is where the `type` of a problem leads. No token needed."""
    kind = KINDS.get(code)
    if kind is None:
        raise Refusal(NOT_FOUND)
    explained = ProblemExplained(
        code=kind.code, status=kind.status, title=kind.title, detail=kind.detail, remedy=kind.remedy
    )
    return Response(explained.model_dump_json(), media_type=JSON)
