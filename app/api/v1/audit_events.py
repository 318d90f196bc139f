"""The audit log: who read, wrote or tried what of a tenant's data."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api import problem_kinds as kinds
from app.api.auth import AuditReader
from app.api.contract import JSON, answer, refusals
from app.api.query import QueryInstant
from app.api.state import requester_of, service_of
from app.clinical.audit import AuditAction, AuditEventPage
from app.clinical.wire import Name
from app.store.audit_rows import EventFilter
from app.usecases.read_audit import list_audit_events

router = APIRouter(prefix="/v1", tags=["Audit"])


class AuditQuery(BaseModel):
    """Which events to list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Name | None = Field(None, description="Events of this subject only.")
    resource_id: UUID | None = Field(None, description="Events that name this id, also among others of a list.")
    action: AuditAction | None = Field(None, description="Events of this action only.")
    since: QueryInstant | None = Field(None, alias="from", description="Events at this instant or later.")
    until: QueryInstant | None = Field(None, description="Events before this instant.")
    cursor: Annotated[str, Field(max_length=500)] | None = Field(None, description="`next` of the previous page.")
    limit: Annotated[int, Field(ge=1, le=200)] = Field(50, description="Most items of a page.")


@router.get(
    "/audit-events",
    operation_id="listAuditEvents",
    summary="Who did what",
    responses=answer(200, AuditEventPage, "One page, newest first; `next` is null on the last.", "answer_audit_events")
    | refusals(kinds.INVALID_CURSOR, kinds.INVALID_PARAMETER),
    response_model=None,
)
async def answer_audit_events(request: Request, caller: AuditReader, query: Annotated[AuditQuery, Query()]) -> Response:
    """Return a page of the tenant's audit events. Give `next` back as `cursor` to go on. This call is recorded too."""
    wanted = EventFilter(query.subject, query.resource_id, query.action, query.since, query.until)
    who = requester_of(request, caller)
    return Response(
        await list_audit_events(service_of(request), who, wanted, query.cursor, query.limit), media_type=JSON
    )
