"""An episode, its plan and the plan's citations: all or nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Insert, Table, bindparam, func, insert, literal, null, select
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from app.store.engine import Database
from app.store.episodes import find_episode
from app.store.plans import find_plan
from app.store.rows import NewEpisode, NewPlan
from app.store.submission import save_submission
from app.store.tables import episodes, plan_citations, plans
from tests.store.rows import NOW, new_episode, new_plan


async def save(database: Database, episode: NewEpisode, plan: NewPlan, tenant: str = "north") -> None:
    async with database.connect(tenant) as connection:
        await save_submission(connection, tenant, episode, plan)


async def count(database: Database, table: Table) -> int:
    async with database.owner() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def test_what_is_kept_is_read_back_exactly(database: Database) -> None:
    episode = new_episode(document='{"patient":{"reference":"Ünï \\u2028"}}')
    plan = new_plan(episode.record.id, retrospective=True)
    await save(database, episode, plan)
    async with database.connect("north") as connection:
        assert await find_episode(connection, "north", episode.record.id) == episode.record
        assert await find_plan(connection, "north", plan.record.id) == plan.record


async def test_every_source_leads_to_the_plan(database: Database) -> None:
    episode = new_episode()
    plan = new_plan(episode.record.id, citation_ids=("S05", "C04", "P-rule-a"))
    await save(database, episode, plan)
    wanted = select(plan_citations.c.citation_id).where(plan_citations.c.plan_id == plan.record.id)
    async with database.connect("north") as connection:
        assert set((await connection.execute(wanted)).scalars()) == {"S05", "C04", "P-rule-a"}


async def test_a_plan_without_a_source_is_kept_all_the_same(database: Database) -> None:
    episode = new_episode()
    await save(database, episode, new_plan(episode.record.id, citation_ids=()))
    assert await count(database, plans) == 1
    assert await count(database, plan_citations) == 0


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("plans_status_check", {"status": "final"}),
        ("plans_superseded_by_check", {"status": "superseded"}),
        ("plans_superseded_by_check", {"superseded_by": uuid7()}),
        ("plans_disposition_check", {"disposition": "maybe"}),
        ("plans_revision_check", {"revision": 0}),
        ("plans_valid_until_check", {"valid_until": date(2026, 3, 9)}),
    ],
)
async def test_a_plan_that_cannot_be_is_refused_and_nothing_at_all_is_kept(
    database: Database, constraint: str, changes: dict[str, Any]
) -> None:
    episode = new_episode()
    with pytest.raises(IntegrityError, match=constraint):
        await save(database, episode, new_plan(episode.record.id, **changes))
    assert [await count(database, table) for table in (episodes, plans, plan_citations)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("episodes_status_check", {"status": "open"}),
        ("episodes_revision_check", {"revision": 0}),
        ("episodes_patient_reference_check", {"patient_reference": ""}),
        ("episodes_patient_reference_check", {"patient_reference": "x" * 65}),
        ("episodes_updated_at_check", {"updated_at": NOW - timedelta(microseconds=1)}),
    ],
)
async def test_an_episode_that_cannot_be_is_refused(
    database: Database, constraint: str, changes: dict[str, Any]
) -> None:
    episode = new_episode(**changes)
    with pytest.raises(IntegrityError, match=constraint):
        await save(database, episode, new_plan(episode.record.id))
    assert await count(database, episodes) == 0


async def test_a_failed_statement_does_not_show_what_was_sent(database: Database) -> None:
    episode = new_episode(document="secret")
    with pytest.raises(IntegrityError) as refused:
        await save(database, episode, new_plan(episode.record.id, revision=0))
    assert "secret" not in str(refused.value)


async def test_the_same_ids_may_live_in_two_tenants_without_meeting(database: Database) -> None:
    episode = new_episode()
    plan = new_plan(episode.record.id)
    await save(database, episode, plan, "north")
    await save(database, episode, plan, "south")
    assert await count(database, plans) == 2


async def test_a_plan_cannot_hang_on_the_episode_of_another_tenant(database: Database) -> None:
    theirs, ours = new_episode(), new_episode()
    await save(database, theirs, new_plan(theirs.record.id), "south")
    with pytest.raises(IntegrityError, match="plans_tenant_id_episode_id_fkey"):
        await save(database, ours, new_plan(theirs.record.id), "north")


async def test_an_episode_has_one_plan_that_is_not_superseded(database: Database) -> None:
    episode = new_episode()
    await save(database, episode, new_plan(episode.record.id))
    with pytest.raises(IntegrityError, match="plans_current_key"):
        async with database.transaction("north") as connection:
            await connection.execute(_second_revision(), {"id": uuid7()})


async def test_a_successor_takes_the_place_of_the_plan_it_supersedes(database: Database) -> None:
    episode = new_episode()
    first, successor = new_plan(episode.record.id), uuid7()
    await save(database, episode, first)
    async with database.transaction("north") as connection:
        await connection.execute(plans.update().values(status="superseded", superseded_by=successor))
        await connection.execute(_second_revision(), {"id": successor})
    async with database.connect("north") as connection:
        found = await find_plan(connection, "north", first.record.id)
    assert found is not None
    assert (found.status, found.superseded_by) == ("superseded", successor)


def _second_revision() -> Insert:
    """Copy the only plan as a draft of revision 2."""
    changed: dict[str, ColumnElement[Any]] = {
        "id": bindparam("id"),
        "revision": literal(2),
        "status": literal("draft"),
        "superseded_by": null(),
    }
    names = [column.name for column in plans.c]
    return insert(plans).from_select(names, select(*(changed.get(name, plans.c[name]) for name in names)))
