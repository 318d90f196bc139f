"""Runs the migrations on the connection it is given, or on DATABASE_URL when called by alembic's own command."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text

from app.settings import Settings
from app.store.engine import Database
from app.store.tables import metadata

# A migration that cannot get its lock fails soon instead of queueing every request behind itself.
_LOCK_TIMEOUT = text("SET LOCAL lock_timeout = '5s'")


def run(connection: Connection) -> None:
    """Run the migrations on one connection, in one transaction."""
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        connection.execute(_LOCK_TIMEOUT)
        context.run_migrations()


async def run_on_configured_database() -> None:
    """Connect to DATABASE_URL and run."""
    settings = Settings()
    if settings.database_url is None:
        message = "Set DATABASE_URL to the database to migrate."
        raise SystemExit(message)
    database = Database(pool_size=1, query_timeout_seconds=settings.query_timeout_seconds)
    database.open(settings.database_url.get_secret_value())
    async with database.owner() as connection:
        await connection.run_sync(run)
    await database.close()


given: Connection | None = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_on_configured_database())
else:
    run(given)
