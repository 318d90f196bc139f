"""Connections to PostgreSQL, opened once per process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.errors import StartError, Unavailable

_POOL_WAIT_SECONDS = 5
_RETRY_SECONDS = 0.25
_PING = text("SELECT 1")
_NO_ANSWER = "The database does not answer."


class Database:
    """The pool of one process. `open` it once before the first request; `close` it after the last."""

    def __init__(self, *, pool_size: int, query_timeout_seconds: int) -> None:
        self._pool_size = pool_size
        self._query_timeout_seconds = query_timeout_seconds
        self._engine: AsyncEngine | None = None

    def open(self, url: str) -> None:
        """Make the pool; nothing is connected before the first statement."""
        self._engine = create_async_engine(
            dialect_url(url),
            pool_size=self._pool_size,
            max_overflow=0,
            isolation_level="AUTOCOMMIT",
            pool_timeout=_POOL_WAIT_SECONDS,
            # A failed statement's parameters hold patient data and would end in the log.
            hide_parameters=True,
            connect_args=self._connect_args(),
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection on which every statement commits by itself: one statement, one round trip."""
        async with _translated_faults(), self._opened.connect() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection in a transaction that commits when the block ends without an error."""
        async with _translated_faults(), self._opened.connect() as connection:
            await connection.execution_options(isolation_level="READ COMMITTED")
            async with connection.begin():
                yield connection

    async def ping(self) -> None:
        """Return if the database answers, raise Unavailable otherwise."""
        async with self.connect() as connection:
            await connection.execute(_PING)

    async def wait(self, seconds: float) -> None:
        """Return as soon as the database answers; after `seconds` say that it does not."""
        try:
            async with asyncio.timeout(seconds):
                await self._answer()
        except TimeoutError:
            message = f"The database did not answer within {seconds} seconds; check DATABASE_URL and the server."
            raise StartError(message) from None

    async def _answer(self) -> None:
        while True:
            try:
                return await self.ping()
            except Unavailable:
                await asyncio.sleep(_RETRY_SECONDS)

    @property
    def _opened(self) -> AsyncEngine:
        if self._engine is None:
            raise Unavailable(_NO_ANSWER)
        return self._engine

    def _connect_args(self) -> dict[str, Any]:
        return {
            "timeout": _POOL_WAIT_SECONDS,
            "command_timeout": self._query_timeout_seconds,
            # Compiling a plan to machine code costs more than our single-row statements.
            "server_settings": {"application_name": "rebound", "timezone": "UTC", "jit": "off"},
        }


def dialect_url(url: str) -> URL:
    """Return any usual PostgreSQL address as one for asyncpg, which calls libpq's `sslmode` `ssl`."""
    parsed = make_url(url).set(drivername="postgresql+asyncpg")
    mode = parsed.query.get("sslmode")
    return parsed if mode is None else parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


@asynccontextmanager
async def _translated_faults() -> AsyncIterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError, OSError) as fault:
        raise Unavailable(_NO_ANSWER) from fault
    except DBAPIError as fault:
        if fault.connection_invalidated:
            raise Unavailable(_NO_ANSWER) from fault
        raise
