"""Reading episodes: by id, and in pages."""

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from app.store.engine import Database
from app.store.episodes import find_episode, read_page
from app.store.rows import EpisodeFilter
from app.store.submission import save_submission
from tests.store.rows import new_episode, new_plan

EVERY = EpisodeFilter()


async def keep(database: Database, tenant: str = "north", **changes: str) -> UUID:
    episode = new_episode(**changes)
    async with database.connect(tenant) as connection:
        await save_submission(connection, tenant, episode, new_plan(episode.record.id))
    return episode.record.id


async def page(
    database: Database, wanted: EpisodeFilter = EVERY, older_than: UUID | None = None, limit: int = 10
) -> list[UUID]:
    async with database.connect("north") as connection:
        return [row.id for row in await read_page(connection, "north", wanted, older_than, limit)]


async def test_an_unknown_id_finds_nothing(database: Database) -> None:
    async with database.connect("north") as connection:
        assert await find_episode(connection, "north", uuid7()) is None


async def test_the_id_of_another_tenant_finds_nothing(database: Database) -> None:
    theirs = await keep(database, "south")
    async with database.connect("north") as connection:
        assert await find_episode(connection, "north", theirs) is None


async def test_a_page_is_newest_first_and_holds_no_other_tenant(database: Database) -> None:
    mine = [await keep(database) for _ in range(3)]
    await keep(database, "south")
    assert await page(database) == mine[::-1]


async def test_a_page_ends_at_its_limit_and_goes_on_after_its_last_item(database: Database) -> None:
    first, second, third = [await keep(database) for _ in range(3)]
    assert await page(database, limit=2) == [third, second]
    assert await page(database, older_than=second) == [first]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (EpisodeFilter(patient_reference="p2"), [1]),
        (EpisodeFilter(condition="uveitis"), [2]),
        (EpisodeFilter(status="closed"), [3]),
        (EpisodeFilter(patient_reference="p1", condition="autoimmune_hepatitis", status="active"), [0]),
        (EpisodeFilter(patient_reference="p2", condition="uveitis"), []),
    ],
)
async def test_each_filter_narrows_the_page(database: Database, wanted: EpisodeFilter, expected: list[int]) -> None:
    kept = [
        await keep(database, patient_reference="p1"),
        await keep(database, patient_reference="p2"),
        await keep(database, patient_reference="p1", condition="uveitis"),
        await keep(database, patient_reference="p1", status="closed"),
    ]
    assert await page(database, wanted) == [kept[index] for index in expected]
