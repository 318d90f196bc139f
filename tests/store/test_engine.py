"""Connections: what counts as not available, and addresses as people write them."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.errors import StartError, Unavailable
from app.store.engine import Database, dialect_url
from app.store.episodes import read_page
from app.store.rows import EpisodeFilter
from app.store.submission import save_submission
from tests.store.database import cut, opened
from tests.store.rows import new_episode, new_plan

NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("postgresql://u:p@h:5/d", "postgresql+asyncpg://u:p@h:5/d"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+asyncpg://u@h/d?ssl=require"),
        ("postgresql://u@/d?host=%2Frun", "postgresql+asyncpg://u@/d?host=%2Frun"),
    ],
)
def test_every_usual_address_is_understood(written: str, used: str) -> None:
    assert dialect_url(written).render_as_string(hide_password=False) == used


async def test_a_database_that_does_not_answer_is_unavailable() -> None:
    database = opened(NOBODY)
    with pytest.raises(Unavailable):
        await database.ping()
    await database.close()


async def test_a_database_that_was_never_opened_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await Database(pool_size=1, query_timeout_seconds=1).ping()


async def test_closing_twice_does_no_harm(database_url: str) -> None:
    database = opened(database_url)
    await database.ping()
    await database.close()
    await database.close()


async def test_waiting_for_a_database_that_never_answers_ends_with_what_to_check() -> None:
    database = opened(NOBODY)
    with pytest.raises(StartError, match="DATABASE_URL"):
        await database.wait(0.01)
    await database.close()


async def test_waiting_ends_as_soon_as_the_database_answers(database: Database) -> None:
    await database.wait(60)


async def test_a_statement_that_takes_too_long_is_given_up(database_url: str) -> None:
    database = Database(pool_size=1, query_timeout_seconds=1)
    database.open(database_url)
    with pytest.raises(Unavailable):
        async with database.without_tenant() as connection:
            await connection.execute(text("SELECT pg_sleep(30)"))
    await database.ping()
    await database.close()


async def test_a_connection_that_the_server_cut_is_unavailable_once_and_then_replaced(database_url: str) -> None:
    database = opened(database_url)
    with pytest.raises(Unavailable):
        async with database.without_tenant() as connection:
            await cut(database, connection)
    await database.ping()
    await database.close()


async def test_a_fault_of_our_own_is_not_called_unavailable(database: Database) -> None:
    with pytest.raises(ProgrammingError):
        async with database.without_tenant() as connection:
            await connection.execute(text("SELECT nonsense"))


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ProgrammingError):
        await save_and_fail(database)
    async with database.connect("north") as connection:
        assert await read_page(connection, "north", EpisodeFilter(), None, 1) == []


async def save_and_fail(database: Database) -> None:
    episode = new_episode()
    async with database.transaction("north") as connection:
        await save_submission(connection, "north", episode, new_plan(episode.record.id))
        await connection.execute(text("SELECT nonsense"))


async def test_requests_beyond_the_pool_wait_for_a_free_connection(database: Database) -> None:
    async def read() -> None:
        async with database.connect("north") as connection:
            await connection.execute(text("SELECT pg_sleep(0.01)"))

    await asyncio.gather(*(read() for _ in range(20)))
