"""The main write: an episode, its first plan and the plan's citations in one statement, so all or nothing."""

from typing import Any

from sqlalchemy import ARRAY, Insert, Table, Text, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.rows import NewEpisode, NewPlan
from app.store.tables import episodes, plan_citations, plans


async def save_submission(connection: AsyncConnection, tenant: str, episode: NewEpisode, plan: NewPlan) -> None:
    """Keep an episode, its first plan, and the link from each source to the plan."""
    values = {"tenant_id": tenant, "citation_ids": plan.citation_ids}
    await connection.execute(_SAVE, values | _episode_values(episode) | _plan_values(plan))


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
    }


def _plan_values(new: NewPlan) -> dict[str, Any]:
    record = new.record
    return {
        "plans_id": record.id,
        "plans_episode_id": record.episode_id,
        "plans_revision": record.revision,
        "plans_status": record.status,
        "plans_superseded_by": record.superseded_by,
        "plans_disposition": new.disposition,
        "plans_as_of": new.as_of,
        "plans_valid_until": new.valid_until,
        "plans_retrospective": record.retrospective,
        "plans_created_at": record.created_at,
        "plans_input": new.input,
        "plans_document": record.document,
        "plans_input_digest": new.input_digest,
        "plans_output_digest": record.output_digest,
        "plans_knowledge_version": new.knowledge_version,
        "plans_knowledge_digest": new.knowledge_digest,
        "plans_engine_version": new.engine_version,
    }


def _save() -> Insert:
    """Foreign keys are checked at the end of the statement, when all three tables have their rows."""
    cited = func.unnest(bindparam("citation_ids", type_=ARRAY(Text))).column_valued("citation_id")
    rows = select(_parameter(plans, "tenant_id"), cited, _parameter(plans, "id"))
    links = insert(plan_citations).from_select(["tenant_id", "citation_id", "plan_id"], rows)
    return links.add_cte(_insert(episodes).cte("new_episode"), _insert(plans).cte("new_plan"))


def _insert(table: Table) -> Insert:
    return insert(table).values({column.name: _parameter(table, column.name) for column in table.c})


def _parameter(table: Table, column: str) -> Any:
    """Every column is a parameter of its own, but one tenant owns all three rows."""
    name = column if column == "tenant_id" else f"{table.name}_{column}"
    return bindparam(name, type_=table.c[column].type)


_SAVE = _save()
