"""Events of many requests are written together: none is lost, none is answered before it is written."""

import asyncio

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from app.errors import Unavailable
from app.store.audit import read_events
from app.store.audit_rows import Event, EventFilter, EventRecord
from app.store.engine import Database
from app.store.recorder import Recorder
from app.store.tables import audit_events, audit_mentions
from tests.store.rows import new_event


async def found(database: Database, tenant: str = "north") -> list[EventRecord]:
    async with database.connect(tenant) as connection:
        return await read_events(connection, tenant, EventFilter(), None, 1000)


def insertions(database: Database) -> list[str]:
    """Return a list that every statement that writes events is added to."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "INSERT INTO audit" in statement:
            sent.append(statement)

    assert database._engine is not None
    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    return sent


async def test_an_event_is_there_when_recording_returns(database: Database) -> None:
    new = new_event(related_ids=(uuid7(), uuid7()), client="ward", outcome="refused")
    await Recorder(database).record(new)
    (record,) = await found(database)
    for name in Event.__slots__:
        if name not in {"tenant", "related_ids"}:
            assert getattr(record, name) == getattr(new, name)
    assert record.related_ids == list(new.related_ids)


async def test_an_event_without_any_id_is_recorded_as_it_is(database: Database) -> None:
    await Recorder(database).record(new_event(resource_id=None, episode_id=None))
    (record,) = await found(database)
    assert (record.resource_id, record.episode_id, record.client, record.related_ids) == (None, None, None, [])


async def test_who_comes_while_a_record_is_written_shares_the_next_one(database_url: str, database: Database) -> None:
    own = Database(pool_size=2, query_timeout_seconds=10)
    own.open(database_url)
    sent, recorder = insertions(own), Recorder(own)
    await asyncio.gather(*(recorder.record(new_event(request_id=f"request-{number:03}")) for number in range(50)))
    await own.close()
    assert len(sent) == 1
    assert [one.request_id for one in await found(database)] == [f"request-{number:03}" for number in range(49, -1, -1)]


async def test_events_of_tenants_are_written_apart_and_mentioned_by_their_ids(database: Database) -> None:
    recorder, shown = Recorder(database), uuid7()
    await asyncio.gather(*(recorder.record(new_event(f"t{n % 3}", related_ids=(shown,))) for n in range(30)))
    assert [len(await found(database, f"t{n}")) for n in range(3)] == [10, 10, 10]
    async with database.connect("t1") as connection:
        mentions = select(func.count()).where(audit_mentions.c.mentioned_id == shown)
        assert (await connection.execute(mentions)).scalar_one() == 10


async def test_one_event_that_cannot_be_written_does_not_take_the_others_with_it(database: Database) -> None:
    recorder = Recorder(database)
    subjects = ("nurse", "nurse\x00", "doctor")
    results = await asyncio.gather(
        *(recorder.record(new_event(subject=subject)) for subject in subjects), return_exceptions=True
    )
    assert [type(result) for result in results if result is not None] == [type(results[1])]
    assert isinstance(results[1], DBAPIError)
    assert [one.subject for one in await found(database)] == ["doctor", "nurse"]


async def test_without_a_database_everybody_who_waits_is_told() -> None:
    recorder = Recorder(Database(pool_size=1, query_timeout_seconds=1))
    results = await asyncio.gather(*(recorder.record(new_event()) for _ in range(3)), return_exceptions=True)
    assert {type(result) for result in results} == {Unavailable}


async def test_a_request_that_is_given_up_while_it_waits_holds_nobody_up(database: Database) -> None:
    recorder = Recorder(database)
    given_up = asyncio.create_task(recorder.record(new_event(subject="impatient")))
    patient = asyncio.create_task(recorder.record(new_event(subject="patient")))
    await asyncio.sleep(0)
    given_up.cancel()
    await patient
    assert [one.subject for one in await found(database)] == ["patient", "impatient"]
    with pytest.raises(asyncio.CancelledError):
        await given_up


async def test_recording_goes_on_after_a_pause(database: Database) -> None:
    recorder = Recorder(database)
    for _ in range(3):
        await recorder.record(new_event())
        await asyncio.sleep(0.01)
    assert len(await found(database)) == 3
    async with database.owner() as connection:
        count = select(func.count()).select_from(audit_events)
        assert (await connection.execute(count)).scalar_one() == 3
