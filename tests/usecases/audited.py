"""An audit log to seal, to check and to tamper with."""

from typing import Any

from sqlalchemy import text

from app.store.audit import record_event
from app.store.engine import Database
from tests.store.rows import new_event

_WITHOUT_TRIGGERS = text("SET LOCAL session_replication_role = replica")


async def record(database: Database, tenant: str, count: int) -> None:
    """Record a number of events of a tenant, each by itself."""
    for number in range(count):
        async with database.connect(tenant) as connection:
            await record_event(connection, new_event(tenant, request_id=f"request-{number}"))


async def tamper(database: Database, statement: str, **values: Any) -> None:
    """Change the log as a superuser can who turns the triggers off."""
    async with database.owner() as connection:
        await connection.execute(_WITHOUT_TRIGGERS)
        await connection.execute(text(statement), values)
