"""The pages of a long audit log are read from its indices, under row-level security as in service."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from app.store.audit import event_page
from app.store.engine import Database

# A thousand events an hour of fifty subjects; every event names one of a thousand episodes.
_FILL = (
    "SET LOCAL session_replication_role = replica",
    """
    INSERT INTO audit_events
        (tenant_id, at, subject, action, resource_type, episode_id, related_ids, outcome, request_id)
    SELECT tenant, timestamptz '2026-01-01 00:00Z' + number * interval '3.6 s', 'subject-' || number % 50, 'read',
           'episode', md5((number % 1000)::text)::uuid, '{}', 'success', 'request'
    FROM generate_series(1, 20000) AS number, unnest(ARRAY['north', 'south']) AS tenant
    """,
    "INSERT INTO audit_mentions SELECT tenant_id, episode_id, number FROM audit_events",
    "ANALYZE audit_events, audit_mentions",
)
ONE_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def explained(database: Database, **values: Any) -> list[str]:
    """Return how PostgreSQL reads a page of fifty."""
    page = event_page(frozenset(values)).limit(51).params(tenant_id="north", **values)
    dialect: Any = postgresql.dialect()  # type: ignore[no-untyped-call]
    sql = page.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    async with database.connect("north") as connection:
        return list((await connection.execute(text(f"EXPLAIN (ANALYZE, COSTS OFF) {sql}"))).scalars())


async def test_a_page_of_a_long_log_is_read_from_an_index_whatever_it_is_narrowed_by(database: Database) -> None:
    async with database.owner() as connection:
        for statement in _FILL:
            await connection.execute(text(statement))
    episode = UUID("c4ca4238-a0b9-2382-0dcc-509a6f75849b")  # of number 1, as the statement above makes it
    for index, values in (
        ("audit_events_pkey", {}),
        ("audit_events_pkey", {"older_than": 9000}),
        ("audit_mentions_pkey", {"resource_id": episode}),
        ("audit_mentions_pkey", {"resource_id": uuid4()}),
        ("audit_events_tenant_id_subject_number_idx", {"subject": "subject-7"}),
        ("audit_events_tenant_id_at_number_idx", {"before": datetime(2026, 1, 1, 0, 1, tzinfo=UTC)}),
        ("audit_events_pkey", {"since": ONE_DAY}),
    ):
        lines = await explained(database, **values)
        assert any(index in line for line in lines), "\n".join(lines)
        assert not any("Seq Scan" in line for line in lines), "\n".join(lines)
