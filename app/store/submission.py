"""The main write: an episode, its first plan and what hangs on the plan in one statement, so all or nothing."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.new_plans import plan_values, saving_plan
from app.store.parameters import insertion
from app.store.rows import NewEpisode, NewPlan
from app.store.tables import episodes

_SAVE = saving_plan(insertion(episodes).cte("new_episode"))


async def save_submission(connection: AsyncConnection, tenant: str, episode: NewEpisode, plan: NewPlan) -> None:
    """Keep an episode, its first plan, what it sets due, and the link from each source to the plan."""
    await connection.execute(_SAVE, _episode_values(episode) | plan_values(tenant, plan))


def _episode_values(new: NewEpisode) -> dict[str, Any]:
    record = new.record
    return {
        "episodes_id": record.id,
        "episodes_patient_reference": new.patient_reference,
        "episodes_condition": new.condition,
        "episodes_status": record.status,
        "episodes_revision": record.revision,
        "episodes_as_of": new.as_of,
        "episodes_created_at": record.created_at,
        "episodes_updated_at": record.updated_at,
        "episodes_document": record.document,
        "episodes_course": new.course,
    }
