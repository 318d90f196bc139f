"""A real PostgreSQL for the tests: one server per run, one database per worker, built by the migrations."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.store.embedded import EmbeddedPostgres
from app.store.engine import Database, dialect_url
from app.store.schema import migrate

_UNSAFE_BUT_FAST = ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off")


class Server(Protocol):
    """A running PostgreSQL with databases."""

    def url(self, database: str) -> str:
        """Return the address of one of them."""


@contextmanager
def server(run: str) -> Iterator[EmbeddedPostgres]:
    """Lend the server of a test run; the last worker to leave removes its folder."""
    folder = Path(tempfile.gettempdir()) / f"rebound-tests-{run}"
    postgres = EmbeddedPostgres(folder)
    asyncio.run(execute(postgres.url(), *_UNSAFE_BUT_FAST, "SELECT pg_reload_conf()"))
    yield postgres
    postgres.stop()
    if not (folder / "postgres" / "postmaster.pid").exists():
        shutil.rmtree(folder, ignore_errors=True)


def make_database(postgres: Server, name: str) -> str:
    """Return the address of a new, empty database."""
    asyncio.run(execute(postgres.url("postgres"), f"CREATE DATABASE {name}"))
    return postgres.url(name)


def make_migrated_database(postgres: Server, name: str) -> str:
    """Return the address of a new database with the newest tables."""
    url = make_database(postgres, name)
    asyncio.run(_migrate(url))
    return url


def opened(url: str) -> Database:
    """Return a pool of two connections."""
    database = Database(pool_size=2, query_timeout_seconds=10)
    database.open(url)
    return database


async def cut(database: Database, connection: AsyncConnection) -> None:
    """End the session behind a connection, as a server does that is stopped, and use the connection on."""
    process = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    async with database.owner() as other:
        await other.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})
    await connection.execute(text("SELECT 1"))


@asynccontextmanager
async def unbound(url: str) -> AsyncIterator[AsyncConnection]:
    """Lend a connection of whoever the address names, past the service's own pool; every statement commits."""
    engine = create_async_engine(dialect_url(url), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def execute(url: str, *statements: str) -> None:
    """Run statements one by one as whoever the address names."""
    async with unbound(url) as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def _migrate(url: str) -> None:
    database = opened(url)
    await migrate(database)
    await database.close()
