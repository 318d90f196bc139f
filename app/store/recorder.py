"""Recording what is read: whoever comes while a record is being written shares the next one.

A record is on disk before its request is answered. One statement for all that wait costs little more than one for a
single event, so that reading does not pay for the log what writing does.
"""

import asyncio
from collections.abc import Sequence
from contextvars import Context

from app.errors import TryLater
from app.store.audit import record_events
from app.store.audit_rows import Event
from app.store.engine import Database

_Waiting = tuple[Event, "asyncio.Future[None]"]


class Recorder:
    """One for a process; the events of a tenant are written together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, list[_Waiting]] = {}
        self._writing: dict[str, asyncio.Task[None]] = {}

    async def record(self, event: Event) -> None:
        """Return when the event is committed; raise what kept it from being so."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(event.tenant, []).append((event, written))
        if event.tenant not in self._writing:
            # A context of its own: the deadline of the request that happened to come first is not that of the others.
            self._writing[event.tenant] = asyncio.create_task(self._write(event.tenant), context=Context())
        await written

    async def _write(self, tenant: str) -> None:
        """Write until nobody waits."""
        try:
            while waiting := self._waiting.pop(tenant, None):
                await self._write_together(tenant, waiting)
        finally:
            del self._writing[tenant]

    async def _write_together(self, tenant: str, waiting: Sequence[_Waiting]) -> None:
        fault = await self._fault(tenant, [event for event, _ in waiting])
        if fault is not None and len(waiting) > 1 and not isinstance(fault, TryLater):
            # One event that cannot be written must not take the others with it.
            for one in waiting:
                await self._write_together(tenant, [one])
            return
        for _, written in waiting:
            _tell(written, fault)

    async def _fault(self, tenant: str, events: list[Event]) -> Exception | None:
        try:
            async with self._database.connect(tenant) as connection:
                await record_events(connection, tenant, events)
        except Exception as fault:  # noqa: BLE001 - it is raised where it is waited for
            return fault
        return None


def _tell(written: "asyncio.Future[None]", fault: Exception | None) -> None:
    """Let the request go on; one that was given up waits no more."""
    if written.done():
        return
    if fault is None:
        written.set_result(None)
    else:
        written.set_exception(fault)
