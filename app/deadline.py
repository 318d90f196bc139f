"""How long a request may take, and from when on it is no longer given up.

A request that runs out of time is cancelled where it waits: the database drops its statement and a transaction is
rolled back. One moment must not be cut: when a write becomes final, giving up would leave the caller not knowing
whether it was kept. Whoever is about to make a write final says so first; from there on the limit of a single
statement bounds the request, and its answer tells what happened.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

_running: ContextVar[asyncio.Timeout | None] = ContextVar("deadline", default=None)


@asynccontextmanager
async def deadline(limit: asyncio.Timeout) -> AsyncIterator[None]:
    """Give up what runs inside with TimeoutError when `limit` is reached, unless it has passed recall by then."""
    async with limit:
        token = _running.set(limit)
        try:
            yield
        finally:
            _running.reset(token)


def past_recall() -> None:
    """Say that what follows cannot be undone: the request is not given up any more. Without a deadline, do nothing."""
    limit = _running.get()
    if limit is not None and not limit.expired():
        limit.reschedule(None)
