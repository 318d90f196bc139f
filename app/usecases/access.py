"""The one way from a use case to kept records: who does what to which of them is recorded, or it is not answered.

A change and its record are one transaction. What is read is recorded before it is answered. A refusal is recorded too;
only while the database does not answer there is nothing to record it with. A calculation on facts that were sent goes
on without database, because a patient may need it: the log tells then that its record is missing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import structlog
from pydantic import ValidationError

from app.clinical.audit import AuditAction, AuditOutcome, AuditResource
from app.errors import NotFound, RefusedError, TryLater
from app.store.audit import record_event
from app.store.audit_rows import Event
from app.store.connection import Connection
from app.store.rows import Requester
from app.usecases.service import Service

_log = structlog.stdlib.get_logger("app.audit")


class Access:
    """Something a caller does. What it concerns may become known on the way: tell it with `concerns`."""

    def __init__(self, service: Service, who: Requester, action: AuditAction, resource: AuditResource) -> None:
        self._service, self.who, self._action, self._resource = service, who, action, resource
        self._resource_id: UUID | None = None
        self._episode_id: UUID | None = None
        self._related: tuple[UUID, ...] = ()
        self.is_recorded = False

    def concerns(
        self, resource_id: UUID | None = None, *, episode_id: UUID | None = None, related: Iterable[UUID] = ()
    ) -> None:
        """Say what is named, made or shown; what was said before stays unless it is said anew."""
        self._resource_id = resource_id or self._resource_id
        self._episode_id = episode_id or self._episode_id
        self._related = tuple(related) or self._related

    def repeats(self) -> None:
        """Say that nothing is done anew: an answer that was given before is given again."""
        self._action = "repeat"

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Lend a connection to read with."""
        async with self._service.database.connect(self.who.tenant) as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """Lend a transaction to write in; the record is the last that is written in it."""
        async with self._service.database.transaction(self.who.tenant) as connection:
            yield connection
            await record_event(connection, self._event("success"))
        self.is_recorded = True

    @asynccontextmanager
    async def writing_at_once(self) -> AsyncIterator[tuple[Connection, Event]]:
        """Lend a connection for the one statement that writes everything, the event that is lent with it included."""
        async with self._service.database.connect(self.who.tenant) as connection:
            yield connection, self._event("success")
        self.is_recorded = True

    async def record(self, outcome: AuditOutcome) -> None:
        """Record what became of it, by itself."""
        await self._service.recorder.record(self._event(outcome))

    def _event(self, outcome: AuditOutcome) -> Event:
        return Event(
            tenant=self.who.tenant,
            subject=self.who.subject,
            client=self.who.client,
            action=self._action,
            resource_type=self._resource,
            resource_id=self._resource_id,
            episode_id=self._episode_id,
            related_ids=self._related,
            outcome=outcome,
            request_id=self.who.request_id,
        )


@asynccontextmanager
async def access(
    service: Service, who: Requester, action: AuditAction, resource: AuditResource, resource_id: UUID | None = None
) -> AsyncIterator[Access]:
    """Do something to kept records in the block; when it ends, well or not, it is recorded."""
    entry = Access(service, who, action, resource)
    entry.concerns(resource_id)
    async with _recorded(entry.record):
        yield entry
    if not entry.is_recorded:
        await entry.record("success")


@asynccontextmanager
async def calculation(
    service: Service, who: Requester, action: AuditAction, resource: AuditResource
) -> AsyncIterator[None]:
    """Calculate in the block from facts that were sent, of which nothing is kept; what becomes of it is recorded."""

    async def record(outcome: AuditOutcome) -> None:
        try:
            await Access(service, who, action, resource).record(outcome)
        except TryLater as fault:
            _log.warning("audit_event_missed", tenant=who.tenant, action=action, code=fault.code)

    async with _recorded(record):
        yield
    await record("success")


@asynccontextmanager
async def _recorded(record: Callable[[AuditOutcome], Awaitable[None]]) -> AsyncIterator[None]:
    """Record what does not succeed in the block with what became of it."""
    try:
        yield
    except TryLater:
        raise
    except (RefusedError, ValidationError) as refusal:
        await record("not_found" if isinstance(refusal, NotFound) else "refused")
        raise
    except Exception:
        with suppress(TryLater):
            await record("failed")
        raise
