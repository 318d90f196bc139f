"""The migrations on a real PostgreSQL."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from app.errors import StartError
from app.store.schema import config, migrate, require_migrated
from app.store.tables import metadata
from tests.house.repository import ROOT
from tests.store.database import opened

_TABLES = text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")


async def run(url: str, step: Callable[[Config], object]) -> None:
    database = opened(url)
    async with database.owner() as connection:
        await connection.run_sync(lambda inner: step(config(inner)))
    await database.close()


async def tables(url: str) -> set[str]:
    database = opened(url)
    async with database.owner() as connection:
        names = {row.table_name for row in await connection.execute(_TABLES)}
    await database.close()
    return names


async def test_the_migrations_make_exactly_the_tables_of_the_code(database_url: str) -> None:
    assert await tables(database_url) == {*metadata.tables, "alembic_version"}


async def test_the_migrations_leave_nothing_that_differs_from_the_tables_of_the_code(database_url: str) -> None:
    await run(database_url, command.check)


async def test_every_migration_can_be_undone_and_done_again(empty_url: str) -> None:
    await run(empty_url, lambda settings: command.upgrade(settings, "head"))
    await run(empty_url, lambda settings: command.downgrade(settings, "base"))
    assert await tables(empty_url) == {"alembic_version"}
    await run(empty_url, lambda settings: command.upgrade(settings, "head"))
    assert await tables(empty_url) == {*metadata.tables, "alembic_version"}


async def test_processes_that_migrate_at_the_same_time_take_turns(empty_url: str) -> None:
    databases = [opened(empty_url) for _ in range(3)]
    await asyncio.gather(*(migrate(database) for database in databases))
    await require_migrated(databases[0])
    for database in databases:
        await database.close()


async def test_a_database_without_the_newest_migration_is_refused_with_the_command_that_helps(empty_url: str) -> None:
    database = opened(empty_url)
    with pytest.raises(StartError, match="python -m app migrate"):
        await require_migrated(database)
    await database.close()


@pytest.mark.parametrize("step", ["-1", "-2"])
async def test_tables_one_and_two_migrations_behind_are_refused(empty_url: str, step: str) -> None:
    await run(empty_url, lambda settings: command.upgrade(settings, "head"))
    await run(empty_url, lambda settings: command.downgrade(settings, step))
    database = opened(empty_url)
    with pytest.raises(StartError, match="python -m app migrate"):
        await require_migrated(database)
    await database.close()


async def test_tables_of_a_later_version_are_served(empty_url: str) -> None:
    database = opened(empty_url)
    await migrate(database)
    async with database.owner() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'of_a_later_version'"))
    await require_migrated(database)
    await database.close()


async def test_tables_from_before_the_service_had_a_role_are_refused_in_the_same_way(empty_url: str) -> None:
    await run(empty_url, lambda settings: command.upgrade(settings, "0002"))
    database = opened(empty_url)
    with pytest.raises(StartError, match=r"0002 or older.*python -m app migrate"):
        await require_migrated(database)
    await database.close()


@pytest.mark.parametrize("command_line", [("upgrade", "head"), ("downgrade", "base")])
def test_the_tool_of_the_migrations_works_on_the_configured_database(
    empty_url: str, command_line: tuple[str, ...]
) -> None:
    tool = (sys.executable, "-m", "alembic", *command_line)
    done = subprocess.run(
        tool, cwd=ROOT, env=os.environ | {"DATABASE_URL": empty_url}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_the_tool_of_the_migrations_asks_for_the_database_it_should_work_on() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    tool = (sys.executable, "-m", "alembic", "upgrade", "head")
    done = subprocess.run(tool, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode != 0
    assert b"DATABASE_URL" in done.stderr
