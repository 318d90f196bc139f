"""The tables. Every key starts with the tenant, so that rows of one tenant live together and never meet another's.

Documents are text: the bytes that were answered are the bytes that are kept, uncompressed. The typed columns beside
them are what lists are filtered by and what the state of a record is; they repeat nothing that can disagree.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from app.store.audit_tables import audit_events, audit_mentions, audit_seals
from app.store.metadata import metadata

__all__ = [
    "accepted_plans",
    "assessments",
    "audit_events",
    "audit_mentions",
    "audit_seals",
    "decisions",
    "due_items",
    "episodes",
    "idempotency_keys",
    "metadata",
    "plan_citations",
    "plans",
]

episodes = Table(
    "episodes",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Uuid, nullable=False, comment="UUID version 7: sorts by time of creation"),
    Column("patient_reference", Text, nullable=False, comment="The caller's opaque reference, never a name"),
    Column("condition", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("document", Text, nullable=False, comment="The episode's properties as sent, JSON"),
    Column("course", Text, comment="The course of treatment so far, JSON; null before an option is followed"),
    PrimaryKeyConstraint("tenant_id", "id"),
    CheckConstraint("char_length(tenant_id) BETWEEN 1 AND 200", name="tenant_id"),
    CheckConstraint("char_length(patient_reference) BETWEEN 1 AND 64", name="patient_reference"),
    CheckConstraint("status IN ('active', 'closed')", name="status"),
    CheckConstraint("revision >= 1", name="revision"),
    CheckConstraint("updated_at >= created_at", name="updated_at"),
    Index(None, "tenant_id", "patient_reference", "id"),
    Index(None, "tenant_id", "condition", "id"),
)

plans = Table(
    "plans",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Uuid, nullable=False, comment="UUID version 7: sorts by time of creation"),
    Column("episode_id", Uuid, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("superseded_by", Uuid),
    Column("disposition", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("retrospective", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("input", Text, nullable=False, comment="The episode the plan was decided on, dates resolved, JSON"),
    Column("course", Text, comment="The course of treatment the plan was decided on, JSON; null before treatment"),
    Column("document", Text, nullable=False, comment="The plan's content as answered, JSON"),
    Column("input_digest", Text, nullable=False),
    Column("output_digest", Text, nullable=False),
    Column("knowledge_version", Text, nullable=False),
    Column("knowledge_digest", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("accepted_option_id", Text, comment="The option that is accepted, here or on an earlier revision"),
    Column("accepted_by", Uuid, comment="The acceptance whose plan is shown; null shows what was decided first"),
    PrimaryKeyConstraint("tenant_id", "id"),
    ForeignKeyConstraint(["tenant_id", "episode_id"], ["episodes.tenant_id", "episodes.id"]),
    ForeignKeyConstraint(
        ["tenant_id", "accepted_by"], ["accepted_plans.tenant_id", "accepted_plans.decision_id"], use_alter=True
    ),
    # Deferred, because the successor is written after the plan it replaces has been marked.
    ForeignKeyConstraint(
        ["tenant_id", "superseded_by"], ["plans.tenant_id", "plans.id"], deferrable=True, initially="DEFERRED"
    ),
    UniqueConstraint("tenant_id", "episode_id", "revision"),
    CheckConstraint("status IN ('draft', 'accepted', 'superseded', 'withdrawn')", name="status"),
    CheckConstraint("(status = 'superseded') = (superseded_by IS NOT NULL)", name="superseded_by"),
    CheckConstraint("disposition IN ('plan', 'refer', 'emergency', 'insufficient_data')", name="disposition"),
    CheckConstraint("revision >= 1", name="revision"),
    CheckConstraint("valid_until >= as_of", name="valid_until"),
    Index("plans_current_key", "tenant_id", "episode_id", unique=True, postgresql_where=text("status <> 'superseded'")),
)

plan_citations = Table(
    "plan_citations",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("citation_id", Text, nullable=False),
    Column("plan_id", Uuid, nullable=False),
    # Answers "which plans rest on this statement?" when a source is corrected. No foreign key: the rows are written by
    # the statement that writes the plan, and checking some 140 of them costs more than writing them.
    PrimaryKeyConstraint("tenant_id", "citation_id", "plan_id"),
)

assessments = Table(
    "assessments",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Uuid, nullable=False, comment="UUID version 7: sorts by time of creation"),
    Column("episode_id", Uuid, nullable=False),
    Column("plan_id", Uuid, nullable=False, comment="The plan revision it wrote"),
    Column("assessed_on", Date, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False, comment="Subject of the token that sent it"),
    Column("request", Text, nullable=False, comment="Results and findings as sent, JSON"),
    Column("document", Text, nullable=False, comment="What was found, as answered, JSON"),
    PrimaryKeyConstraint("tenant_id", "id"),
    ForeignKeyConstraint(["tenant_id", "episode_id"], ["episodes.tenant_id", "episodes.id"]),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"]),
    Index(None, "tenant_id", "episode_id", "id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Uuid, nullable=False, comment="UUID version 7: sorts by time of creation"),
    Column("episode_id", Uuid, nullable=False),
    Column("plan_id", Uuid, nullable=False, comment="The plan revision it is about"),
    Column("action", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("document", Text, nullable=False, comment="The decision as answered, JSON"),
    PrimaryKeyConstraint("tenant_id", "id"),
    ForeignKeyConstraint(["tenant_id", "episode_id"], ["episodes.tenant_id", "episodes.id"]),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"]),
    CheckConstraint("action IN ('accept', 'decline', 'override')", name="action"),
    Index(None, "tenant_id", "episode_id", "id"),
    Index(None, "tenant_id", "plan_id", "id"),
)

accepted_plans = Table(
    "accepted_plans",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("decision_id", Uuid, nullable=False, comment="The acceptance"),
    Column("plan_id", Uuid, nullable=False, comment="The plan revision that was accepted"),
    Column("course", Text, nullable=False, comment="The course of treatment that it begins, JSON"),
    Column("document", Text, nullable=False, comment="The plan's content as answered, JSON"),
    Column("output_digest", Text, nullable=False),
    Column("knowledge_version", Text, nullable=False),
    Column("knowledge_digest", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "decision_id"),
    ForeignKeyConstraint(["tenant_id", "decision_id"], ["decisions.tenant_id", "decisions.id"]),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"]),
)

due_items = Table(
    "due_items",
    metadata,
    # Only the present plan of an episode has rows here: a new revision replaces them, so the table stays small.
    Column("tenant_id", Text, nullable=False),
    Column("plan_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False, comment="Place within the plan, from 1"),
    Column("episode_id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("document", Text, nullable=False, comment="The item as answered, JSON"),
    PrimaryKeyConstraint("tenant_id", "plan_id", "number"),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"]),
    # Read in the order of the days, across episodes; the second serves the filter by code.
    Index(None, "tenant_id", "due_on", "plan_id", "number"),
    Index(None, "tenant_id", "code", "due_on", "plan_id", "number"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("route", Text, nullable=False, comment="Method and path, ids in their one usual form"),
    Column("key", Text, nullable=False, comment="As the caller sent it"),
    Column("digest", Text, nullable=False, comment="Of media type and body as sent"),
    Column("episode_id", Uuid, nullable=False, comment="The episode that the answer is about"),
    Column("plan_id", Uuid, nullable=False, comment="The plan that the answer shows"),
    Column("etag", Text, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="As answered, byte for byte"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("tenant_id", "route", "key"),
    CheckConstraint("char_length(key) BETWEEN 1 AND 255", name="key"),
    CheckConstraint("expires_at > created_at", name="expires_at"),
    Index(None, "tenant_id", "expires_at"),
)
