"""Critiques: a proposed regimen, order or taper checked against the facts of an episode, kept nowhere."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api import problem_kinds as kinds
from app.api.auth import PlansReader
from app.api.bodies import read_body
from app.api.contract import JSON, answer, json_body, refusals
from app.api.state import requester_of, service_of
from app.clinical.critique import Critique, CritiqueRequest
from app.usecases.critique import check_proposal

router = APIRouter(prefix="/v1", tags=["Critiques"])

CRITIQUE_EXAMPLES = {
    "critique_order": "Daily methotrexate, azathioprine above its ceiling, a steroid start too low",
    "critique_taper": "A taper that comes down too fast, tacrolimus stopped suddenly",
}


@router.post(
    "/critiques",
    operation_id="critique",
    summary="Check a proposed regimen, order or taper",
    responses=answer(200, Critique, "What speaks against the proposal, the gravest first.", "answer_critique")
    | refusals(kinds.INVALID_EPISODE, body=True),
    openapi_extra=json_body(CritiqueRequest, CRITIQUE_EXAMPLES),
    response_model=None,
)
async def answer_critique(request: Request, caller: PlansReader) -> Response:
    """Return findings on a proposal against the facts of an episode. Nothing is stored, and silence is no approval."""
    wanted = await read_body(request, CritiqueRequest)
    return Response(await check_proposal(service_of(request), requester_of(request, caller), wanted), media_type=JSON)
