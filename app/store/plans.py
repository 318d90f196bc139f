"""Reading plans. The state of a plan (status, successor) is joined here and is no part of the decided document."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.rows import PlanRecord
from app.store.tables import plans

READ_PLAN = select(
    plans.c.id,
    plans.c.episode_id,
    plans.c.revision,
    plans.c.status,
    plans.c.superseded_by,
    plans.c.retrospective,
    plans.c.created_at,
    plans.c.output_digest,
    plans.c.document,
).where(plans.c.tenant_id == bindparam("tenant_id"))
_FIND = READ_PLAN.where(plans.c.id == bindparam("id"))
_REVISIONS = READ_PLAN.where(plans.c.episode_id == bindparam("episode_id")).order_by(plans.c.revision)


async def find_plan(connection: AsyncConnection, tenant: str, plan_id: UUID) -> PlanRecord | None:
    """Return the tenant's plan of that id, if there is one."""
    row = (await connection.execute(_FIND, {"tenant_id": tenant, "id": plan_id})).one_or_none()
    return None if row is None else PlanRecord(*row)


async def read_revisions(connection: AsyncConnection, tenant: str, episode_id: UUID) -> list[PlanRecord]:
    """Return the plans of an episode, oldest first; an episode always has one, so none means no such episode."""
    rows = await connection.execute(_REVISIONS, {"tenant_id": tenant, "episode_id": episode_id})
    return [PlanRecord(*row) for row in rows]
