"""Tapers: the schedule and tablet calculator, without an episode."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api import problem_kinds as kinds
from app.api.auth import PlansReader
from app.api.bodies import read_body
from app.api.contract import JSON, answer, json_body, refusals
from app.api.state import requester_of, service_of
from app.clinical.taper import Taper, TaperRequest
from app.usecases.schedule_taper import schedule_taper

router = APIRouter(prefix="/v1", tags=["Tapers"])

TAPER_EXAMPLES = {
    "taper_combination": "Prednisone with azathioprine, 58 kg, from the end of a month",
    "taper_monotherapy": "Prednisone alone from 60 mg, split steps",
    "taper_tacrolimus_withdrawal": "Planned withdrawal of tacrolimus over three months",
}


@router.post(
    "/tapers",
    operation_id="scheduleTaper",
    summary="Compute a gated taper with tablets",
    responses=answer(200, Taper, "The schedule. Every step waits for its gates.", "answer_taper")
    | refusals(kinds.TAPER_REFUSED, *kinds.TAPER_PROBLEMS.values(), body=True),
    openapi_extra=json_body(TaperRequest, TAPER_EXAMPLES),
    response_model=None,
)
async def answer_taper(request: Request, caller: PlansReader) -> Response:
    """Return a schedule from the doses given, or refuse one that would not be safe. Nothing is stored."""
    wanted = await read_body(request, TaperRequest)
    return Response(await schedule_taper(service_of(request), requester_of(request, caller), wanted), media_type=JSON)
