"""Reading episodes."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.rows import EpisodeFilter, EpisodeRecord
from app.store.tables import episodes

READ_EPISODE = select(
    episodes.c.id,
    episodes.c.status,
    episodes.c.revision,
    episodes.c.created_at,
    episodes.c.updated_at,
    episodes.c.document,
).where(episodes.c.tenant_id == bindparam("tenant_id"))
_FIND = READ_EPISODE.where(episodes.c.id == bindparam("id"))


async def find_episode(connection: AsyncConnection, tenant: str, episode_id: UUID) -> EpisodeRecord | None:
    """Return the tenant's episode of that id, if there is one."""
    row = (await connection.execute(_FIND, {"tenant_id": tenant, "id": episode_id})).one_or_none()
    return None if row is None else EpisodeRecord(*row)


async def read_page(
    connection: AsyncConnection, tenant: str, wanted: EpisodeFilter, older_than: UUID | None, limit: int
) -> list[EpisodeRecord]:
    """Return up to `limit` of the tenant's episodes, newest first, that are older than the one named."""
    values = _values(wanted, older_than)
    rows = await connection.execute(_page(frozenset(values)), {"tenant_id": tenant, "limit": limit, **values})
    return [EpisodeRecord(*row) for row in rows]


def _values(wanted: EpisodeFilter, older_than: UUID | None) -> dict[str, object]:
    possible = {
        "patient_reference": wanted.patient_reference,
        "condition": wanted.condition,
        "status": wanted.status,
        "older_than": older_than,
    }
    return {name: value for name, value in possible.items() if value is not None}


@cache
def _page(names: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Build each combination once: a statement with only the filters in use lets PostgreSQL choose its index."""
    filters = [episodes.c[name] == bindparam(name) for name in sorted(names - {"older_than"})]
    if "older_than" in names:
        filters.append(episodes.c.id < bindparam("older_than"))
    return READ_EPISODE.where(*filters).order_by(episodes.c.id.desc()).limit(bindparam("limit"))
