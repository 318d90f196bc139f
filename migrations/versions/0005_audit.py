"""Who did what to whose data: events, what each one names, and the seals that make a later change show.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("audit_events", "audit_mentions", "audit_seals")
# An event's number and time are the database's own: the service has no right to choose them.
_WRITTEN = (
    "tenant_id, subject, client, action, resource_type, resource_id, episode_id, related_ids, outcome, request_id"
)


def upgrade() -> None:
    """Make the tables append-only, each row in its tenant's rows; let the steward see where events wait for a seal."""
    op.execute("CREATE SEQUENCE audit_numbers AS bigint")
    _create_events()
    _create_mentions()
    _create_seals()
    _forbid_changes()
    op.execute(f"CALL secure_table('audit_events', 'SELECT, INSERT ({_WRITTEN})')")
    op.execute("CALL secure_table('audit_mentions', 'SELECT, INSERT')")
    op.execute("CALL secure_table('audit_seals', 'SELECT, INSERT')")
    op.execute("GRANT USAGE, SELECT ON SEQUENCE audit_numbers TO rebound_service")
    for table, column in (("audit_events", "number"), ("audit_seals", "until_number")):
        op.execute(f"GRANT SELECT (tenant_id, {column}) ON {table} TO rebound_steward")
        op.execute(
            f"CREATE POLICY every_tenant ON {table} FOR SELECT TO rebound_steward "
            "USING (current_user = 'rebound_steward')"
        )


def downgrade() -> None:
    """Drop them; triggers, policies and rights go with their tables."""
    op.drop_table("audit_seals")
    op.drop_table("audit_mentions")
    op.drop_table("audit_events")
    op.execute("DROP SEQUENCE audit_numbers")


def _create_events() -> None:
    op.create_table(
        "audit_events",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column(
            "number",
            sa.BigInteger(),
            # A transaction has its id before it draws a number: sealing waits for those ids, so no number comes late.
            server_default=sa.text(
                "CASE WHEN pg_current_xact_id() IS NOT NULL THEN nextval('audit_numbers'::regclass) END"
            ),
            nullable=False,
            comment="Order of the events; gaps are usual",
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="Subject of the token"),
        sa.Column("client", sa.Text(), nullable=True, comment="Program the token was issued to, if it says so"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True, comment="What was named or made; null for lists and sums"),
        sa.Column("episode_id", sa.Uuid(), nullable=True, comment="The episode it belongs to, where known"),
        sa.Column("related_ids", sa.ARRAY(sa.Uuid()), nullable=False, comment="What else was shown or written with it"),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "number", name="audit_events_pkey"),
        sa.CheckConstraint("char_length(tenant_id) BETWEEN 1 AND 200", name="audit_events_tenant_id_check"),
        sa.CheckConstraint(
            "outcome IN ('success', 'not_found', 'refused', 'failed')", name="audit_events_outcome_check"
        ),
    )
    for column in ("subject", "at"):
        op.create_index(f"audit_events_tenant_id_{column}_number_idx", "audit_events", ["tenant_id", column, "number"])


def _create_mentions() -> None:
    op.create_table(
        "audit_mentions",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("mentioned_id", sa.Uuid(), nullable=False, comment="Any id that the event names"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "mentioned_id", "number", name="audit_mentions_pkey"),
    )


def _create_seals() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="Place in the tenant's chain, from 1"),
        sa.Column(
            "after_number", sa.BigInteger(), nullable=False, comment="It covers the events above this number ..."
        ),
        sa.Column("until_number", sa.BigInteger(), nullable=False, comment="... up to this one"),
        sa.Column("count", sa.Integer(), nullable=False, comment="How many events it covers"),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, comment="Over the seal before, this row and the events"),
        sa.PrimaryKeyConstraint("tenant_id", "number", name="audit_seals_pkey"),
        sa.CheckConstraint("number >= 1", name="audit_seals_number_check"),
        sa.CheckConstraint("until_number > after_number", name="audit_seals_until_number_check"),
        sa.CheckConstraint("count >= 1", name="audit_seals_count_check"),
    )


def _forbid_changes() -> None:
    """Refuse changes to the owner of the tables too."""
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
