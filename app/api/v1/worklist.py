"""The worklist: what is due or overdue across episodes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api import problem_kinds as kinds
from app.api.auth import PlansReader
from app.api.contract import JSON, answer, refusals
from app.api.query import QueryDay
from app.api.state import requester_of, service_of
from app.clinical.vocabulary import DueUrgency
from app.clinical.wire import ShortText
from app.clinical.worklist import DueItemPage
from app.usecases.list_due_items import due_filter, list_due_items

router = APIRouter(prefix="/v1", tags=["Worklist"])


class WorklistQuery(BaseModel):
    """Which open items to list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    until: QueryDay | None = Field(
        None, description="Items due up to this day, and all that are overdue; default today (UTC)."
    )
    code: ShortText | None = Field(None, description="Items of this code only, for example `next_step`.")
    urgency: DueUrgency | None = Field(None, description="Items that are overdue, due today or upcoming only.")
    cursor: Annotated[str, Field(max_length=500)] | None = Field(None, description="`next` of the previous page.")
    limit: Annotated[int, Field(ge=1, le=200)] = Field(50, description="Most items of a page.")


@router.get(
    "/worklist",
    operation_id="listDueItems",
    summary="What is due across episodes",
    responses=answer(200, DueItemPage, "One page, the longest overdue first.", "answer_worklist")
    | refusals(kinds.INVALID_CURSOR, kinds.INVALID_PARAMETER),
    response_model=None,
)
async def answer_worklist(request: Request, caller: PlansReader, query: Annotated[WorklistQuery, Query()]) -> Response:
    """Return tests, gates and tasks that the present plans set due. Give `next` back as `cursor` to go on.

    An item leaves the list when an assessment, a decision or changed facts write the next plan.
    """
    service = service_of(request)
    today = service.clock().date()
    wanted = due_filter(query.until or today, query.code, query.urgency, today)
    body = await list_due_items(service, requester_of(request, caller), wanted, query.cursor, query.limit)
    return Response(body, media_type=JSON)
