"""Whatever becomes of an access, it leaves its record; what is written stands or falls with it."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from uuid_utils.compat import uuid7

from app.errors import Conflict, NotFound, Unavailable
from app.log import configure_log
from app.store.audit import read_events
from app.store.audit_rows import EventFilter, EventRecord
from app.store.rows import Requester
from app.store.submission import save_submission
from app.usecases.access import access, calculation
from app.usecases.service import Service
from tests.store.rows import new_episode, new_plan
from tests.usecases.requesters import NORTH

EPISODE, PLAN, OTHER = uuid7(), uuid7(), uuid7()


async def recorded(service: Service, tenant: str = "north") -> list[EventRecord]:
    async with service.database.connect(tenant) as connection:
        return await read_events(connection, tenant, EventFilter(), None, 10)


async def test_what_is_read_is_recorded_once_with_who_and_what(service: Service) -> None:
    who = Requester("north", "nurse", "request-7", "ward-system")
    async with access(service, who, "read", "plan", PLAN) as entry, entry.reading() as connection:
        await connection.execute(text("SELECT 1"))
        entry.concerns(episode_id=EPISODE, related=[OTHER])
    (event,) = await recorded(service)
    assert (event.subject, event.client, event.request_id) == ("nurse", "ward-system", "request-7")
    assert (event.action, event.resource_type, event.outcome) == ("read", "plan", "success")
    assert (event.resource_id, event.episode_id, event.related_ids) == (PLAN, EPISODE, [OTHER])


async def test_what_is_only_calculated_is_recorded_too(service: Service) -> None:
    async with calculation(service, NORTH, "recommend", "plan"):
        pass
    with pytest.raises(Conflict):
        async with calculation(service, NORTH, "critique", "critique"):
            raise Conflict
    assert [
        (event.action, event.outcome, event.resource_id, event.related_ids) for event in await recorded(service)
    ] == [
        ("critique", "refused", None, []),
        ("recommend", "success", None, []),
    ]


async def test_without_a_database_a_calculation_is_answered_and_the_log_tells_that_its_record_is_missing(
    offline: Service, capsys: pytest.CaptureFixture[str], log_as_before: None
) -> None:
    configure_log("info")
    async with calculation(offline, NORTH, "recommend", "plan"):
        pass
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["tenant"], line["action"]) == ("audit_event_missed", "north", "recommend")
    assert line["code"] == "UNAVAILABLE"
    with pytest.raises(ZeroDivisionError):
        async with calculation(offline, NORTH, "recommend", "plan"):
            raise ZeroDivisionError


@pytest.mark.parametrize(
    ("raised", "outcome"), [(NotFound, "not_found"), (Conflict, "refused"), (ZeroDivisionError, "failed")]
)
async def test_what_does_not_succeed_is_recorded_with_what_became_of_it(
    service: Service, raised: type[Exception], outcome: str
) -> None:
    with pytest.raises(raised):
        async with access(service, NORTH, "read", "plan", PLAN):
            raise raised
    assert [(event.outcome, event.resource_id) for event in await recorded(service)] == [(outcome, PLAN)]


async def test_what_is_written_and_its_record_are_committed_together(service: Service) -> None:
    async with access(service, NORTH, "update", "episode", EPISODE) as entry, entry.writing():
        assert await recorded(service) == []
    assert [event.outcome for event in await recorded(service)] == ["success"]


async def test_a_write_that_fails_leaves_only_the_record_of_the_failure(service: Service) -> None:
    with pytest.raises(ProgrammingError):
        await write_nonsense(service)
    assert [event.outcome for event in await recorded(service)] == ["failed"]


async def write_nonsense(service: Service) -> None:
    async with access(service, NORTH, "update", "episode", EPISODE) as entry, entry.writing() as connection:
        await connection.execute(text("SELECT nonsense"))


async def test_a_record_that_cannot_be_written_fails_the_write(service: Service) -> None:
    unwritable = Requester("north", "nurse\x00", "request-1")
    with pytest.raises(DBAPIError):
        await keep_an_episode(service, unwritable)
    async with service.database.owner() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM episodes"))).scalar_one() == 0
        assert (await connection.execute(text("SELECT count(*) FROM audit_events"))).scalar_one() == 0


async def keep_an_episode(service: Service, who: Requester) -> None:
    episode = new_episode()
    async with access(service, who, "create", "episode") as entry, entry.writing() as connection:
        await save_submission(connection, "north", episode, new_plan(episode.record.id))


async def test_a_read_that_cannot_be_recorded_is_not_answered(offline: Service) -> None:
    with pytest.raises(Unavailable):
        async with access(offline, NORTH, "read", "plan"):
            pass


async def test_a_failure_is_told_as_it_was_when_it_cannot_be_recorded(offline: Service) -> None:
    with pytest.raises(ZeroDivisionError):
        async with access(offline, NORTH, "read", "plan"):
            raise ZeroDivisionError
