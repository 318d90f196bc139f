"""Decisions: written once, read as they were answered."""

from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.parameters import insertion
from app.store.rows import NewDecision
from app.store.tables import decisions

_SAVE = insertion(decisions)


def _read(owner: str) -> Select[str]:
    of = (decisions.c.tenant_id == bindparam("tenant_id"), decisions.c[owner] == bindparam("owner"))
    return select(decisions.c.document).where(*of).order_by(decisions.c.id)


_OF_EPISODE, _OF_PLAN = _read("episode_id"), _read("plan_id")


async def save_decision(connection: AsyncConnection, tenant: str, new: NewDecision) -> None:
    """Keep a decision about a plan that is kept."""
    values = {
        "tenant_id": tenant,
        "decisions_id": new.id,
        "decisions_episode_id": new.episode_id,
        "decisions_plan_id": new.plan_id,
        "decisions_action": new.action,
        "decisions_decided_on": new.decided_on,
        "decisions_created_at": new.created_at,
        "decisions_document": new.document,
    }
    await connection.execute(_SAVE, values)


async def read_decisions(connection: AsyncConnection, tenant: str, episode_id: UUID) -> list[str]:
    """Return the decisions about an episode's plans as answered, in the order in which they came."""
    rows = await connection.execute(_OF_EPISODE, {"tenant_id": tenant, "owner": episode_id})
    return list(rows.scalars())


async def decisions_of_plan(connection: AsyncConnection, tenant: str, plan_id: UUID) -> list[str]:
    """Return the decisions about one plan revision as answered, in the order in which they came."""
    rows = await connection.execute(_OF_PLAN, {"tenant_id": tenant, "owner": plan_id})
    return list(rows.scalars())
