"""Is the process alive, and can it serve? Open to the platform that runs it; neither answer tells about patients."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api import problem_kinds as kinds
from app.api.accept import require_acceptable
from app.api.contract import JSON, answer, describe_problems
from app.api.problems import FieldError, Refusal
from app.api.root import OPEN
from app.api.state import service_of, stopping_of
from app.clinical.wire import Wire
from app.errors import StartError, TryLater
from app.store.engine import Database
from app.store.restriction import require_restricted
from app.store.schema import require_migrated

router = APIRouter(tags=["Operations"])

# Less than whoever asks is likely to wait.
_PROBE_SECONDS = 1.5
_RETRY = {"Retry-After": str(TryLater.retry_after_seconds)}
_NO_DATABASE = FieldError(
    pointer="/database", code="DATABASE_UNREACHABLE", message="The database must answer; check server and network."
)
_STOPPING = FieldError(
    pointer="/process", code="STOPPING", message="The process was told to stop and ends soon; ask another one."
)
_OLD_TABLES = FieldError(
    pointer="/migrations", code="MIGRATION_NEEDED", message="The tables must be at this version's migration."
)


_LOOSE_ROLE = FieldError(
    pointer="/tenancy", code="TENANTS_NOT_KEPT_APART", message="Row-level security must bind the service's role."
)


class Alive(Wire):
    """The process answers."""

    status: Literal["alive"]


class Ready(Wire):
    """Everything that a request needs is there."""

    status: Literal["ready"]
    database: Literal["ok"]
    migrations: Literal["ok"]
    tenancy: Literal["ok"]
    knowledge: str


@router.get(
    "/livez",
    operation_id="checkAlive",
    summary="Is the process alive?",
    responses=answer(200, Alive, "It is.", "answer_alive")
    | describe_problems(kinds.NOT_ACCEPTABLE, kinds.INTERNAL_ERROR),
    openapi_extra=OPEN,
    response_model=None,
)
async def answer_alive(request: Request) -> Response:
    """Answer without touching anything. A failure here is a reason to restart the process."""
    require_acceptable(request, JSON)
    return Response(Alive(status="alive").model_dump_json(), media_type=JSON)


@router.get(
    "/readyz",
    operation_id="checkReady",
    summary="Can the service work now?",
    responses=answer(200, Ready, "It can; `knowledge` is the version in use.", "answer_ready")
    | describe_problems(kinds.NOT_ACCEPTABLE, kinds.INTERNAL_ERROR, kinds.NOT_READY),
    openapi_extra=OPEN,
    response_model=None,
)
async def answer_ready(request: Request) -> Response:
    """Check database, migrations, tenancy and knowledge one by one; 503 names the one that fails."""
    require_acceptable(request, JSON)
    service = service_of(request)
    if stopping_of(request).told:
        raise _not_ready(_STOPPING)
    await _require_database(service.database)
    version = service.knowledge.manifest.version
    ready = Ready(status="ready", database="ok", migrations="ok", tenancy="ok", knowledge=version)
    return Response(ready.model_dump_json(), media_type=JSON)


async def _require_database(database: Database) -> None:
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            await _require(require_migrated, database, _OLD_TABLES)
            await _require(require_restricted, database, _LOOSE_ROLE)
    except (TryLater, TimeoutError):
        raise _not_ready(_NO_DATABASE) from None


async def _require(condition: Callable[[Database], Awaitable[None]], database: Database, fault: FieldError) -> None:
    try:
        await condition(database)
    except StartError:
        raise _not_ready(fault) from None


def _not_ready(fault: FieldError) -> Refusal:
    return Refusal(kinds.NOT_READY, errors=[fault], headers=_RETRY)
