"""Reading plans. The state of a plan (status, successor) is joined here and is no part of the decided document.

Once an option is accepted, a plan shows what was decided with it: its schedule, its tests, its headline. What was
decided first stays and is shown again when the acceptance is taken back.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.rows import PlanRecord
from app.store.tables import accepted_plans, plans

SHOWN = plans.outerjoin(
    accepted_plans,
    (accepted_plans.c.tenant_id == plans.c.tenant_id) & (accepted_plans.c.decision_id == plans.c.accepted_by),
)
"""Plans with the acceptance they show, if any."""

READ_PLAN: Select[*tuple[Any, ...]] = (
    select(
        plans.c.id,
        plans.c.episode_id,
        plans.c.revision,
        plans.c.status,
        plans.c.superseded_by,
        plans.c.retrospective,
        plans.c.created_at,
        func.coalesce(accepted_plans.c.output_digest, plans.c.output_digest),
        func.coalesce(accepted_plans.c.document, plans.c.document),
        plans.c.accepted_option_id,
    )
    .select_from(SHOWN)
    .where(plans.c.tenant_id == bindparam("tenant_id"))
)
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
