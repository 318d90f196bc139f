"""Decisions: what a clinician accepts, declines or overrides, kept for good."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api import conflict_kinds as conflicts
from app.api import problem_kinds as kinds
from app.api.auth import PlansDecider, PlansReader
from app.api.bodies import read_bytes, understood
from app.api.caching import IfMatch
from app.api.contract import JSON, answer, json_body, refusals
from app.api.retries import REPLAYED, RETRY_PROBLEMS, IdempotencyKey, attempt_of, created
from app.api.state import requester_of, service_of
from app.api.v1.ids import EpisodeId, PlanId
from app.clinical.progress import DecisionRequest
from app.clinical.resource import DecisionMade, DecisionPage
from app.usecases.decide_plan import decide_plan
from app.usecases.read_course import list_decisions

router = APIRouter(prefix="/v1", tags=["Course of treatment"])

DECISION_EXAMPLES = {
    "decision_accept": "A clinician accepts the combination",
    "decision_override": "Step on improvement, before full remission, with a reason",
}

_CONFLICTS = (
    conflicts.PLAN_SUPERSEDED,
    conflicts.PLAN_WITHDRAWN,
    conflicts.PLAN_EXPIRED,
    conflicts.PLAN_ALREADY_ACCEPTED,
    conflicts.OPTION_NOT_AVAILABLE,
    conflicts.HARD_GATE_OPEN,
    conflicts.STEP_NOT_OPEN,
)


@router.post(
    "/plans/{id}/decisions",  # noqa: FAST003 - its Python name is not the builtin `id`
    operation_id="decidePlan",
    summary="Accept or decline an option, or override a gate",
    status_code=201,
    responses=answer(
        201,
        DecisionMade,
        "The decision as kept, and the plan as it stands now; a step that an override opens is a new revision.",
        "answer_decision_made",
        {"ETag": "Version of the plan that is answered."} | REPLAYED,
    )
    | refusals(
        kinds.NOT_FOUND,
        *_CONFLICTS,
        conflicts.PRECONDITION_FAILED,
        kinds.INVALID_DECISION,
        *RETRY_PROBLEMS,
        body=True,
    ),
    openapi_extra=json_body(DecisionRequest, DECISION_EXAMPLES),
    response_model=None,
)
async def create_decision(
    request: Request,
    caller: PlansDecider,
    plan_id: PlanId,
    if_match: IfMatch = None,
    key: IdempotencyKey = None,
) -> Response:
    """Keep a clinician's decision about the present plan. The accepted option drives every later revision."""
    raw = await read_bytes(request)
    wanted, attempt = understood(raw, DecisionRequest), attempt_of(request, key, raw, id=plan_id)
    service, who = service_of(request), requester_of(request, caller)
    return created(await decide_plan(service, who, plan_id, wanted, if_match, attempt))


@router.get(
    "/episodes/{id}/decisions",  # noqa: FAST003 - its Python name is not the builtin `id`
    operation_id="listDecisions",
    summary="All decisions about an episode",
    responses=answer(200, DecisionPage, "The decisions, in the order in which they came.", "answer_decisions")
    | refusals(kinds.NOT_FOUND),
    response_model=None,
)
async def answer_decisions(request: Request, caller: PlansReader, episode_id: EpisodeId) -> Response:
    """Return every decision about the plans of an episode: who took it, when, and why."""
    body = await list_decisions(service_of(request), requester_of(request, caller), episode_id)
    return Response(body, media_type=JSON)
