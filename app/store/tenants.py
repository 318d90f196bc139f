"""Which tenants there are, for work that has to be done for each of them."""

from sqlalchemy import text

from app.store.engine import Database
from app.store.roles import STEWARD_ROLE
from app.store.tenancy import NOBODY

_TAKE_ROLE = text(f"SET LOCAL ROLE {STEWARD_ROLE}")
# Jumps from each name to the next one in the index instead of reading every row.
_NAMES = text("""
    WITH RECURSIVE name AS (
        (SELECT tenant_id FROM episodes ORDER BY tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT tenant_id FROM episodes WHERE tenant_id > name.tenant_id ORDER BY tenant_id LIMIT 1)
        FROM name WHERE name.tenant_id IS NOT NULL
    )
    SELECT tenant_id FROM name WHERE tenant_id IS NOT NULL
""")


async def list_tenants(database: Database) -> list[str]:
    """Return the names of all tenants that ever kept an episode, in alphabetical order."""
    async with database.transaction(NOBODY) as connection:
        await connection.execute(_TAKE_ROLE)
        return list((await connection.execute(_NAMES)).scalars())
