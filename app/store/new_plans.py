"""Writing a plan: its row, the link from each source to it and what it sets due, in one statement."""

from typing import Any

from sqlalchemy import ARRAY, CTE, Date, Insert, Text, bindparam, func, insert, select

from app.store.parameters import insertion, parameter
from app.store.rows import NewPlan
from app.store.tables import due_items, plan_citations, plans


def saving_plan(*before: CTE) -> Insert:
    """Return the statement that writes a plan after what `before` writes.

    Foreign keys are checked at the end of the statement, when every table has its rows.
    """
    cited = func.unnest(bindparam("citation_ids", type_=ARRAY(Text))).column_valued("citation_id")
    rows = select(parameter(plans, "tenant_id"), cited, parameter(plans, "id"))
    links = insert(plan_citations).from_select(["tenant_id", "citation_id", "plan_id"], rows)
    return links.add_cte(*before, insertion(plans).cte("new_plan"), _due().cte("new_due_items"))


def _due() -> Insert:
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
        "due_codes": [item.code for item in new.due],
        "due_due_ons": [item.due_on for item in new.due],
        "due_documents": [item.document for item in new.due],
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
        "plans_course": new.course,
        "plans_document": record.document,
        "plans_input_digest": new.input_digest,
        "plans_output_digest": record.output_digest,
        "plans_knowledge_version": new.knowledge_version,
        "plans_knowledge_digest": new.knowledge_digest,
        "plans_engine_version": new.engine_version,
    }
