"""Plans: all revisions of an episode, or one by id."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api import problem_kinds as kinds
from app.api.accept import require_acceptable
from app.api.auth import PlansReader
from app.api.caching import tagged
from app.api.contract import JSON, answer, refusals, unchanged
from app.api.state import requester_of, service_of
from app.api.v1.ids import EpisodeId, PlanId
from app.clinical.plan import Plan
from app.clinical.resource import PlanPage
from app.usecases.read_plan import get_plan, list_plans

router = APIRouter(prefix="/v1", tags=["Plans"])


@router.get(
    "/episodes/{id}/plans",  # noqa: FAST003 - its Python name is not the builtin `id`
    operation_id="listPlans",
    summary="All plan revisions of an episode",
    responses=answer(200, PlanPage, "The revisions, oldest first.", "answer_plans") | refusals(kinds.NOT_FOUND),
    response_model=None,
)
async def answer_plans(request: Request, caller: PlansReader, episode_id: EpisodeId) -> Response:
    """Return every plan revision of an episode. A superseded one names its successor."""
    return Response(await list_plans(service_of(request), requester_of(request, caller), episode_id), media_type=JSON)


@router.get(
    "/plans/{id}",  # noqa: FAST003 - its Python name is not the builtin `id`
    operation_id="getPlan",
    summary="One plan",
    responses=answer(200, Plan, "The plan.", "answer_plan", {"ETag": "Version of the plan."})
    | unchanged()
    | refusals(kinds.NOT_FOUND, kinds.NOT_ACCEPTABLE),
    response_model=None,
)
async def answer_plan(request: Request, caller: PlansReader, plan_id: PlanId) -> Response:
    """Return a plan as it was decided, with its present status and successor joined."""
    require_acceptable(request, JSON)
    stored = await get_plan(service_of(request), requester_of(request, caller), plan_id)
    return tagged(request, stored.body, stored.etag)
