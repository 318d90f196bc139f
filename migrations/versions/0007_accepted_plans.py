"""What a plan says from an acceptance on: the schedule, the tests and the headline of the option that was accepted.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SHOWN = "plans_tenant_id_accepted_by_fkey"


def upgrade() -> None:
    """Make the table append-only; a plan names the acceptance that it shows."""
    _create_accepted_plans()
    op.execute("ALTER TABLE accepted_plans ALTER COLUMN document SET STORAGE EXTERNAL")
    op.execute(
        "CREATE TRIGGER accepted_plans_append_only BEFORE UPDATE OR DELETE ON accepted_plans "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute("CALL secure_table('accepted_plans', 'SELECT, INSERT')")
    op.add_column(
        "plans",
        sa.Column(
            "accepted_option_id",
            sa.Text(),
            nullable=True,
            comment="The option that is accepted, here or on an earlier revision",
        ),
    )
    op.add_column(
        "plans",
        sa.Column(
            "accepted_by",
            sa.Uuid(),
            nullable=True,
            comment="The acceptance whose plan is shown; null shows what was decided first",
        ),
    )
    op.create_foreign_key(_SHOWN, "plans", "accepted_plans", ["tenant_id", "accepted_by"], ["tenant_id", "decision_id"])
    op.execute("GRANT UPDATE (accepted_option_id, accepted_by) ON plans TO rebound_service")


def downgrade() -> None:
    """Show every plan as it was decided first."""
    op.drop_constraint(_SHOWN, "plans")
    op.drop_column("plans", "accepted_by")
    op.drop_column("plans", "accepted_option_id")
    op.drop_table("accepted_plans")


def _create_accepted_plans() -> None:
    op.create_table(
        "accepted_plans",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False, comment="The acceptance"),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="The plan revision that was accepted"),
        sa.Column("course", sa.Text(), nullable=False, comment="The course of treatment that it begins, JSON"),
        sa.Column("document", sa.Text(), nullable=False, comment="The plan's content as answered, JSON"),
        sa.Column("output_digest", sa.Text(), nullable=False),
        sa.Column("knowledge_version", sa.Text(), nullable=False),
        sa.Column("knowledge_digest", sa.Text(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "decision_id", name="accepted_plans_pkey"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decision_id"],
            ["decisions.tenant_id", "decisions.id"],
            name="accepted_plans_tenant_id_decision_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plans.tenant_id", "plans.id"], name="accepted_plans_tenant_id_plan_id_fkey"
        ),
    )
