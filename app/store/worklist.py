"""Reading what is due across episodes, in the order of the days."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.rows import DueFilter, DuePlace, DueRecord
from app.store.tables import due_items, episodes

_PLACE = (due_items.c.due_on, due_items.c.plan_id, due_items.c.number)
_READ = (
    select(
        due_items.c.plan_id,
        due_items.c.number,
        due_items.c.episode_id,
        episodes.c.patient_reference,
        episodes.c.condition,
        due_items.c.due_on,
        due_items.c.document,
    )
    .join_from(
        due_items,
        episodes,
        (episodes.c.tenant_id == due_items.c.tenant_id) & (episodes.c.id == due_items.c.episode_id),
    )
    .where(due_items.c.tenant_id == bindparam("tenant_id"), due_items.c.due_on <= bindparam("until"))
)


async def read_due(
    connection: AsyncConnection, tenant: str, wanted: DueFilter, after: DuePlace | None, limit: int
) -> list[DueRecord]:
    """Return up to `limit` of the tenant's open items, the longest overdue first, that come after a place."""
    values = _values(wanted, after)
    rows = await connection.execute(due_page(frozenset(values)), {"tenant_id": tenant, "limit": limit, **values})
    return [DueRecord(*row) for row in rows]


def _values(wanted: DueFilter, after: DuePlace | None) -> dict[str, object]:
    place = {} if after is None else {"due_on": after.due_on, "plan_id": after.plan_id, "number": after.number}
    possible = {"until": wanted.until, "before": wanted.before, "since": wanted.since, "code": wanted.code}
    return {name: value for name, value in possible.items() if value is not None} | place


@cache
def due_page(names: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Build each combination once: a statement with only the filters in use reads one index from its first match."""
    filters = []
    if "before" in names:
        filters.append(due_items.c.due_on < bindparam("before"))
    if "since" in names:
        filters.append(due_items.c.due_on >= bindparam("since"))
    if "code" in names:
        filters.append(due_items.c.code == bindparam("code"))
    if "number" in names:
        filters.append(tuple_(*_PLACE) > tuple_(*(bindparam(column.name, type_=column.type) for column in _PLACE)))
    return _READ.where(*filters).order_by(*_PLACE).limit(bindparam("limit"))
