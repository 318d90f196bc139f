"""Changing an episode: hold it with its present plan, then write the next plan in that plan's place."""

from uuid import UUID

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.episodes import READ_EPISODE
from app.store.new_plans import (
    accepted_values,
    due_values,
    plan_values,
    saving_accepted_plan,
    saving_plan,
    setting_due,
)
from app.store.plans import READ_PLAN
from app.store.rows import AcceptedPlan, Current, DueRow, EpisodeRecord, NewEpisode, NewPlan, PlanRecord
from app.store.tables import due_items, episodes, plans

_HOLD = READ_EPISODE.add_columns(episodes.c.course).where(episodes.c.id == bindparam("id")).with_for_update()
_EPISODE_OF = select(plans.c.episode_id).where(
    plans.c.tenant_id == bindparam("tenant_id"), plans.c.id == bindparam("id")
)
_PRESENT = READ_PLAN.add_columns(plans.c.input, case((plans.c.accepted_by.is_not(None), plans.c.document))).where(
    plans.c.episode_id == bindparam("id"), plans.c.status != "superseded"
)
_SUPERSEDE = (
    update(plans)
    .where(plans.c.tenant_id == bindparam("tenant"), plans.c.id == bindparam("replaced"))
    .values(status="superseded", superseded_by=bindparam("successor"))
)
_SET_STATUS = (
    update(plans)
    .where(plans.c.tenant_id == bindparam("tenant"), plans.c.id == bindparam("plan"))
    .values(status=bindparam("new_status"), accepted_option_id=bindparam("option"))
)
_SHOW = (
    update(plans)
    .where(plans.c.tenant_id == bindparam("tenant"), plans.c.id == bindparam("plan"))
    .values(accepted_by=bindparam("decision"))
)
_CLEAR = delete(due_items).where(due_items.c.tenant_id == bindparam("tenant"), due_items.c.plan_id == bindparam("plan"))
_UPDATE = (
    update(episodes)
    .where(episodes.c.tenant_id == bindparam("tenant"), episodes.c.id == bindparam("episode"))
    .values(
        {name: bindparam(f"new_{name}") for name in ("patient_reference", "condition", "as_of", "document", "course")}
        | {"revision": bindparam("new_revision"), "updated_at": bindparam("new_updated_at")}
    )
)
_SET_COURSE = (
    update(episodes)
    .where(episodes.c.tenant_id == bindparam("tenant"), episodes.c.id == bindparam("episode"))
    .values(course=bindparam("new_course"))
)
_SAVE_PLAN = saving_plan()
_SAVE_ACCEPTED = saving_accepted_plan()
_SET_DUE = setting_due()


async def hold_episode(connection: AsyncConnection, tenant: str, episode_id: UUID) -> Current | None:
    """Return the episode and its present plan; until the transaction ends every other change of it waits."""
    values = {"tenant_id": tenant, "id": episode_id}
    held = (await connection.execute(_HOLD, values)).one_or_none()
    if held is None:
        return None
    *columns, course = held
    *plan, facts, first = (await connection.execute(_PRESENT, values)).one()
    return Current(EpisodeRecord(*columns), course, PlanRecord(*plan), facts, first)


async def episode_of(connection: AsyncConnection, tenant: str, plan_id: UUID) -> UUID | None:
    """Return the episode that a plan of the tenant belongs to, if there is such a plan."""
    found: UUID | None = (
        await connection.execute(_EPISODE_OF, {"tenant_id": tenant, "id": plan_id})
    ).scalar_one_or_none()
    return found


async def save_revision(
    connection: AsyncConnection, tenant: str, replaced: UUID, episode: NewEpisode, plan: NewPlan
) -> None:
    """Write the next version of a held episode and its next plan, which takes the place of the one it replaces."""
    await connection.execute(_CLEAR, {"tenant": tenant, "plan": replaced})
    await connection.execute(_SUPERSEDE, {"tenant": tenant, "replaced": replaced, "successor": plan.record.id})
    await connection.execute(_SAVE_PLAN, plan_values(tenant, plan))
    await connection.execute(
        _UPDATE,
        {
            "tenant": tenant,
            "episode": episode.record.id,
            "new_patient_reference": episode.patient_reference,
            "new_condition": episode.condition,
            "new_as_of": episode.as_of,
            "new_document": episode.record.document,
            "new_course": episode.course,
            "new_revision": episode.record.revision,
            "new_updated_at": episode.record.updated_at,
        },
    )


async def set_plan_status(
    connection: AsyncConnection, tenant: str, plan_id: UUID, status: str, accepted_option_id: str | None
) -> None:
    """Give the present plan of a held episode another status; a plan that is withdrawn sets nothing due."""
    values = {"tenant": tenant, "plan": plan_id, "new_status": status, "option": accepted_option_id}
    await connection.execute(_SET_STATUS, values)
    if status == "withdrawn":
        await connection.execute(_CLEAR, {"tenant": tenant, "plan": plan_id})


async def show_accepted(connection: AsyncConnection, tenant: str, decision_id: UUID, new: AcceptedPlan) -> None:
    """Let the present plan of a held episode say what an acceptance, which is kept already, makes of it."""
    await connection.execute(_CLEAR, {"tenant": tenant, "plan": new.plan_id})
    await connection.execute(_SAVE_ACCEPTED, accepted_values(tenant, decision_id, new))
    await connection.execute(_SHOW, {"tenant": tenant, "plan": new.plan_id, "decision": decision_id})


async def show_first(
    connection: AsyncConnection, tenant: str, plan_id: UUID, episode_id: UUID, due: tuple[DueRow, ...]
) -> None:
    """Let the present plan of a held episode say, and set due, what it did before its acceptance."""
    await connection.execute(_CLEAR, {"tenant": tenant, "plan": plan_id})
    await connection.execute(_SET_DUE, {"tenant_id": tenant, **due_values(plan_id, episode_id, due)})
    await connection.execute(_SHOW, {"tenant": tenant, "plan": plan_id, "decision": None})


async def set_course(connection: AsyncConnection, tenant: str, episode_id: UUID, course: str | None) -> None:
    """Keep where the course of a held episode goes on from, without a new plan."""
    await connection.execute(_SET_COURSE, {"tenant": tenant, "episode": episode_id, "new_course": course})
