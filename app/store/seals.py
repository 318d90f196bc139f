"""Seals over the audit log: up to where events are complete, what a seal covers, and the chain itself.

Numbers are drawn before their transaction commits, so a higher number can be visible before a lower one. Sealing
therefore first finds a horizon: a number up to which no event can appear any more. Every writer has its transaction id
before it draws a number (the column's default sees to it). A transaction id that is assigned after the last number was
read is therefore younger than every transaction that holds a number up to that one; once nothing older runs, they have
all ended.
"""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.audit import READ_EVENT
from app.store.audit_rows import EventRecord, Seal
from app.store.engine import Database
from app.store.tables import audit_events, audit_seals
from app.store.tenancy import NOBODY

LARGEST_SEAL = 5000
"""Most events of one seal: what is read at once, here and when the chain is checked."""

_LOOK_AGAIN_SECONDS = 0.02
_LOOKS = 150
_BEFORE_ALL = -(2**63)
_LAST_DRAWN = text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit_numbers")
_OWN_ID = text("SELECT CAST(pg_current_xact_id() AS text)")
_NOTHING_OLDER = text("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= CAST(CAST(:own AS text) AS xid8)")
_TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:tenant, 7235420187))")
_NOW = text("SELECT clock_timestamp()")
_OF_TENANT = audit_seals.c.tenant_id == bindparam("tenant_id")
_SEALS = select(*(column for column in audit_seals.c if column.name != "tenant_id")).where(_OF_TENANT)
_LAST_SEAL = _SEALS.order_by(audit_seals.c.number.desc()).limit(1)
_NEXT_SEALS = _SEALS.where(audit_seals.c.number > bindparam("after")).order_by(audit_seals.c.number).limit(1000)
_BETWEEN = (
    READ_EVENT.where(audit_events.c.number > bindparam("after"), audit_events.c.number <= bindparam("until"))
    .order_by(audit_events.c.number)
    .limit(bindparam("most"))
)
_SAVE = insert(audit_seals).inline()
_UNSEALED = text("SELECT count(*) FROM audit_events WHERE tenant_id = :tenant_id AND number > :after")
_UNMENTIONED = text("""
    SELECT number, named FROM audit_events AS event
    CROSS JOIN unnest(array_cat(ARRAY[event.resource_id, event.episode_id], event.related_ids)) AS named
    WHERE event.tenant_id = :tenant_id AND named IS NOT NULL AND NOT EXISTS (
        SELECT FROM audit_mentions
        WHERE tenant_id = :tenant_id AND mentioned_id = named AND number = event.number
    )
    ORDER BY number LIMIT 1
""")


async def reach_horizon(database: Database) -> int | None:
    """Return a number up to which every event is visible from now on; None while an old transaction does not end.

    No connection is held while it waits.
    """
    async with database.transaction(NOBODY) as connection:
        last: int = (await connection.execute(_LAST_DRAWN)).scalar_one()
        own = (await connection.execute(_OWN_ID)).scalar_one()
    for _ in range(_LOOKS):
        async with database.without_tenant() as connection:
            if (await connection.execute(_NOTHING_OLDER, {"own": own})).scalar_one():
                return last
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    return None


async def take_turn(connection: AsyncConnection, tenant: str) -> bool:
    """Tell whether this transaction is the only one that seals for the tenant until it ends."""
    return bool((await connection.execute(_TURN, {"tenant": tenant})).scalar_one())


async def database_time(connection: AsyncConnection) -> datetime:
    """Return the database's present instant."""
    now: datetime = (await connection.execute(_NOW)).scalar_one()
    return now


async def last_seal(connection: AsyncConnection, tenant: str) -> Seal | None:
    """Return the head of the tenant's chain."""
    row = (await connection.execute(_LAST_SEAL, {"tenant_id": tenant})).one_or_none()
    return None if row is None else Seal(*row)


async def seals_after(connection: AsyncConnection, tenant: str, number: int) -> list[Seal]:
    """Return the next thousand links after one, in their order."""
    rows = await connection.execute(_NEXT_SEALS, {"tenant_id": tenant, "after": number})
    return [Seal(*row) for row in rows]


async def events_between(
    connection: AsyncConnection, tenant: str, after: int, until: int, most: int
) -> list[EventRecord]:
    """Return the first `most` events with numbers above `after`, up to `until`; nothing comes before the first."""
    lowest = after if after > 0 else _BEFORE_ALL
    values = {"tenant_id": tenant, "after": lowest, "until": until, "most": most}
    return [EventRecord(*row) for row in await connection.execute(_BETWEEN, values)]


async def save_seal(connection: AsyncConnection, tenant: str, seal: Seal) -> None:
    """Add a link to the tenant's chain."""
    values = {name: getattr(seal, name) for name in Seal.__slots__}
    await connection.execute(_SAVE, {"tenant_id": tenant, **values})


async def count_unsealed(connection: AsyncConnection, tenant: str, after: int) -> int:
    """Return how many events wait for a seal."""
    count: int = (await connection.execute(_UNSEALED, {"tenant_id": tenant, "after": after})).scalar_one()
    return count


async def unmentioned(connection: AsyncConnection, tenant: str) -> tuple[int, UUID] | None:
    """Return the first event with an id that it is not found by, if there is one."""
    row = (await connection.execute(_UNMENTIONED, {"tenant_id": tenant})).one_or_none()
    return None if row is None else (row.number, row.named)
