"""The tables of the audit: events, what each one names, and the seals over them. Nothing in them is ever changed."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from app.store.metadata import metadata

audit_events = Table(
    "audit_events",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column(
        "number",
        BigInteger,
        # A transaction has its id before it draws a number: sealing waits for those ids, so no number comes late.
        server_default=text("CASE WHEN pg_current_xact_id() IS NOT NULL THEN nextval('audit_numbers'::regclass) END"),
        nullable=False,
        comment="Order of the events; gaps are usual",
    ),
    Column("at", DateTime(timezone=True), server_default=text("clock_timestamp()"), nullable=False),
    Column("subject", Text, nullable=False, comment="Subject of the token"),
    Column("client", Text, comment="Program the token was issued to, if it says so"),
    Column("action", Text, nullable=False),
    Column("resource_type", Text, nullable=False),
    Column("resource_id", Uuid, comment="What was named or made; null for lists and sums"),
    Column("episode_id", Uuid, comment="The episode it belongs to, where known"),
    Column("related_ids", ARRAY(Uuid), nullable=False, comment="What else was shown or written with it"),
    Column("outcome", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "number"),
    CheckConstraint("char_length(tenant_id) BETWEEN 1 AND 200", name="tenant_id"),
    CheckConstraint("outcome IN ('success', 'not_found', 'refused', 'failed')", name="outcome"),
    Index(None, "tenant_id", "subject", "number"),
    Index(None, "tenant_id", "at", "number"),
)

audit_mentions = Table(
    "audit_mentions",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("mentioned_id", Uuid, nullable=False, comment="Any id that the event names"),
    Column("number", BigInteger, nullable=False),
    # Answers "who saw this episode?", lists included, without reading every event.
    PrimaryKeyConstraint("tenant_id", "mentioned_id", "number"),
)

audit_seals = Table(
    "audit_seals",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("number", Integer, nullable=False, comment="Place in the tenant's chain, from 1"),
    Column("after_number", BigInteger, nullable=False, comment="It covers the events above this number ..."),
    Column("until_number", BigInteger, nullable=False, comment="... up to this one"),
    Column("count", Integer, nullable=False, comment="How many events it covers"),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
    Column("digest", Text, nullable=False, comment="Over the seal before, this row and the events"),
    PrimaryKeyConstraint("tenant_id", "number"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("until_number > after_number", name="until_number"),
    CheckConstraint("count >= 1", name="count"),
)
