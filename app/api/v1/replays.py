"""Replays: a kept plan decided once more, to show that it still holds or what is different now."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api import problem_kinds as kinds
from app.api.auth import PlansReader
from app.api.contract import JSON, answer, refusals
from app.api.state import requester_of, service_of
from app.api.v1.ids import PlanId
from app.clinical.replay import Replay
from app.clinical.wire import ShortText
from app.usecases.replay_plan import replay_plan

router = APIRouter(prefix="/v1", tags=["Plans"])


class ReplayQuery(BaseModel):
    """With what to replay."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    knowledge_version: ShortText | None = Field(
        None, description="A loaded version, as `/v1/knowledge` lists them; default the one the plan was made with."
    )


@router.post(
    "/plans/{id}/replay",  # noqa: FAST003 - its Python name is not the builtin `id`
    operation_id="replayPlan",
    summary="Decide a kept plan once more and compare",
    responses=answer(200, Replay, "Whether the same is decided now, and every difference.", "answer_replay")
    | refusals(kinds.NOT_FOUND, kinds.INVALID_PARAMETER, kinds.REPLAY_REFUSED),
    response_model=None,
)
async def answer_replay(
    request: Request, caller: PlansReader, plan_id: PlanId, query: Annotated[ReplayQuery, Query()]
) -> Response:
    """Decide a plan once more on what it was decided on: the episode, its course, and the knowledge of that day.

    Where that knowledge is not loaded the present one is used, and `knowledge.choice` says so. Name another version to
    see what it would change. Nothing is stored, and the plan stays as it is.
    """
    body = await replay_plan(service_of(request), requester_of(request, caller), plan_id, query.knowledge_version)
    return Response(body, media_type=JSON)
