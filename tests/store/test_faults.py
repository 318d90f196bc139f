"""Which faults of the database are passing: each is raised by a real server."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.errors import Unavailable
from app.store.engine import Database
from app.store.roles import SERVICE_ROLE
from tests.store.database import opened

NUMBER = text("SELECT CAST(:number AS integer)")
NAMES = text("SELECT * FROM shape")


async def provoke(database: Database, state: str) -> None:
    """Let the server raise a fault of that SQLSTATE."""
    async with database.without_tenant() as connection:
        await connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'provoked' USING ERRCODE = '{state}'; END $$"))


@pytest.mark.parametrize(
    "state",
    [
        "08006",  # connection failure
        "25006",  # read-only transaction
        "40001",  # serialization failure
        "40P01",  # deadlock
        "53100",  # disk full
        "53200",  # out of memory
        "53300",  # too many connections
        "55P03",  # lock not available
        "57014",  # statement cancelled
        "57P01",  # administrator shut the server down
        "57P02",  # another connection crashed
        "57P03",  # starting up
        "58030",  # input or output
    ],
)
async def test_what_passes_is_unavailable(database: Database, state: str) -> None:
    with pytest.raises(Unavailable):
        await provoke(database, state)
    await database.ping()


@pytest.mark.parametrize(
    "state",
    [
        "22012",  # division by zero
        "23505",  # unique violation
        "25001",  # beside 25006: a statement that no transaction allows
        "42P01",  # no such table
        "55000",  # beside 55P03: not in the state that the statement needs
        "XX001",  # data corrupted
    ],
)
async def test_what_does_not_pass_stays_a_fault(database: Database, state: str) -> None:
    with pytest.raises(DBAPIError):
        await provoke(database, state)


async def test_a_value_that_no_column_holds_is_a_fault_of_our_own(database: Database) -> None:
    async with database.without_tenant() as connection:
        assert (await connection.execute(NUMBER, {"number": 2**31 - 1})).scalar_one() == 2**31 - 1
    with pytest.raises(DBAPIError):
        async with database.without_tenant() as connection:
            await connection.execute(NUMBER, {"number": 2**31})


async def test_no_server_that_takes_writes_is_unavailable(database_url: str) -> None:
    database = opened(f"{database_url}&target_session_attrs=standby")
    with pytest.raises(Unavailable):
        await database.ping()
    await database.close()


async def test_a_table_that_a_migration_changed_is_unavailable_once(database: Database) -> None:
    await migrate(database, f"CREATE TABLE shape (name text); GRANT SELECT ON shape TO {SERVICE_ROLE}")
    await read_names(database)
    await migrate(database, "ALTER TABLE shape ADD COLUMN added integer")
    with pytest.raises(Unavailable):
        await read_names(database)
    await read_names(database)
    await migrate(database, "DROP TABLE shape")


async def migrate(database: Database, statements: str) -> None:
    async with database.owner() as connection:
        for statement in statements.split(";"):
            await connection.execute(text(statement))


async def read_names(database: Database) -> None:
    """Read on every connection of the pool."""
    async with database.connect("north") as one, database.connect("north") as two, database.without_tenant() as aside:
        for connection in (one, two, aside):
            await connection.execute(NAMES)
