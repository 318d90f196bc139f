"""Keys and first answers on a real PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.engine import Database
from app.store.idempotency import find_first, keep_first, sweep, take_turn
from app.store.rows import Attempt, FirstAnswer
from app.store.tables import idempotency_keys
from tests.store.rows import NOW, attempt, new_answer

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
OTHERS = [
    ("south", attempt()),
    ("north", attempt(route="POST /v1/plans/0198c0de-0000-7000-8000-000000000001/decisions")),
    ("north", attempt(key="key-2")),
    ("north", attempt(key="KEY-1")),
]


@pytest_asyncio.fixture
async def north(database: Database) -> AsyncIterator[AsyncConnection]:
    """A connection of the tenant `north` on which every statement commits by itself."""
    async with database.connect("north") as connection:
        yield connection


async def found(database: Database, tenant: str, wanted: Attempt, now: datetime = NOW) -> FirstAnswer | None:
    async with database.connect(tenant) as connection:
        return await find_first(connection, tenant, wanted, now)


async def keys_kept(database: Database) -> list[str]:
    async with database.owner() as connection:
        return sorted((await connection.execute(select(idempotency_keys.c.key))).scalars())


async def test_an_answer_is_found_again_byte_for_byte_and_marked(database: Database, north: AsyncConnection) -> None:
    new = new_answer(body=bytes(range(256)))
    assert await keep_first(north, "north", new)
    first = await found(database, "north", new.attempt)
    assert first == FirstAnswer("sha256:4", replace(new.written, replayed=True))


@pytest.mark.parametrize(("tenant", "other"), OTHERS)
async def test_another_tenant_route_or_key_finds_nothing(
    database: Database, north: AsyncConnection, tenant: str, other: Attempt
) -> None:
    await keep_first(north, "north", new_answer())
    assert await found(database, tenant, other) is None


@pytest.mark.parametrize(("age", "there"), [(DAY - MOMENT, True), (DAY, False), (DAY + MOMENT, False)])
async def test_an_answer_is_found_until_it_expires(
    database: Database, north: AsyncConnection, age: timedelta, there: bool
) -> None:
    await keep_first(north, "north", new_answer())
    assert (await found(database, "north", attempt(), NOW + age) is not None) is there


async def test_an_answer_is_not_replaced_before_it_expires(database: Database, north: AsyncConnection) -> None:
    first = new_answer()
    assert await keep_first(north, "north", first)
    assert not await keep_first(north, "north", new_answer(NOW + DAY - MOMENT, b"later"))
    kept = await found(database, "north", attempt())
    assert kept is not None
    assert kept.written.body == first.written.body


async def test_a_key_that_has_expired_may_be_answered_anew(database: Database, north: AsyncConnection) -> None:
    await keep_first(north, "north", new_answer())
    later = new_answer(NOW + DAY, b"later", digest="sha256:5")
    assert await keep_first(north, "north", later)
    assert await found(database, "north", attempt(), NOW + DAY) == FirstAnswer(
        "sha256:5", replace(later.written, replayed=True)
    )


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_that_cannot_be_is_refused(north: AsyncConnection, key: str) -> None:
    with pytest.raises(IntegrityError, match="idempotency_keys_key_check"):
        await keep_first(north, "north", new_answer(key=key))


async def test_a_turn_is_had_by_one_until_its_transaction_ends(database: Database) -> None:
    async with database.transaction("north") as first:
        assert await take_turn(first, "north", attempt())
        async with database.transaction("north") as second:
            assert not await take_turn(second, "north", attempt(digest="sha256:other"))
    async with database.transaction("north") as third:
        assert await take_turn(third, "north", attempt())


@pytest.mark.parametrize(("tenant", "other"), OTHERS)
async def test_another_tenant_route_or_key_has_a_turn_of_its_own(
    database: Database, tenant: str, other: Attempt
) -> None:
    async with database.transaction("north") as first:
        await take_turn(first, "north", attempt())
        async with database.transaction(tenant) as second:
            assert await take_turn(second, tenant, other)


async def test_a_sweep_deletes_the_ten_that_expired_first_and_spares_what_still_counts(
    database: Database, north: AsyncConnection
) -> None:
    for number in range(12):
        await keep_first(north, "north", new_answer(NOW + number * MOMENT, key=f"{number:02}"))
    await keep_first(north, "north", new_answer(NOW + DAY, key="valid"))
    async with database.connect("south") as south:
        await keep_first(south, "south", new_answer(key="foreign"))
    await sweep(north, "north", NOW + DAY + 11 * MOMENT)
    assert await keys_kept(database) == ["10", "11", "foreign", "valid"]
    await sweep(north, "north", NOW + DAY + 10 * MOMENT)
    assert await keys_kept(database) == ["11", "foreign", "valid"]


async def test_a_sweep_does_not_wait_for_a_row_that_another_transaction_holds(
    database: Database, north: AsyncConnection
) -> None:
    for key in ("held", "old"):
        await keep_first(north, "north", new_answer(key=key))
    async with database.transaction("north") as other:
        await keep_first(other, "north", new_answer(NOW + DAY, key="held"))
        await sweep(north, "north", NOW + DAY)
        assert await keys_kept(database) == ["held"]
