"""The main write: an episode, its first plan and what hangs on the plan in one statement, so all or nothing."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.audit import event_values, mentioning, new_event
from app.store.audit_rows import Event
from app.store.new_plans import plan_values, saving_plan
from app.store.parameters import insertion
from app.store.rows import NewEpisode, NewPlan
from app.store.tables import episodes

_EPISODE, _EVENT = insertion(episodes).cte("new_episode"), new_event()
_SAVE = saving_plan(_EPISODE)
_SAVE_AND_RECORD = saving_plan(_EPISODE, _EVENT, mentioning(_EVENT).cte("new_mentions"))


async def save_submission(
    connection: AsyncConnection, tenant: str, episode: NewEpisode, plan: NewPlan, event: Event | None = None
) -> None:
    """Keep an episode, its first plan, what it sets due, and the link from each source to the plan.

    An event that is given is recorded by the same statement.
    """
    values = _episode_values(episode) | plan_values(tenant, plan)
    if event is None:
        await connection.execute(_SAVE, values)
    else:
        await connection.execute(_SAVE_AND_RECORD, values | event_values(event))


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
