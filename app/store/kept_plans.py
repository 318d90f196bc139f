"""Reading plans with what they were decided on: one by id, or all of a tenant in small portions.

A plan of which an option is accepted is read as it is shown: on the course that the acceptance began.
"""

from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.plans import SHOWN
from app.store.rows import KeptPlan
from app.store.tables import accepted_plans, plans

_WHEN_ACCEPTED = (
    "course",
    "document",
    "output_digest",
    "knowledge_version",
    "knowledge_digest",
    "engine_version",
)
_READ = (
    select(
        plans.c.id,
        plans.c.input,
        *(func.coalesce(accepted_plans.c[name], plans.c[name]).label(name) for name in _WHEN_ACCEPTED),
    )
    .select_from(SHOWN)
    .where(plans.c.tenant_id == bindparam("tenant_id"))
)
_FIND = _READ.where(plans.c.id == bindparam("id"))
_FIRST = _READ.order_by(plans.c.id).limit(bindparam("limit"))
_NEXT = _FIRST.where(plans.c.id > bindparam("after"))
_COUNT = select(func.count()).select_from(plans).where(plans.c.tenant_id == bindparam("tenant_id"))


async def find_kept_plan(connection: AsyncConnection, tenant: str, plan_id: UUID) -> KeptPlan | None:
    """Return the tenant's plan of that id, if there is one."""
    row = (await connection.execute(_FIND, {"tenant_id": tenant, "id": plan_id})).one_or_none()
    return None if row is None else KeptPlan(*row)


async def read_kept_plans(connection: AsyncConnection, tenant: str, after: UUID | None, limit: int) -> list[KeptPlan]:
    """Return up to `limit` of the tenant's plans by id, those after one of them; the last portion is empty."""
    values = {"tenant_id": tenant, "limit": limit}
    if after is None:
        rows = await connection.execute(_FIRST, values)
    else:
        rows = await connection.execute(_NEXT, {**values, "after": after})
    return [KeptPlan(*row) for row in rows]


async def count_plans(connection: AsyncConnection, tenant: str) -> int:
    """Return how many plans the tenant has."""
    return int((await connection.execute(_COUNT, {"tenant_id": tenant})).scalar_one())
