"""The state of the tables: bring them to the newest migration, or say which one they are at."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from app.errors import StartError
from app.store.engine import Database

_SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"
# Any number that no other program on the database uses for the same purpose.
_TURN = text("SELECT pg_advisory_xact_lock(7235420186)")


def config(connection: Connection | None = None) -> Config:
    """Return the migration settings; with a connection the migrations run on it."""
    settings = Config()
    settings.set_main_option("script_location", str(_SCRIPTS))
    settings.attributes["connection"] = connection
    return settings


async def migrate(database: Database) -> None:
    """Bring the tables to the newest migration; of several processes one does it and the others wait."""
    async with database.owner() as connection:
        await connection.execute(_TURN)
        await connection.run_sync(lambda inner: command.upgrade(config(inner), "head"))


async def require_newest(database: Database) -> None:
    """Refuse to work on tables of another migration than this version's own."""
    newest = _newest()
    present = await _present(database)
    if present != newest:
        message = f"The database is at migration {present}, this version needs {newest}: run `python -m app migrate`."
        raise StartError(message)


async def _present(database: Database) -> str | None:
    """Before the service had a role of its own, that role may not read how far the tables are."""
    try:
        async with database.without_tenant() as connection:
            return await connection.run_sync(lambda inner: MigrationContext.configure(inner).get_current_revision())
    except ProgrammingError:
        return "0002 or older"


@cache
def _newest() -> str | None:
    """Read the folder once: readiness is asked every few seconds."""
    return ScriptDirectory.from_config(config()).get_current_head()
