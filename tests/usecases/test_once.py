"""Work is done once however often it is asked for, and leaves nothing behind unless it is done."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Table, event, func, select

from app.clinical.progress import AssessmentRequest, DecisionRequest
from app.errors import InFlight, InvalidEpisode, KeyReused, PlanSuperseded, Unavailable
from app.store.connection import Connection
from app.store.idempotency import keep_first
from app.store.rows import Attempt, NewAnswer, Requester, Written
from app.store.submission import save_submission
from app.store.tables import (
    assessments,
    audit_events,
    audit_mentions,
    decisions,
    episodes,
    idempotency_keys,
    metadata,
    plans,
)
from app.usecases.access import access
from app.usecases.assess_episode import assess_episode
from app.usecases.decide_plan import decide_plan
from app.usecases.once import Work
from app.usecases.once import once as do_once
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from app.usecases.update_episode import update_episode
from tests.builders import DAY, episode, lab, labs
from tests.store.database import cut
from tests.store.rows import attempt, new_episode, new_plan
from tests.usecases.clock import NOON, at
from tests.usecases.requesters import NORTH, SOUTH

ACCEPT = DecisionRequest(action="accept", option_id="prednisone_azathioprine")
MOMENT = timedelta(microseconds=1)
_LOG = (audit_events, audit_mentions)
"""What was tried is kept, whatever became of it."""


async def once(service: Service, who: Requester, wanted: Attempt | None, doing: Work) -> Written:
    """Do the work as a use case does that creates an episode."""
    async with access(service, who, "create", "episode") as entry:
        return await do_once(service, entry, wanted, doing)


def assessment() -> AssessmentRequest:
    """Return results of the first day that add nothing to what is known."""
    return AssessmentRequest.model_validate_json(json.dumps({"assessed_on": DAY, "labs": labs(), "findings": []}))


async def rows(service: Service, *tables: Table) -> list[int]:
    async with service.database.owner() as connection:
        return [(await connection.execute(select(func.count()).select_from(table))).scalar_one() for table in tables]


def work(before_commit: Callable[[Connection], Awaitable[object]] | None = None, who: Requester = NORTH) -> Work:
    """Return work that keeps an episode each time it is done, and then does what a test asks for."""

    async def keep(connection: Connection) -> Written:
        new = new_episode()
        plan = new_plan(new.record.id)
        await save_submission(connection, who.tenant, new, plan)
        if before_commit is not None:
            await before_commit(connection)
        return Written(new.record.id, plan.record.id, '"1"', str(new.record.id).encode())

    return keep


@asynccontextmanager
async def begun(service: Service, wanted: Attempt) -> AsyncIterator[asyncio.Task[Written]]:
    """Have the work under way until the block ends; it is not committed before."""
    started, finish = asyncio.Event(), asyncio.Event()

    async def linger(_connection: Connection) -> None:
        started.set()
        await finish.wait()

    under_way = asyncio.create_task(once(service, NORTH, wanted, work(linger)))
    await started.wait()
    yield under_way
    finish.set()
    await asyncio.gather(under_way, return_exceptions=True)


async def is_free(service: Service, wanted: Attempt) -> bool:
    """Return whether nothing at all is kept and the key can be used as if it were new."""
    kept = sum(await rows(service, *(table for table in metadata.sorted_tables if table not in _LOG)))
    return not kept and not (await once(service, NORTH, wanted, work())).replayed


async def test_the_second_time_the_first_answer_comes_again_and_nothing_is_done(service: Service) -> None:
    first = await once(service, NORTH, attempt(), work())
    again = [await once(service, NORTH, attempt(), work()) for _ in range(3)]
    assert not first.replayed
    assert again == [replace(first, replayed=True)] * 3
    assert await rows(service, episodes, plans, idempotency_keys) == [1, 1, 1]


async def test_without_a_key_the_work_is_done_each_time(service: Service) -> None:
    first, second = [await once(service, NORTH, None, work()) for _ in range(2)]
    assert first.episode_id != second.episode_id
    assert await rows(service, episodes, idempotency_keys) == [2, 0]


async def test_a_key_cannot_be_used_for_another_request(service: Service) -> None:
    await once(service, NORTH, attempt(), work())
    with pytest.raises(KeyReused):
        await once(service, NORTH, attempt(digest="sha256:other"), work())
    assert await rows(service, episodes, idempotency_keys) == [1, 1]


@pytest.mark.parametrize(
    ("who", "other"), [(SOUTH, attempt()), (NORTH, attempt(route="POST /v1/x")), (NORTH, attempt(key="key-2"))]
)
async def test_tenants_routes_and_keys_do_not_collide(service: Service, who: Requester, other: Attempt) -> None:
    first = await once(service, NORTH, attempt(), work())
    second = await once(service, who, replace(other, digest="sha256:other"), work(who=who))
    assert not second.replayed
    assert first.episode_id != second.episode_id


async def test_while_the_first_is_at_work_the_second_is_told_so_and_later_gets_its_answer(service: Service) -> None:
    async with begun(service, attempt()):
        for digest in ("sha256:4", "sha256:other"):
            with pytest.raises(InFlight):
                await once(service, NORTH, attempt(digest=digest), work())
    assert (await once(service, NORTH, attempt(), work())).replayed
    assert await rows(service, episodes) == [1]


async def test_a_crash_between_work_and_commit_leaves_nothing_and_the_key_is_free(service: Service) -> None:
    async def crash(_connection: Connection) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await once(service, NORTH, attempt(), work(crash))
    assert await is_free(service, attempt())


async def test_a_connection_lost_between_work_and_commit_leaves_nothing_and_the_key_is_free(service: Service) -> None:
    with pytest.raises(Unavailable):
        await once(service, NORTH, attempt(), work(partial(cut, service.database)))
    assert await is_free(service, attempt())


async def test_a_caller_who_goes_away_during_the_work_leaves_nothing_and_the_key_is_free(service: Service) -> None:
    async with begun(service, attempt()) as under_way:
        under_way.cancel()
        await asyncio.gather(under_way, return_exceptions=True)
        assert await is_free(service, attempt())


async def test_an_answer_that_another_server_kept_meanwhile_stands_and_this_work_is_undone(service: Service) -> None:
    async def elsewhere(connection: Connection) -> Written:
        """Do the work while a server that knows nothing of this one's turns does it too."""
        theirs = await work()(connection)
        async with service.database.connect(NORTH.tenant) as other:
            await keep_first(other, NORTH.tenant, NewAnswer(attempt(), theirs, NOON, NOON + timedelta(days=1)))
        return theirs

    with pytest.raises(InFlight):
        await once(service, NORTH, attempt(), elsewhere)
    assert await rows(service, episodes, plans) == [0, 0]
    assert (await once(service, NORTH, attempt(), work())).replayed


@pytest.mark.parametrize(
    ("later", "replayed"), [(timedelta(hours=24) - MOMENT, True), (timedelta(hours=24), False), (timedelta(9), False)]
)
async def test_a_key_counts_until_it_expires(service: Service, later: timedelta, replayed: bool) -> None:
    await once(service, NORTH, attempt(), work())
    then = await once(at(service, NOON + later), NORTH, attempt(), work())
    assert then.replayed is replayed
    assert await rows(service, episodes, idempotency_keys) == [1 if replayed else 2, 1]


async def test_the_service_says_how_long_a_key_counts(service: Service) -> None:
    patient = replace(service, keys_last=timedelta(hours=48))
    await once(patient, NORTH, attempt(), work())
    assert (await once(at(service, NOON + timedelta(hours=48) - MOMENT), NORTH, attempt(), work())).replayed


async def test_every_new_answer_clears_some_that_have_expired(service: Service) -> None:
    for number in range(3):
        await once(service, NORTH, attempt(key=f"old-{number}"), work())
    await once(at(service, NOON + timedelta(days=1)), NORTH, attempt(key="new"), work())
    assert await rows(service, episodes, idempotency_keys) == [4, 1]


async def test_an_episode_is_submitted_once(service: Service) -> None:
    first, again = [await submit_episode(service, NORTH, episode(), attempt()) for _ in range(2)]
    assert again == replace(first, replayed=True)
    assert await rows(service, episodes, plans) == [1, 1]


async def test_the_first_answer_comes_again_after_the_episode_has_changed(service: Service) -> None:
    first = await submit_episode(service, NORTH, episode(), attempt())
    await update_episode(service, NORTH, first.episode_id, {"patient": {"weight_kg": 70}}, '"1"')
    again = await submit_episode(service, NORTH, episode(), attempt())
    assert again == replace(first, replayed=True)


async def test_an_episode_is_assessed_once(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode())
    call = (service, NORTH, submitted.episode_id, assessment(), '"1"', attempt())
    first, again = [await assess_episode(*call) for _ in range(2)]
    assert again == replace(first, replayed=True)
    assert (first.episode_id, first.etag) == (submitted.episode_id, '"2"')
    assert await rows(service, assessments, plans) == [1, 2]


async def test_a_plan_is_decided_once(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode())
    first, again = [await decide_plan(service, NORTH, submitted.plan_id, ACCEPT, attempt=attempt()) for _ in range(2)]
    assert again == replace(first, replayed=True)
    assert (first.episode_id, first.plan_id) == (submitted.episode_id, submitted.plan_id)
    assert await rows(service, decisions, idempotency_keys) == [1, 1]


async def test_a_refused_submission_keeps_nothing_and_the_key_is_free(service: Service) -> None:
    wrong: Any = episode(labs=[lab("alt", 160, "mg/dL")])
    with pytest.raises(InvalidEpisode):
        await submit_episode(service, NORTH, wrong, attempt())
    assert await is_free(service, attempt(digest="sha256:corrected"))


async def test_a_refused_decision_keeps_nothing_under_its_key(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode())
    await update_episode(service, NORTH, submitted.episode_id, {"patient": {"weight_kg": 70}}, '"1"')
    with pytest.raises(PlanSuperseded):
        await decide_plan(service, NORTH, submitted.plan_id, ACCEPT, attempt=attempt())
    assert await rows(service, decisions, idempotency_keys) == [0, 0]


async def test_a_submission_without_a_key_is_one_statement(service: Service) -> None:
    sent: list[str] = []
    engine = service.database._engine
    assert engine is not None

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        await submit_episode(service, NORTH, episode())
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert len([statement for statement in sent if "set_config" not in statement]) == 1
