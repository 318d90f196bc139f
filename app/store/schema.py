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

_BEFORE_ROLES = "0002 or older"
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


async def require_migrated(database: Database) -> None:
    """Refuse tables that lack a migration of this version; a later version's migrations leave this one working."""
    newest, own = _migrations()
    present = await _present(database)
    if present != newest and (present is None or present in own):
        message = f"The database is at migration {present}, this version needs {newest}: run `python -m app migrate`."
        raise StartError(message)


async def _present(database: Database) -> str | None:
    """Before the service had a role of its own, that role may not read how far the tables are."""
    try:
        async with database.without_tenant() as connection:
            return await connection.run_sync(lambda inner: MigrationContext.configure(inner).get_current_revision())
    except ProgrammingError:
        return _BEFORE_ROLES


@cache
def _migrations() -> tuple[str | None, frozenset[str]]:
    """Read the newest and all revisions of this version once: readiness is asked every few seconds."""
    scripts = ScriptDirectory.from_config(config())
    own = {script.revision for script in scripts.walk_revisions()}
    return scripts.get_current_head(), frozenset({*own, _BEFORE_ROLES})
