"""A database full of open items, written by PostgreSQL itself."""

from sqlalchemy import text

from app.store.engine import Database
from app.store.submission import save_submission
from tests.store.rows import new_episode, new_plan

# Twenty items a plan, as a plan sets due, over two years; every fiftieth has the rare code.
_FILL = text(
    """
    WITH many AS (SELECT number, gen_random_uuid() AS episode, gen_random_uuid() AS plan
                  FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS number),
    kept AS (INSERT INTO episodes
             SELECT :tenant_id, many.episode, patient_reference || number, condition, status, revision, as_of,
                    created_at, updated_at, document, course
             FROM episodes, many WHERE tenant_id = :tenant_id AND id = :episode),
    planned AS (INSERT INTO plans
                SELECT :tenant_id, many.plan, many.episode, revision, status, superseded_by, disposition, as_of,
                       valid_until, retrospective, created_at, input, document, input_digest, output_digest,
                       knowledge_version, knowledge_digest, engine_version, course
                FROM plans, many WHERE tenant_id = :tenant_id AND id = :plan)
    INSERT INTO due_items
    SELECT :tenant_id, many.plan, place, many.episode,
           CASE WHEN place = 1 AND number % 3 = 0 THEN 'rare' ELSE 'liver_labs' END,
           DATE '2026-01-01' + (number * 37 + place * 11) % 730, '{"kind":"test"}'
    FROM many, generate_series(1, 20) AS place
    """
)
# Checking half a million foreign keys takes longer than a test should; the rows are made from rows that were checked.
_UNCHECKED = text("SET LOCAL session_replication_role = replica")
_AT_ONCE = 500
_ANALYZE = text("ANALYZE due_items, episodes")


async def fill(database: Database, tenant: str, plans: int) -> None:
    """Keep that many plans of a tenant with twenty open items each."""
    episode = new_episode()
    plan = new_plan(episode.record.id)
    async with database.connect(tenant) as connection:
        await save_submission(connection, tenant, episode, plan)
    async with database.owner() as connection:
        await connection.execute(_UNCHECKED)
        ids = {"tenant_id": tenant, "episode": episode.record.id, "plan": plan.record.id}
        for first in range(1, plans + 1, _AT_ONCE):
            await connection.execute(_FILL, ids | {"first": first, "last": min(first + _AT_ONCE - 1, plans)})
        await connection.execute(_ANALYZE)
