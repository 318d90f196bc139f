"""Reading plans: by id, and all of an episode."""

from uuid_utils.compat import uuid7

from app.store.engine import Database
from app.store.plans import find_plan, read_revisions
from app.store.submission import save_submission
from tests.store.rows import new_episode, new_plan


async def test_an_unknown_id_finds_nothing(database: Database) -> None:
    async with database.connect("north") as connection:
        assert await find_plan(connection, "north", uuid7()) is None
        assert await read_revisions(connection, "north", uuid7()) == []


async def test_another_tenant_finds_neither_the_plan_nor_the_revisions(database: Database) -> None:
    episode = new_episode()
    plan = new_plan(episode.record.id)
    async with database.connect("north") as connection:
        await save_submission(connection, "north", episode, plan)
    async with database.connect("south") as connection:
        assert await find_plan(connection, "south", plan.record.id) is None
        assert await read_revisions(connection, "south", episode.record.id) == []
    async with database.connect("north") as connection:
        assert await read_revisions(connection, "north", episode.record.id) == [plan.record]
