"""What a session was told about its tenant: remembered, told anew when it differs, never taken for granted."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import event, text
from sqlalchemy.exc import ProgrammingError

from app.errors import Unavailable
from app.store.engine import Database
from tests.store.database import cut

TOLD = text("SELECT coalesce(current_setting('app.tenant_id', true), '')")
FAULT = text("SELECT nonsense")


@pytest_asyncio.fixture
async def narrow(database_url: str) -> AsyncIterator[Database]:
    """A pool of one connection: every borrower gets the session of the one before."""
    database = Database(pool_size=1, query_timeout_seconds=10)
    database.open(database_url)
    yield database
    await database.close()


async def told(database: Database, tenant: str) -> str:
    async with database.connect(tenant) as connection:
        return str((await connection.execute(TOLD)).scalar_one())


async def told_nobody(database: Database) -> str:
    async with database.without_tenant() as connection:
        return str((await connection.execute(TOLD)).scalar_one())


def statements(database: Database) -> list[str]:
    """Return a list that every statement sent from now on is added to."""
    sent: list[str] = []
    assert database._engine is not None
    event.listen(
        database._engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: sent.append(statement),
    )
    return sent


async def test_a_session_serves_one_tenant_after_the_other(narrow: Database) -> None:
    assert [await told(narrow, name) for name in ("north", "south", "north")] == ["north", "south", "north"]


async def test_without_a_tenant_the_session_forgets_the_one_before(narrow: Database) -> None:
    assert [await told_nobody(narrow), await told(narrow, "north"), await told_nobody(narrow)] == ["", "north", ""]


async def test_a_session_that_keeps_its_tenant_is_told_once(narrow: Database) -> None:
    sent = statements(narrow)
    for _ in range(3):
        await told(narrow, "north")
    assert len([one for one in sent if "set_config" in one]) == 1


async def test_a_transaction_that_is_rolled_back_does_not_take_the_tenant_with_it(narrow: Database) -> None:
    await told(narrow, "south")
    with pytest.raises(ProgrammingError):
        async with narrow.transaction("north") as connection:
            await connection.execute(FAULT)
    assert await told(narrow, "north") == "north"
    assert await told(narrow, "south") == "south"


async def test_a_transaction_sees_its_tenant(narrow: Database) -> None:
    await told(narrow, "south")
    async with narrow.transaction("north") as connection:
        assert (await connection.execute(TOLD)).scalar_one() == "north"


async def test_what_a_transaction_sets_for_itself_does_not_outlive_it(narrow: Database) -> None:
    async with narrow.transaction("north") as connection:
        await connection.execute(text("SELECT set_config('app.tenant_id', 'south', true)"))
    assert await told(narrow, "north") == "north"


async def test_a_session_that_was_cut_is_replaced_by_one_that_is_told_again(narrow: Database) -> None:
    with pytest.raises(Unavailable):
        async with narrow.connect("north") as connection:
            await cut(narrow, connection)
    assert await told(narrow, "north") == "north"


async def test_a_lost_connection_cannot_be_used_on_with_a_session_that_was_told_nothing(narrow: Database) -> None:
    async with narrow.connect("north") as connection:
        await connection.execute(TOLD)
        await connection.invalidate()
        await connection.rollback()
        with pytest.raises(Unavailable):
            await connection.execute(TOLD)


@pytest.mark.parametrize("steps", range(6))
async def test_a_request_that_is_cancelled_while_it_tells_leaves_no_tenant_behind(narrow: Database, steps: int) -> None:
    await told(narrow, "south")
    request = asyncio.create_task(told(narrow, "north"))
    for _ in range(steps):
        await asyncio.sleep(0)
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)
    assert await told(narrow, "south") == "south"
    assert await told(narrow, "north") == "north"


@pytest.mark.parametrize("size", [1, 2])
async def test_tenants_that_take_turns_on_few_sessions_are_never_mixed_up(database_url: str, size: int) -> None:
    database = Database(pool_size=size, query_timeout_seconds=10, queue=300, wait_seconds=60)
    database.open(database_url)
    names = [f"tenant-{number % 7}" for number in range(300)]
    seen = await asyncio.gather(*(told(database, name) for name in names))
    await database.close()
    assert seen == names
