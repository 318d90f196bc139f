"""Row-level security: a session sees and writes the rows of the one tenant it was told, and of none otherwise.

Two group roles stand in the cluster, outside this database: the service works as one of them, the other may only learn
which tenants there are. They are made if they are missing and stay when this migration is undone, because another
database of the same server may use them.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_GRANTED = {
    "episodes": "SELECT, INSERT, UPDATE "
    "(patient_reference, condition, status, revision, as_of, updated_at, document, course)",
    "plans": "SELECT, INSERT, UPDATE (status, superseded_by)",
    "plan_citations": "SELECT, INSERT",
    "assessments": "SELECT, INSERT",
    "decisions": "SELECT, INSERT",
    "due_items": "SELECT, INSERT, DELETE",
}


def upgrade() -> None:
    """Make the roles, then secure each table."""
    _create_roles()
    _create_procedure()
    for table, granted in _GRANTED.items():
        op.execute(f"CALL secure_table('{table}', '{granted}')")
    _let_steward_list_tenants()
    op.execute("GRANT SELECT ON alembic_version TO rebound_service")


def downgrade() -> None:
    """Open the tables again; the roles stay."""
    op.execute("REVOKE SELECT ON alembic_version FROM rebound_service")
    op.execute("REVOKE SELECT (tenant_id) ON episodes FROM rebound_steward")
    op.execute("DROP POLICY every_tenant ON episodes")
    for table in _GRANTED:
        op.execute(f"REVOKE ALL ON {table} FROM rebound_service")
        op.execute(f"DROP POLICY one_tenant ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP PROCEDURE secure_table")


def _create_roles() -> None:
    """Make both roles, and let whoever runs this work as them; a superuser may anyway."""
    op.execute(
        """
        DO $$
        DECLARE
            wanted text;
        BEGIN
            FOREACH wanted IN ARRAY ARRAY['rebound_service', 'rebound_steward'] LOOP
                BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
                    END IF;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN
                    NULL; -- Another database of this server was migrated at the same moment.
                END;
                IF NOT pg_has_role(wanted, 'USAGE') THEN
                    EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
                END IF;
                EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), wanted);
            END LOOP;
        END $$
        """
    )


def _create_procedure() -> None:
    """Give later migrations one line per table: `CALL secure_table('name', 'SELECT, INSERT')`."""
    op.execute(
        """
        CREATE PROCEDURE secure_table(secured regclass, granted text) LANGUAGE plpgsql AS $$
        BEGIN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', secured);
            EXECUTE format(
                'CREATE POLICY one_tenant ON %s USING (tenant_id = current_setting(''app.tenant_id'', true)) '
                'WITH CHECK (tenant_id = current_setting(''app.tenant_id'', true))', secured);
            EXECUTE format('GRANT %s ON %s TO rebound_service', granted, secured);
        END $$
        """
    )


def _let_steward_list_tenants() -> None:
    """Every tenant has an episode before it has anything else. A member who has not taken the role sees nothing."""
    op.execute("GRANT SELECT (tenant_id) ON episodes TO rebound_steward")
    op.execute(
        "CREATE POLICY every_tenant ON episodes FOR SELECT TO rebound_steward USING (current_user = 'rebound_steward')"
    )
