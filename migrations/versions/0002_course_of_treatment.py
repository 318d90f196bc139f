"""The course of treatment: assessments, decisions, the worklist.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("assessments", "decisions")


def upgrade() -> None:
    """Let plans rest on a course; make the three tables that a course is written to."""
    _add_courses()
    _create_assessments()
    _create_decisions()
    _create_due_items()
    _forbid_changes()


def downgrade() -> None:
    """Take them away again; the triggers go with their tables."""
    op.drop_table("due_items")
    op.drop_table("decisions")
    op.drop_table("assessments")
    op.execute("DROP FUNCTION refuse_change()")
    op.drop_column("plans", "course")
    op.drop_column("episodes", "course")


def _add_courses() -> None:
    op.add_column(
        "episodes",
        sa.Column(
            "course",
            sa.Text(),
            nullable=True,
            comment="The course of treatment so far, JSON; null before an option is followed",
        ),
    )
    op.add_column(
        "plans",
        sa.Column(
            "course",
            sa.Text(),
            nullable=True,
            comment="The course of treatment the plan was decided on, JSON; null before treatment",
        ),
    )


def _create_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUID version 7: sorts by time of creation"),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="The plan revision it wrote"),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False, comment="Subject of the token that sent it"),
        sa.Column("request", sa.Text(), nullable=False, comment="Results and findings as sent, JSON"),
        sa.Column("document", sa.Text(), nullable=False, comment="What was found, as answered, JSON"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="assessments_pkey"),
        *_references("assessments"),
    )
    op.create_index("assessments_tenant_id_episode_id_id_idx", "assessments", ["tenant_id", "episode_id", "id"])


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUID version 7: sorts by time of creation"),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="The plan revision it is about"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="The decision as answered, JSON"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="decisions_pkey"),
        *_references("decisions"),
        sa.CheckConstraint("action IN ('accept', 'decline', 'override')", name="decisions_action_check"),
    )
    op.create_index("decisions_tenant_id_episode_id_id_idx", "decisions", ["tenant_id", "episode_id", "id"])
    op.create_index("decisions_tenant_id_plan_id_id_idx", "decisions", ["tenant_id", "plan_id", "id"])


def _references(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["tenant_id", "episode_id"],
            ["episodes.tenant_id", "episodes.id"],
            name=f"{table}_tenant_id_episode_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"], name=f"{table}_tenant_id_plan_id_fkey"
        ),
    )


def _create_due_items() -> None:
    op.create_table(
        "due_items",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="Place within the plan, from 1"),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="The item as answered, JSON"),
        sa.PrimaryKeyConstraint("tenant_id", "plan_id", "number", name="due_items_pkey"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"], name="due_items_tenant_id_plan_id_fkey"
        ),
    )
    op.create_index(
        "due_items_tenant_id_due_on_plan_id_number_idx", "due_items", ["tenant_id", "due_on", "plan_id", "number"]
    )
    op.create_index(
        "due_items_tenant_id_code_due_on_plan_id_number_idx",
        "due_items",
        ["tenant_id", "code", "due_on", "plan_id", "number"],
    )


def _forbid_changes() -> None:
    """Make what was found and decided append-only, for the owner of the tables too."""
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
