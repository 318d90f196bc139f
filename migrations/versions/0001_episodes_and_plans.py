"""Episodes, plans and the citations of plans.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables of the first release."""
    _create_episodes()
    _create_plans()
    _create_plan_citations()


def downgrade() -> None:
    """Drop them, children first; their indices go with them."""
    op.drop_table("plan_citations")
    op.drop_table("plans")
    op.drop_table("episodes")


def _create_episodes() -> None:
    op.create_table(
        "episodes",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUID version 7: sorts by time of creation"),
        sa.Column(
            "patient_reference", sa.Text(), nullable=False, comment="The caller's opaque reference, never a name"
        ),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="The episode's properties as sent, JSON"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="episodes_pkey"),
        sa.CheckConstraint("char_length(tenant_id) BETWEEN 1 AND 200", name="episodes_tenant_id_check"),
        sa.CheckConstraint("char_length(patient_reference) BETWEEN 1 AND 64", name="episodes_patient_reference_check"),
        sa.CheckConstraint("status IN ('active', 'closed')", name="episodes_status_check"),
        sa.CheckConstraint("revision >= 1", name="episodes_revision_check"),
        sa.CheckConstraint("updated_at >= created_at", name="episodes_updated_at_check"),
    )
    op.create_index("episodes_tenant_id_patient_reference_id_idx", "episodes", ["tenant_id", "patient_reference", "id"])
    op.create_index("episodes_tenant_id_condition_id_idx", "episodes", ["tenant_id", "condition", "id"])


def _create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUID version 7: sorts by time of creation"),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("retrospective", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "input", sa.Text(), nullable=False, comment="The episode the plan was decided on, dates resolved, JSON"
        ),
        sa.Column("document", sa.Text(), nullable=False, comment="The plan's content as answered, JSON"),
        sa.Column("input_digest", sa.Text(), nullable=False),
        sa.Column("output_digest", sa.Text(), nullable=False),
        sa.Column("knowledge_version", sa.Text(), nullable=False),
        sa.Column("knowledge_digest", sa.Text(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="plans_pkey"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "episode_id"], ["episodes.tenant_id", "episodes.id"], name="plans_tenant_id_episode_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "superseded_by"],
            ["plans.tenant_id", "plans.id"],
            name="plans_tenant_id_superseded_by_fkey",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.UniqueConstraint("tenant_id", "episode_id", "revision", name="plans_tenant_id_episode_id_revision_key"),
        sa.CheckConstraint("status IN ('draft', 'accepted', 'superseded', 'withdrawn')", name="plans_status_check"),
        sa.CheckConstraint("(status = 'superseded') = (superseded_by IS NOT NULL)", name="plans_superseded_by_check"),
        sa.CheckConstraint(
            "disposition IN ('plan', 'refer', 'emergency', 'insufficient_data')", name="plans_disposition_check"
        ),
        sa.CheckConstraint("revision >= 1", name="plans_revision_check"),
        sa.CheckConstraint("valid_until >= as_of", name="plans_valid_until_check"),
    )
    op.create_index(
        "plans_current_key",
        "plans",
        ["tenant_id", "episode_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'superseded'"),
    )


def _create_plan_citations() -> None:
    op.create_table(
        "plan_citations",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("citation_id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "citation_id", "plan_id", name="plan_citations_pkey"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"], name="plan_citations_tenant_id_plan_id_fkey"
        ),
    )
