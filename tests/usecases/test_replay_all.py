"""All kept plans decided once more."""

from contextlib import aclosing
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import settings
from sqlalchemy import text
from uuid_utils.compat import uuid7

from app.knowledge.base import KnowledgeBase
from app.store.audit import read_events
from app.store.audit_rows import EventFilter
from app.store.tenants import list_tenants
from app.usecases import replay_all as rooms
from app.usecases.replay_all import OPERATOR, Outcome, count_kept, replay_all, replay_one
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from tests.builders import episode
from tests.knowledge.shipped import version
from tests.usecases.many_plans import keep_plans
from tests.usecases.requesters import NORTH, SOUTH

MOST = 1000
"""Plans at night; on every change as many as a property is tried on."""

_COURSES = text("SELECT count(*) FROM plans WHERE course IS NOT NULL")
_FORGET = text("UPDATE plans SET input = '{}' WHERE id = :id")


async def outcomes(service: Service, tenants: list[str], wanted: KnowledgeBase | None = None) -> list[Outcome]:
    async with aclosing(replay_all(service, tenants, wanted)) as found:
        return [outcome async for outcome in found]


def is_identical(outcome: Outcome) -> bool:
    return outcome.replayed is not None and outcome.replayed.comparison.identical


async def test_many_kept_plans_and_courses_are_all_decided_again_byte_for_byte(service: Service) -> None:
    wanted = min(settings().max_examples, MOST)
    await keep_plans(service, wanted)
    async with service.database.owner() as connection:
        with_a_course = int((await connection.execute(_COURSES)).scalar_one())
    tenants = await list_tenants(service.database)
    found = await outcomes(service, tenants)
    assert tenants == [NORTH.tenant, SOUTH.tenant]
    assert len(found) == len({one.plan_id for one in found}) == await count_kept(service, tenants) >= wanted
    assert with_a_course >= wanted // 5
    assert [one for one in found if not is_identical(one)] == []


async def test_more_plans_than_a_portion_are_all_met_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "_PORTION", 2)
    submitted = [await submit_episode(service, NORTH, episode()) for _ in range(5)]
    found = await outcomes(service, [NORTH.tenant])
    assert [one.plan_id for one in found] == [one.plan_id for one in submitted]


async def test_one_tenant_can_be_named(service: Service) -> None:
    mine = await submit_episode(service, NORTH, episode())
    await submit_episode(service, SOUTH, episode())
    assert [one.plan_id for one in await outcomes(service, [NORTH.tenant])] == [mine.plan_id]
    assert await count_kept(service, [NORTH.tenant]) == 1


async def test_a_plan_that_cannot_be_read_fails_alone(service: Service) -> None:
    broken, whole = [(await submit_episode(service, NORTH, episode())).plan_id for _ in range(2)]
    async with service.database.owner() as connection:
        await connection.execute(_FORGET, {"id": broken})
    failed, identical = await outcomes(service, [NORTH.tenant])
    assert failed == Outcome(broken, None, "INPUT_NOT_READABLE")
    assert identical.plan_id == whole
    assert is_identical(identical)


async def test_knowledge_that_the_engine_cannot_work_with_fails_by_the_name_of_the_fault(
    service: Service, kb: KnowledgeBase, tmp_path: Path
) -> None:
    kept = await submit_episode(service, NORTH, episode())
    poor = version(tmp_path, "9.0.0")
    poor.parameters.clear()
    assert await outcomes(service, [NORTH.tenant], poor) == [Outcome(kept.plan_id, None, "KeyError")]


async def test_one_plan_is_found_whoevers_it_is(service: Service) -> None:
    await submit_episode(service, NORTH, episode())
    kept = await submit_episode(service, SOUTH, episode())
    tenants = await list_tenants(service.database)
    found = await replay_one(service, tenants, kept.plan_id)
    assert found is not None
    assert found.plan_id == kept.plan_id
    assert is_identical(found)
    assert await replay_one(service, [NORTH.tenant], kept.plan_id) is None
    assert await replay_one(service, tenants, uuid7()) is None


async def recorded(service: Service, tenant: str) -> list[tuple[str, str, str, UUID | None]]:
    """Return what the audit log says of replays, the latest first."""
    async with service.database.connect(tenant) as connection:
        events = await read_events(connection, tenant, EventFilter(action="replay"), None, 10)
    return [(event.subject, event.resource_type, event.outcome, event.resource_id) for event in events]


async def test_a_run_is_recorded_once_for_each_tenant_whose_plans_it_read(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "_PORTION", 1)
    for _ in range(3):
        await submit_episode(service, NORTH, episode())
    await outcomes(service, [NORTH.tenant, SOUTH.tenant])
    assert await recorded(service, NORTH.tenant) == [(OPERATOR, "plan", "success", None)]
    assert await recorded(service, SOUTH.tenant) == []


async def test_a_single_plan_is_recorded_by_its_id_where_it_belongs(service: Service) -> None:
    await submit_episode(service, NORTH, episode())
    kept = await submit_episode(service, SOUTH, episode())
    await replay_one(service, [NORTH.tenant, SOUTH.tenant], kept.plan_id)
    assert await recorded(service, SOUTH.tenant) == [(OPERATOR, "plan", "success", kept.plan_id)]
    assert await recorded(service, NORTH.tenant) == []
