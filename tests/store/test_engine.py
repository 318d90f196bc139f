"""Connections: what counts as not available, and addresses as people write them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import column, insert, select, table, text
from sqlalchemy.exc import ProgrammingError

from app.deadline import deadline
from app.errors import Saturated, StartError, Unavailable
from app.store.engine import Database, dialect_url
from app.store.episodes import read_page
from app.store.roles import SERVICE_ROLE
from app.store.rows import EpisodeFilter
from app.store.schema import migrate
from app.store.submission import save_submission
from tests.store.database import cut, opened
from tests.store.rows import new_episode, new_plan

TENANT = "north"
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


async def test_the_server_itself_ends_a_statement_so_that_the_connection_stays_good(database_url: str) -> None:
    database = Database(pool_size=1, query_timeout_seconds=1)
    database.open(database_url)
    session = text("SELECT pg_backend_pid()")
    async with database.connect(TENANT) as connection:
        before = (await connection.execute(session)).scalar_one()
    with pytest.raises(Unavailable):
        async with database.connect(TENANT) as connection:
            await connection.execute(text("SELECT pg_sleep(30)"))
    async with database.connect(TENANT) as connection:
        assert (await connection.execute(session)).scalar_one() == before
    await database.close()


async def test_when_every_connection_is_taken_the_next_request_is_sent_away(database_url: str) -> None:
    database = Database(pool_size=1, query_timeout_seconds=1, queue=0)
    database.open(database_url)
    async with database.connect(TENANT):
        with pytest.raises(Saturated):
            async with database.connect(TENANT):
                pass
        with pytest.raises(Saturated):
            async with database.transaction(TENANT):
                pass
    await database.close()


async def test_whoever_looks_after_the_service_gets_a_connection_when_requests_have_all_of_theirs(
    database_url: str,
) -> None:
    database = Database(pool_size=1, query_timeout_seconds=1, queue=0)
    database.open(database_url)
    async with database.connect(TENANT):
        await database.ping()
    await database.close()


BUSY = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(%' AND pid <> pg_backend_pid()")


@pytest.mark.parametrize("entrance", ["connect", "transaction"])
async def test_a_request_that_is_given_up_leaves_no_statement_running_and_its_place_free(
    database: Database, database_url: str, entrance: str
) -> None:
    narrow = Database(pool_size=1, query_timeout_seconds=60)
    narrow.open(database_url)
    with pytest.raises(TimeoutError):
        async with deadline(asyncio.timeout(0.2)), getattr(narrow, entrance)(TENANT) as connection:
            await connection.execute(text("SELECT pg_sleep(60)"))
    async with asyncio.timeout(10), narrow.connect(TENANT) as connection:
        await connection.execute(text("SELECT 1"))
    assert narrow.line.taken == 0
    assert await rests(database)
    await narrow.close()


async def rests(database: Database) -> bool:
    """Tell whether the server has nothing left to do, within a few seconds."""
    for _ in range(100):
        async with database.connect(TENANT) as connection:
            if (await connection.execute(BUSY)).scalar_one() == 0:
                return True
        await asyncio.sleep(0.05)
    return False


SLOW = table("naps", column("id"))
MAKE_SLOW = (
    "CREATE TABLE naps (id int)",
    "CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END $$",
    "CREATE TRIGGER nap_now BEFORE INSERT ON naps FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION nap()",
    (
        "CREATE CONSTRAINT TRIGGER nap_late AFTER INSERT ON naps INITIALLY DEFERRED"
        " FOR EACH ROW WHEN (NEW.id < 0) EXECUTE FUNCTION nap()"
    ),
    f"GRANT SELECT, INSERT ON naps TO {SERVICE_ROLE}",
)


@pytest_asyncio.fixture
async def slow(empty_url: str) -> AsyncIterator[Database]:
    """A database with a table whose rows take half a second to write: on insert, or on commit if they are negative."""
    database = opened(empty_url)
    await migrate(database)
    async with database.owner() as connection:
        for statement in MAKE_SLOW:
            await connection.execute(text(statement))
    yield database
    await database.close()


async def kept(database: Database) -> int:
    async with database.connect(TENANT) as connection:
        return len((await connection.execute(select(SLOW.c.id))).all())


async def test_a_write_that_commits_by_itself_is_not_given_up_once_it_is_sent(slow: Database) -> None:
    async with deadline(asyncio.timeout(0.1)), slow.connect(TENANT) as connection:
        await connection.execute(insert(SLOW).values(id=1))
    assert await kept(slow) == 1


async def test_a_write_in_a_transaction_is_given_up_as_a_whole(slow: Database) -> None:
    with pytest.raises(TimeoutError):
        async with deadline(asyncio.timeout(0.2)), slow.transaction(TENANT) as connection:
            await connection.execute(insert(SLOW).values(id=1))
    assert await kept(slow) == 0


async def test_a_transaction_is_not_given_up_while_it_commits(slow: Database) -> None:
    async with deadline(asyncio.timeout(0.4)), slow.transaction(TENANT) as connection:
        await connection.execute(text("INSERT INTO naps VALUES (-1)"))
    assert await kept(slow) == 1


async def test_a_write_is_given_up_before_it_is_sent(slow: Database) -> None:
    with pytest.raises(TimeoutError):
        await nap_and_write(slow)
    assert await kept(slow) == 0


async def nap_and_write(slow: Database) -> None:
    async with deadline(asyncio.timeout(0.1)), slow.connect(TENANT) as connection:
        await connection.execute(text("SELECT pg_sleep(60)"))
        await connection.execute(insert(SLOW).values(id=1))
