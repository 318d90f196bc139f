"""Assessments: written once, read as they were answered."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.parameters import insertion
from app.store.rows import NewAssessment
from app.store.tables import assessments

_SAVE = insertion(assessments)
_READ = (
    select(assessments.c.document)
    .where(assessments.c.tenant_id == bindparam("tenant_id"), assessments.c.episode_id == bindparam("episode_id"))
    .order_by(assessments.c.id)
)


async def save_assessment(connection: AsyncConnection, tenant: str, new: NewAssessment) -> None:
    """Keep an assessment; the plan it wrote is kept before it."""
    values = {
        "tenant_id": tenant,
        "assessments_id": new.id,
        "assessments_episode_id": new.episode_id,
        "assessments_plan_id": new.plan_id,
        "assessments_assessed_on": new.assessed_on,
        "assessments_created_at": new.created_at,
        "assessments_created_by": new.created_by,
        "assessments_request": new.request,
        "assessments_document": new.document,
    }
    await connection.execute(_SAVE, values)


async def read_assessments(connection: AsyncConnection, tenant: str, episode_id: UUID) -> list[str]:
    """Return the assessments of an episode as answered, in the order in which they came."""
    rows = await connection.execute(_READ, {"tenant_id": tenant, "episode_id": episode_id})
    return list(rows.scalars())
