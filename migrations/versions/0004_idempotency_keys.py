"""Keys of requests that may be sent again, each with the answer it was given first.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A key that has expired may be given a new answer; its tenant, route and name stay.
_RENEWED = "digest, episode_id, plan_id, etag, body, created_at, expires_at"


def upgrade() -> None:
    """Make the table; expired rows are deleted by the service itself."""
    op.create_table(
        "idempotency_keys",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False, comment="Method and path, ids in their one usual form"),
        sa.Column("key", sa.Text(), nullable=False, comment="As the caller sent it"),
        sa.Column("digest", sa.Text(), nullable=False, comment="Of media type and body as sent"),
        sa.Column("episode_id", sa.Uuid(), nullable=False, comment="The episode that the answer is about"),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="The plan that the answer shows"),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="As answered, byte for byte"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "route", "key", name="idempotency_keys_pkey"),
        sa.CheckConstraint("char_length(key) BETWEEN 1 AND 255", name="idempotency_keys_key_check"),
        sa.CheckConstraint("expires_at > created_at", name="idempotency_keys_expires_at_check"),
    )
    op.create_index("idempotency_keys_tenant_id_expires_at_idx", "idempotency_keys", ["tenant_id", "expires_at"])
    op.execute(f"CALL secure_table('idempotency_keys', 'SELECT, INSERT, DELETE, UPDATE ({_RENEWED})')")


def downgrade() -> None:
    """Drop it; its policy and rights go with it."""
    op.drop_table("idempotency_keys")
