"""Sealing: everything that was committed is covered once, and nothing that commits late slips in under a seal."""

import asyncio

import pytest
from sqlalchemy import text

from app.errors import Unavailable
from app.store import seals
from app.store.audit import record_event
from app.store.audit_rows import Seal
from app.store.engine import Database
from app.store.seals import LARGEST_SEAL, seals_after, take_turn
from app.usecases.seal_audit import seal_audit, sealing
from app.usecases.verify_audit import verify_audit
from tests.store.rows import new_event
from tests.usecases.audited import record


async def chain(database: Database, tenant: str = "north") -> list[Seal]:
    async with database.connect(tenant) as connection:
        return await seals_after(connection, tenant, 0)


async def test_each_tenant_gets_its_own_seal_over_its_own_events(database: Database) -> None:
    await record(database, "north", 3)
    await record(database, "south", 2)
    assert await seal_audit(database) == 2
    (north,), (south,) = await chain(database), await chain(database, "south")
    assert (north.number, north.after_number, north.count) == (1, 0, 3)
    assert (south.number, south.after_number, south.count) == (1, 0, 2)
    assert north.digest != south.digest


async def test_the_next_seal_goes_on_where_the_last_one_ended(database: Database) -> None:
    for _ in range(2):
        await record(database, "north", 2)
        await seal_audit(database)
    first, second = await chain(database)
    assert (second.number, second.after_number, second.count) == (2, first.until_number, 2)


async def test_without_new_events_nothing_is_sealed(database: Database) -> None:
    assert await seal_audit(database) == 0
    await record(database, "north", 1)
    await seal_audit(database)
    assert await seal_audit(database) == 0


async def test_more_events_than_a_seal_takes_make_several(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.usecases.seal_audit.LARGEST_SEAL", 2)
    await record(database, "north", 5)
    assert LARGEST_SEAL > 5
    assert await seal_audit(database) == 3
    assert [seal.count for seal in await chain(database)] == [2, 2, 1]
    assert (await verify_audit(database, "north")).fault is None


async def test_an_event_with_a_lower_number_that_commits_after_a_higher_one_is_waited_for(database: Database) -> None:
    async with database.transaction("north") as slow:
        await record_event(slow, new_event(request_id="slow"))
        await record(database, "north", 1)
        sealer = asyncio.create_task(seal_audit(database))
        await asyncio.sleep(0.3)
        assert not sealer.done()
        assert await chain(database) == []
    assert await sealer == 1
    assert [seal.count for seal in await chain(database)] == [2]
    assert (await verify_audit(database, "north")).fault is None


async def test_to_draw_a_number_alone_gives_a_transaction_the_id_that_sealing_waits_for(database: Database) -> None:
    default = text("SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'audit_events'::regclass")
    assigned = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
    async with database.transaction("north") as connection:
        (draw,) = [one for one in (await connection.execute(default)).scalars() if "nextval" in one]
        assert (await connection.execute(assigned)).scalar_one() is False
        number = (await connection.execute(text(f"SELECT {draw}"))).scalar_one()
        assert (await connection.execute(assigned)).scalar_one() is True
        assert draw.index("pg_current_xact_id") < draw.index("nextval")
    await record(database, "north", 1)
    await seal_audit(database)
    assert (await chain(database))[0].until_number == number + 1


async def test_while_an_old_transaction_does_not_end_nothing_is_sealed_and_nothing_is_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction("south") as slow:
        await record_event(slow, new_event("south"))
        await record(database, "north", 1)
        with monkeypatch.context() as impatient:
            impatient.setattr(seals, "_LOOKS", 2)
            assert await seal_audit(database) == 0
    # Others work on the same server meanwhile: sealing waits for their transactions as long as it always does.
    assert await seal_audit(database) == 2


async def test_of_two_that_seal_at_once_only_one_seals_a_tenant(database: Database) -> None:
    await record(database, "north", 3)
    async with database.transaction("north") as connection:
        assert await take_turn(connection, "north")
        assert await seal_audit(database) == 0
    await record(database, "north", 3)
    assert sum(await asyncio.gather(*(seal_audit(database) for _ in range(4)))) == 1
    assert (await verify_audit(database, "north")).fault is None


async def test_under_many_writers_every_event_is_covered_exactly_once(database: Database, database_url: str) -> None:
    patient = Database(pool_size=4, query_timeout_seconds=10, queue=200, wait_seconds=60)
    patient.open(database_url)

    async def write(number: int) -> None:
        tenant = ("north", "south")[number % 2]
        async with patient.transaction(tenant) as connection:
            await record_event(connection, new_event(tenant))
            await asyncio.sleep(0.001 * (number % 4))

    async def seal_often() -> None:
        for _ in range(10):
            await seal_audit(patient)
            await asyncio.sleep(0.01)

    await asyncio.gather(*(write(number) for number in range(120)), seal_often())
    await patient.close()
    await seal_audit(database)
    for tenant in ("north", "south"):
        checked = await verify_audit(database, tenant)
        assert (checked.fault, checked.events, checked.unsealed) == (None, 60, 0)


async def test_a_running_service_seals_by_itself_and_once_more_when_it_stops(database: Database) -> None:
    await record(database, "north", 1)
    async with sealing(database, 0.05):
        for _ in range(100):
            await asyncio.sleep(0.05)
            if await chain(database):
                break
        assert [seal.count for seal in await chain(database)] == [1]
    async with sealing(database, 3600):
        await record(database, "north", 2)
    assert [seal.count for seal in await chain(database)] == [1, 2]


async def test_a_round_that_fails_does_not_stop_the_next_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [Unavailable("The database does not answer."), ZeroDivisionError()]

    async def fail_twice(database: Database) -> int:
        if faults:
            raise faults.pop()
        return await seal_audit(database)

    monkeypatch.setattr("app.usecases.seal_audit.seal_audit", fail_twice)
    await record(database, "north", 1)
    async with sealing(database, 0.02):
        for _ in range(100):
            await asyncio.sleep(0.05)
            if await chain(database):
                break
    assert faults == []
    assert [seal.count for seal in await chain(database)] == [1]
