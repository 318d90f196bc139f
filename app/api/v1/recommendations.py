"""Recommendations: the same decision as for a stored episode, kept nowhere."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api import problem_kinds as kinds
from app.api.auth import PlansReader
from app.api.bodies import read_body
from app.api.contract import JSON, answer, json_body, refusals
from app.api.state import requester_of, service_of
from app.api.v1.episode_examples import EPISODE_EXAMPLES
from app.clinical.episode import Episode
from app.clinical.plan import Plan
from app.usecases.recommend import recommend

router = APIRouter(prefix="/v1", tags=["Recommendations"])


@router.post(
    "/recommendations",
    operation_id="recommend",
    summary="Evaluate an episode without storing it",
    responses=answer(200, Plan, "The plan; its ids are null.", "answer_recommendation")
    | refusals(kinds.INVALID_EPISODE, body=True),
    openapi_extra=json_body(Episode, EPISODE_EXAMPLES),
    response_model=None,
)
async def answer_recommendation(request: Request, caller: PlansReader) -> Response:
    """Return the plan that storing this episode would give. Use it to try facts before they are recorded."""
    episode = await read_body(request, Episode)
    return Response(await recommend(service_of(request), requester_of(request, caller), episode), media_type=JSON)
