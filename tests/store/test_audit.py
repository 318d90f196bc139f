"""The audit log on a real PostgreSQL: what is written, what is found, and that nothing can be changed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from uuid_utils.compat import uuid7

from app.store.audit import read_events, record_event
from app.store.audit_rows import Event, EventFilter, EventRecord
from app.store.engine import Database
from app.store.tables import audit_events, audit_mentions, episodes
from tests.store.rows import new_event

EVERY = EventFilter()
TABLES = ("audit_events", "audit_mentions", "audit_seals")


async def record(database: Database, *events: Event) -> None:
    for event in events:
        async with database.connect(event.tenant) as connection:
            await record_event(connection, event)


async def find(
    database: Database, wanted: EventFilter = EVERY, older_than: int | None = None, limit: int = 10
) -> list[EventRecord]:
    async with database.connect("north") as connection:
        return await read_events(connection, "north", wanted, older_than, limit)


async def test_what_is_recorded_is_read_back_with_the_number_and_the_time_of_the_database(database: Database) -> None:
    event = new_event(related_ids=(uuid7(), uuid7()), client="ward", outcome="refused")
    await record(database, event)
    (found,) = await find(database)
    for name in Event.__slots__:
        if name != "tenant":
            assert getattr(found, name) == (list(event.related_ids) if name == "related_ids" else getattr(event, name))
    assert found.number > 0
    assert abs(datetime.now(UTC) - found.at) < timedelta(minutes=1)


async def test_events_come_newest_first_in_pages_without_those_of_another_tenant(database: Database) -> None:
    await record(database, *(new_event(request_id=f"request-{number}") for number in range(3)), new_event("south"))
    newest, middle, oldest = await find(database)
    assert [one.request_id for one in (newest, middle, oldest)] == ["request-2", "request-1", "request-0"]
    assert await find(database, limit=2) == [newest, middle]
    assert await find(database, older_than=middle.number) == [oldest]


async def test_an_event_is_found_by_every_id_that_it_names_and_by_no_other(database: Database) -> None:
    plan, episode, shown = uuid7(), uuid7(), uuid7()
    await record(
        database,
        new_event(resource_id=plan, episode_id=episode, related_ids=(shown, plan)),
        new_event(resource_id=None, episode_id=None),
        new_event("south", resource_id=plan),
    )
    for named in (plan, episode, shown):
        assert [one.resource_id for one in await find(database, EventFilter(resource_id=named))] == [plan]
    assert await find(database, EventFilter(resource_id=uuid7())) == []


async def test_each_filter_narrows_the_page(database: Database) -> None:
    await record(database, new_event(subject="nurse", action="read"), new_event(subject="doctor", action="decide"))
    newest, oldest = await find(database)
    assert await find(database, EventFilter(subject="nurse")) == [oldest]
    assert await find(database, EventFilter(action="decide")) == [newest]
    assert await find(database, EventFilter(subject="nurse", action="decide")) == []
    assert await find(database, EventFilter(since=newest.at)) == [newest]
    assert await find(database, EventFilter(before=newest.at)) == [oldest]
    assert await find(database, EventFilter(since=oldest.at, before=newest.at + timedelta(microseconds=1))) == [
        newest,
        oldest,
    ]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", ["UPDATE {} SET tenant_id = 'south'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_nothing_can_be_changed_or_removed_not_even_by_the_owner(
    database: Database, table: str, change: str
) -> None:
    await record(database, new_event())
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        async with database.owner() as connection:
            await connection.execute(text(change.format(table)))
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.connect("north") as connection:
            await connection.execute(text(change.format(table)))


@pytest.mark.parametrize("column", ["number", "at"])
async def test_the_service_cannot_choose_the_number_or_the_time_of_an_event(database: Database, column: str) -> None:
    values = {name: getattr(new_event(), name) for name in Event.__slots__ if name != "tenant"}
    chosen = {"number": 1, "at": datetime.now(UTC)}[column]
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.connect("north") as connection:
            await connection.execute(insert(audit_events).values(tenant_id="north", **values, **{column: chosen}))


async def test_in_a_transaction_an_event_falls_with_what_else_is_written(database: Database) -> None:
    with pytest.raises(ProgrammingError):
        await record_and_fail(database)
    assert await find(database) == []


async def record_and_fail(database: Database) -> None:
    async with database.transaction("north") as connection:
        await record_event(connection, new_event())
        await connection.execute(text("SELECT nonsense"))


@pytest.mark.parametrize("wrong", [{"outcome": "maybe"}, {"subject": None}, {"request_id": None}])
async def test_an_event_that_says_too_little_is_refused(database: Database, wrong: dict[str, Any]) -> None:
    with pytest.raises(DBAPIError, match=r"violates"):
        await record(database, new_event(**wrong))


async def test_no_column_of_the_log_holds_anything_a_patient_told(database: Database) -> None:
    assert {column.name for column in audit_events.c} & {column.name for column in episodes.c} == {"tenant_id"}
    assert {column.name for column in audit_mentions.c} == {"tenant_id", "mentioned_id", "number"}


async def test_an_id_that_is_named_twice_is_mentioned_once(database: Database) -> None:
    episode = uuid7()
    await record(database, new_event(resource_id=episode, episode_id=episode, related_ids=(episode,)))
    async with database.connect("north") as connection:
        mentioned: list[UUID] = list((await connection.execute(select(audit_mentions.c.mentioned_id))).scalars())
    assert mentioned == [episode]
