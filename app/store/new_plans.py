"""Writing a plan: its row, the link from each source to it and what it sets due, in one statement.

What an accepted option makes of a plan is written in the same way.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CTE, Date, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import Insert, insert

from app.store.parameters import insertion, parameter
from app.store.rows import AcceptedPlan, DueRow, NewPlan
from app.store.tables import accepted_plans, due_items, plan_citations, plans


def saving_plan(*before: CTE) -> Insert:
    """Return the statement that writes a plan after what `before` writes.

    Foreign keys are checked at the end of the statement, when every table has its rows.
    """
    return _links().add_cte(*before, insertion(plans).cte("new_plan"), setting_due().cte("new_due_items"))


def saving_accepted_plan() -> Insert:
    """Return the statement that writes what a plan says from an acceptance on; its plan is there already."""
    links = _links().on_conflict_do_nothing()
    return links.add_cte(insertion(accepted_plans).cte("new_plan"), setting_due().cte("new_due_items"))


def _links() -> Insert:
    cited = func.unnest(bindparam("citation_ids", type_=ARRAY(Text))).column_valued("citation_id")
    rows = select(parameter(plans, "tenant_id"), cited, parameter(plans, "id"))
    return insert(plan_citations).from_select(["tenant_id", "citation_id", "plan_id"], rows)


def setting_due() -> Insert:
    """Return the statement that writes what a plan sets due; it has no rows of that kind."""
    names = ("code", "due_on", "document")
    arrays = [bindparam(f"due_{name}s", type_=ARRAY(Date if name == "due_on" else Text)) for name in names]
    items = func.unnest(*arrays).table_valued(*names, with_ordinality="number").render_derived("item")
    shared = [parameter(plans, name) for name in ("tenant_id", "id", "episode_id")]
    rows = select(*shared, items.c.number, *(items.c[name] for name in names))
    return insert(due_items).from_select(["tenant_id", "plan_id", "episode_id", "number", *names], rows)


def plan_values(tenant: str, new: NewPlan) -> dict[str, Any]:
    """Return the parameters of a plan."""
    record = new.record
    return {
        "tenant_id": tenant,
        "citation_ids": new.citation_ids,
        **due_values(record.id, record.episode_id, new.due),
        "plans_revision": record.revision,
        "plans_status": record.status,
        "plans_superseded_by": record.superseded_by,
        "plans_accepted_option_id": record.accepted_option_id,
        "plans_accepted_by": None,
        "plans_disposition": new.disposition,
        "plans_as_of": new.as_of,
        "plans_valid_until": new.valid_until,
        "plans_retrospective": record.retrospective,
        "plans_created_at": record.created_at,
        "plans_input": new.input,
        "plans_course": new.course,
        "plans_document": record.document,
        "plans_input_digest": new.input_digest,
        "plans_output_digest": record.output_digest,
        "plans_knowledge_version": new.knowledge_version,
        "plans_knowledge_digest": new.knowledge_digest,
        "plans_engine_version": new.engine_version,
    }


def accepted_values(tenant: str, decision_id: UUID, new: AcceptedPlan) -> dict[str, Any]:
    """Return the parameters of what a plan says once an option of it is accepted."""
    return {
        "tenant_id": tenant,
        "citation_ids": new.citation_ids,
        **due_values(new.plan_id, new.episode_id, new.due),
        "accepted_plans_decision_id": decision_id,
        "accepted_plans_plan_id": new.plan_id,
        "accepted_plans_course": new.course,
        "accepted_plans_document": new.document,
        "accepted_plans_output_digest": new.output_digest,
        "accepted_plans_knowledge_version": new.knowledge_version,
        "accepted_plans_knowledge_digest": new.knowledge_digest,
        "accepted_plans_engine_version": new.engine_version,
    }


def due_values(plan_id: UUID, episode_id: UUID, due: tuple[DueRow, ...]) -> dict[str, Any]:
    """Return the parameters of what a plan sets due."""
    return {
        "due_codes": [item.code for item in due],
        "due_due_ons": [item.due_on for item in due],
        "due_documents": [item.document for item in due],
        "plans_id": plan_id,
        "plans_episode_id": episode_id,
    }
