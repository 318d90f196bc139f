"""Which tenant's rows a session may see: PostgreSQL decides it by the setting `app.tenant_id`.

The setting belongs to the session and is told outside any transaction, because a rollback would take it back. What
a session was last told is remembered beside its connection and dies with it, so that a session that keeps its tenant
costs no round trip.
"""

from typing import Any, cast

from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.errors import Unavailable

NOBODY = ""
"""What a session is told that may see no rows; a new one, told nothing, is treated alike."""

_TOLD = "tenant"
_TELL = text("SELECT set_config('app.tenant_id', :tenant, false)")


async def bind(connection: AsyncConnection, tenant: str | None) -> None:
    """Make the session see the tenant's rows and no others; None lets it see no rows at all."""
    session = cast("Connection", connection.sync_connection)
    wanted = tenant or NOBODY
    if session.info.get(_TOLD, NOBODY) != wanted:
        # Forgotten first: if this fails or is cancelled half-way, the next borrower tells the session anew.
        session.info[_TOLD] = None
        await connection.execute(_TELL, {"tenant": wanted})
        await connection.commit()
        session.info[_TOLD] = wanted
    session.execution_options(**{_TOLD: wanted})


def guard(engine: AsyncEngine) -> None:
    """Refuse every statement on a session that was told another tenant than the one it was lent for."""
    event.listen(engine.sync_engine, "before_cursor_execute", _require_told)


def _require_told(connection: Connection, *_: Any) -> None:
    """A lost connection that is used on is replaced by another session, which was told something else or nothing."""
    wanted = connection.get_execution_options().get(_TOLD)
    if wanted is not None and connection.info.get(_TOLD, NOBODY) != wanted:
        raise Unavailable("The connection was lost.")
