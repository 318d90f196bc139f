"""Connections to PostgreSQL, opened once per process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, Connection, NullPool, event, make_url, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.deadline import past_recall
from app.errors import StartError, Unavailable
from app.store.faults import NO_ANSWER, translated_faults
from app.store.line import Line
from app.store.roles import SERVICE_ROLE
from app.store.statement_spans import watch
from app.store.tenancy import bind, guard

_CONNECT_SECONDS = 5
# The server itself ends a statement that takes too long, so that its outcome is known; one that is silent is given up.
_SILENCE_SECONDS = 2
_RETRY_SECONDS = 0.25
_PING = text("SELECT 1")
_TOGETHER = "READ COMMITTED"


class Database:
    """The pool of one process. `open` it once before the first request; `close` it after the last.

    Three entrances: `connect` and `transaction` see the rows of one tenant, `without_tenant` sees no rows at all, and
    `owner` works on the tables themselves. Requests stand in `line` for their connections; `without_tenant` has one of
    its own, so that a service under load can still tell how it is.
    """

    def __init__(self, *, pool_size: int, query_timeout_seconds: int, queue: int = 64, wait_seconds: float = 2) -> None:
        self.line = Line(pool_size, longest=queue, seconds=wait_seconds)
        self._aside = Line(1, longest=queue, seconds=wait_seconds)
        self._query_timeout_seconds = query_timeout_seconds
        self._engine: AsyncEngine | None = None
        self._owner: AsyncEngine | None = None

    def open(self, url: str) -> None:
        """Make the pool; nothing is connected before the first statement."""
        address = dialect_url(url)
        # A failed statement's parameters hold patient data and would end in the log.
        self._owner = create_async_engine(
            address, poolclass=NullPool, hide_parameters=True, connect_args=self._connect_args()
        )
        self._engine = create_async_engine(
            address,
            pool_size=self.line.places + self._aside.places,
            max_overflow=0,
            isolation_level="AUTOCOMMIT",
            pool_timeout=_CONNECT_SECONDS,
            hide_parameters=True,
            # The role is part of the greeting: no connection is ever lent with the rights of its user.
            connect_args=self._connect_args(role=SERVICE_ROLE),
        )
        guard(self._engine)
        event.listen(self._engine.sync_engine, "before_cursor_execute", _let_finish)
        watch(self._engine)

    async def close(self) -> None:
        """Close every connection."""
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = self._owner = None

    @asynccontextmanager
    async def connect(self, tenant: str) -> AsyncIterator[AsyncConnection]:
        """Lend a tenant's connection on which every statement commits by itself: one statement, one round trip."""
        async with self._lend(tenant, self.line) as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self, tenant: str) -> AsyncIterator[AsyncConnection]:
        """Lend a tenant's connection in a transaction that commits when the block ends without an error."""
        async with self._lend(tenant, self.line) as connection:
            await connection.execution_options(isolation_level=_TOGETHER)
            async with connection.begin():
                yield connection
                past_recall()

    @asynccontextmanager
    async def without_tenant(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection that sees no tenant's rows; every statement commits by itself."""
        async with self._lend(None, self._aside) as connection:
            yield connection

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[AsyncConnection]:
        """Lend a new connection in a transaction with the rights of whoever DATABASE_URL names: for migrations."""
        async with translated_faults(), _opened(self._owner).begin() as connection:
            yield connection

    @asynccontextmanager
    async def _lend(self, tenant: str | None, line: Line) -> AsyncIterator[AsyncConnection]:
        async with line.place(), translated_faults(), _opened(self._engine).connect() as connection:
            await bind(connection, tenant)
            yield connection

    async def ping(self) -> None:
        """Return if the database answers, raise Unavailable otherwise."""
        async with self.owner() as connection:
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

    def _connect_args(self, **settings: str) -> dict[str, Any]:
        return {
            "timeout": _CONNECT_SECONDS,
            "command_timeout": self._query_timeout_seconds + _SILENCE_SECONDS,
            "server_settings": {
                "application_name": "rebound",
                "timezone": "UTC",
                # Compiling a plan to machine code costs more than our single-row statements.
                "jit": "off",
                "statement_timeout": f"{self._query_timeout_seconds}s",
                **settings,
            },
        }


def _opened(engine: AsyncEngine | None) -> AsyncEngine:
    if engine is None:
        raise Unavailable(NO_ANSWER)
    return engine


def dialect_url(url: str) -> URL:
    """Return any usual PostgreSQL address as one for asyncpg, which calls libpq's `sslmode` `ssl`."""
    parsed = make_url(url).set(drivername="postgresql+asyncpg")
    mode = parsed.query.get("sslmode")
    return parsed if mode is None else parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


def _let_finish(connection: Connection, *sent: Any) -> None:
    """A write that commits by itself is final once it is sent."""
    context: DefaultExecutionContext = sent[3]
    alone = connection.get_execution_options().get("isolation_level") != _TOGETHER
    if alone and context.is_crud:
        past_recall()
