"""Reading plans with what they were decided on."""

from uuid_utils.compat import uuid7

from app.store.engine import Database
from app.store.kept_plans import count_plans, find_kept_plan, read_kept_plans
from app.store.rows import KeptPlan, NewPlan
from app.store.submission import save_submission
from tests.store.rows import new_episode, new_plan


async def keep(database: Database, tenant: str, count: int) -> list[KeptPlan]:
    kept = []
    async with database.connect(tenant) as connection:
        for _ in range(count):
            episode = new_episode()
            plan = new_plan(episode.record.id, course='{"following":null}')
            await save_submission(connection, tenant, episode, plan)
            kept.append(as_read(plan))
    return sorted(kept, key=lambda one: one.id)


def as_read(plan: NewPlan) -> KeptPlan:
    return KeptPlan(
        id=plan.record.id,
        input=plan.input,
        course=plan.course,
        document=plan.record.document,
        output_digest=plan.record.output_digest,
        knowledge_version=plan.knowledge_version,
        knowledge_digest=plan.knowledge_digest,
        engine_version=plan.engine_version,
    )


async def test_a_plan_is_read_with_what_it_was_decided_on(database: Database) -> None:
    (plan,) = await keep(database, "north", 1)
    async with database.connect("north") as connection:
        assert await find_kept_plan(connection, "north", plan.id) == plan
        assert await find_kept_plan(connection, "north", uuid7()) is None


async def test_portions_follow_each_other_until_one_is_empty(database: Database) -> None:
    plans = await keep(database, "north", 3)
    async with database.connect("north") as connection:
        first = await read_kept_plans(connection, "north", None, 2)
        second = await read_kept_plans(connection, "north", first[-1].id, 2)
        third = await read_kept_plans(connection, "north", second[-1].id, 2)
        assert await count_plans(connection, "north") == 3
    assert [first, second, third] == [plans[:2], plans[2:], []]


async def test_the_plans_of_another_tenant_are_neither_found_nor_counted(database: Database) -> None:
    (plan,) = await keep(database, "north", 1)
    async with database.connect("south") as connection:
        assert await find_kept_plan(connection, "south", plan.id) is None
        assert await read_kept_plans(connection, "south", None, 2) == []
        assert await count_plans(connection, "south") == 0
