"""Which tenants there are, for work that has to be done for each of them."""

from sqlalchemy import TextClause, text

from app.store.engine import Database
from app.store.roles import STEWARD_ROLE
from app.store.tenancy import NOBODY

_TAKE_ROLE = text(f"SET LOCAL ROLE {STEWARD_ROLE}")


def _names(table: str, condition: str = "true") -> str:
    """Return the query for the tenants in a table: it jumps from each name to the next one in the index."""
    return f"""
        WITH RECURSIVE name AS (
            (SELECT tenant_id FROM {table} ORDER BY tenant_id LIMIT 1)
            UNION ALL
            SELECT (SELECT tenant_id FROM {table} WHERE tenant_id > name.tenant_id ORDER BY tenant_id LIMIT 1)
            FROM name WHERE name.tenant_id IS NOT NULL
        )
        SELECT tenant_id FROM name WHERE tenant_id IS NOT NULL AND {condition}
    """  # noqa: S608 - table and condition are constants of this file


_KEEPING = text(_names("episodes"))
_AUDITED = text(f"({_names('audit_events')}) UNION ({_names('audit_seals')}) ORDER BY tenant_id")
_UNSEALED = text(
    _names(
        "audit_events",
        """EXISTS (
            SELECT FROM audit_events AS event
            WHERE event.tenant_id = name.tenant_id AND event.number <= :horizon AND event.number > (
                SELECT coalesce(max(until_number), 0) FROM audit_seals AS seal WHERE seal.tenant_id = name.tenant_id
            )
        )""",
    )
)


async def list_tenants(database: Database) -> list[str]:
    """Return the names of all tenants that ever kept an episode, in alphabetical order."""
    return await _list(database, _KEEPING)


async def list_audited_tenants(database: Database) -> list[str]:
    """Return the names of all tenants in whose name anything was done, in alphabetical order."""
    return await _list(database, _AUDITED)


async def list_unsealed_tenants(database: Database, horizon: int) -> list[str]:
    """Return the names of the tenants with events up to a number that no seal covers."""
    return await _list(database, _UNSEALED, horizon=horizon)


async def _list(database: Database, query: TextClause, **values: int) -> list[str]:
    async with database.transaction(NOBODY) as connection:
        await connection.execute(_TAKE_ROLE)
        return list((await connection.execute(query, values)).scalars())
