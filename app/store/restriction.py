"""Row-level security binds the service: its role owns no table and may not step around a policy."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import StartError
from app.store.engine import Database
from app.store.roles import SERVICE_ROLE
from app.store.tables import metadata

_RIGHTS = text("""
    WITH ours AS (SELECT * FROM pg_class WHERE oid = ANY (CAST(CAST(:tables AS text[]) AS regclass[])))
    SELECT
        rolname,
        rolsuper,
        rolbypassrls,
        EXISTS (SELECT FROM ours WHERE pg_has_role(rolname, relowner, 'MEMBER')) AS owns,
        EXISTS (SELECT FROM ours WHERE NOT (relrowsecurity AND relforcerowsecurity)) AS open
    FROM pg_roles WHERE rolname = current_user
""")
_FAULTS = {
    "rolsuper": "is a superuser",
    "rolbypassrls": "has BYPASSRLS",
    "owns": "owns the tables or is a member of their owner",
    "open": "finds a table whose row-level security is not forced",
}


async def require_restricted(database: Database) -> None:
    """Refuse to work with rights that would let one tenant's request see another tenant's rows."""
    async with database.without_tenant() as connection:
        await require_restricted_role(connection)


async def require_restricted_role(connection: AsyncConnection) -> None:
    """Refuse the role of a session in the same way."""
    rights = (await connection.execute(_RIGHTS, {"tables": sorted(metadata.tables)})).mappings().one()
    faults = [fault for name, fault in _FAULTS.items() if rights[name]]
    if faults:
        raise StartError(
            f"The service's role in the database, {rights['rolname']}, {' and '.join(faults)}: tenants would not be "
            f"kept apart. It has to be {SERVICE_ROLE} as the migrations make it."
        )
