"""What a write costs: documents are kept as they are, and a link to a source is not checked row by row.

Compressing a plan takes PostgreSQL longer than all the rest of writing it. Rows that were written before stay as they
are. The version before works on these tables as it did on its own.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_DOCUMENTS = {"plans": "document", "idempotency_keys": "body"}
_LINK = "plan_citations_tenant_id_plan_id_fkey"


def upgrade() -> None:
    """Neither rewrites a row."""
    for table, column in _DOCUMENTS.items():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
    op.drop_constraint(_LINK, "plan_citations", type_="foreignkey")


def downgrade() -> None:
    """Check the links again and compress what is written from now on."""
    op.create_foreign_key(_LINK, "plan_citations", "plans", ["tenant_id", "plan_id"], ["tenant_id", "id"])
    for table, column in _DOCUMENTS.items():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTENDED")
