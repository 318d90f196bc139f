"""What is due across episodes: in the order of the days, page by page, from an index however long the list is."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from app.store.engine import Database
from app.store.rows import DueFilter, DuePlace, DueRow
from app.store.submission import save_submission
from app.store.worklist import due_page, read_due
from tests.store.many_items import fill
from tests.store.rows import new_episode, new_plan

DAY = date(2026, 3, 10)
NEVER = date(2199, 1, 1)


async def keep(database: Database, tenant: str, *items: tuple[str, int]) -> None:
    episode = new_episode()
    due = tuple(DueRow(code, DAY + timedelta(days=days), f'{{"n":{days}}}') for code, days in items)
    async with database.connect(tenant) as connection:
        await save_submission(connection, tenant, episode, new_plan(episode.record.id, due=due))


async def read(database: Database, wanted: DueFilter, after: DuePlace | None = None, limit: int = 10) -> list[Any]:
    async with database.connect("north") as connection:
        return await read_due(connection, "north", wanted, after, limit)


async def test_items_come_in_the_order_of_the_days_across_plans(database: Database) -> None:
    await keep(database, "north", ("b", 3), ("a", 1))
    await keep(database, "north", ("c", 2))
    found = await read(database, DueFilter(until=NEVER))
    assert [item.document for item in found] == ['{"n":1}', '{"n":2}', '{"n":3}']
    assert {item.patient_reference for item in found} == {"synthetic-1"}


@pytest.mark.parametrize(
    ("wanted", "days"),
    [
        (DueFilter(until=DAY), [-1, 0]),
        (DueFilter(until=DAY - timedelta(days=1)), [-1]),
        (DueFilter(until=NEVER, before=DAY), [-1]),
        (DueFilter(until=NEVER, since=DAY + timedelta(days=1)), [1]),
        (DueFilter(until=NEVER, since=DAY, before=DAY + timedelta(days=1)), [0]),
        (DueFilter(until=NEVER, code="b"), [0]),
    ],
)
async def test_a_filter_keeps_to_its_boundary(database: Database, wanted: DueFilter, days: list[int]) -> None:
    await keep(database, "north", ("a", -1), ("b", 0), ("a", 1))
    assert [item.document for item in await read(database, wanted)] == [f'{{"n":{day}}}' for day in days]


async def test_pages_follow_each_other_without_a_gap_also_within_a_day(database: Database) -> None:
    await keep(database, "north", ("a", 0), ("b", 0), ("c", 0))
    await keep(database, "north", ("d", 0), ("e", 1))
    whole = await read(database, DueFilter(until=NEVER))
    seen: list[Any] = []
    while page := await read(
        database,
        DueFilter(until=NEVER),
        DuePlace(seen[-1].due_on, seen[-1].plan_id, seen[-1].number) if seen else None,
        limit=2,
    ):
        seen += page
    assert seen == whole
    assert len(whole) == 5


async def test_another_tenant_s_items_are_not_seen(database: Database) -> None:
    await keep(database, "south", ("a", 0))
    assert await read(database, DueFilter(until=NEVER)) == []


BY_DAY = "due_items_tenant_id_due_on_plan_id_number_idx"
BY_CODE = "due_items_tenant_id_code_due_on_plan_id_number_idx"


async def explained(database: Database, **values: Any) -> list[str]:
    """Return how PostgreSQL reads a page of fifty."""
    page = due_page(frozenset(values)).limit(51).params(tenant_id="north", until=NEVER, **values)
    dialect: Any = postgresql.dialect()  # type: ignore[no-untyped-call]
    sql = page.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    async with database.connect("north") as connection:
        return list((await connection.execute(text(f"EXPLAIN (ANALYZE, COSTS OFF) {sql}"))).scalars())


async def test_a_page_of_a_hundred_thousand_items_is_read_from_an_index(database: Database) -> None:
    await fill(database, "north", 5000)
    for index, values in (
        (BY_DAY, {}),
        (BY_DAY, {"before": date(2026, 6, 1)}),
        (BY_CODE, {"code": "rare"}),
        (BY_DAY, {"due_on": date(2026, 9, 1), "plan_id": uuid4(), "number": 3}),
    ):
        lines = await explained(database, **values)
        assert any(index in line for line in lines), "\n".join(lines)
        assert not any("Seq Scan on due_items" in line or "Sort" in line for line in lines), "\n".join(lines)
