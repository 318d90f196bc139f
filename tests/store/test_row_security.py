"""Row-level security on a real PostgreSQL: what a session sees and may write when a statement names no tenant."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from app.store.assessments import save_assessment
from app.store.audit_rows import Seal
from app.store.decisions import save_decision
from app.store.engine import Database
from app.store.idempotency import keep_first
from app.store.restriction import require_restricted
from app.store.revision import show_accepted
from app.store.rows import DueRow, NewAssessment, NewDecision
from app.store.seals import save_seal
from app.store.submission import save_submission
from app.store.tables import metadata
from app.store.tenants import list_tenants
from tests.store.rows import NOW, TODAY, new_accepted_plan, new_answer, new_episode, new_event, new_plan

TABLES = sorted(metadata.tables)
NAMES = ("north", "south", "west")
_POLICIES = text(
    "SELECT qual, with_check, cmd, roles FROM pg_policies WHERE tablename = :table AND policyname = 'one_tenant'"
)
_PRIVILEGES = text("""
    SELECT privilege_type FROM information_schema.role_table_grants
    WHERE grantee = 'rebound_service' AND table_name = :table
""")


async def fill(database: Database, tenant: str) -> None:
    """Keep a row of the tenant in every table."""
    episode = new_episode()
    plan = new_plan(episode.record.id, due=(DueRow("cbc", TODAY, "{}"),))
    ids = (uuid7(), episode.record.id, plan.record.id)
    async with database.transaction(tenant) as connection:
        await save_submission(connection, tenant, episode, plan, new_event(tenant))
        await save_assessment(connection, tenant, NewAssessment(*ids, TODAY, NOW, "nurse", "{}", "{}"))
        await save_decision(connection, tenant, NewDecision(*ids, "accept", TODAY, NOW, "{}"))
        await show_accepted(connection, tenant, ids[0], new_accepted_plan(plan.record))
        await keep_first(connection, tenant, new_answer())
        await save_seal(connection, tenant, Seal(1, 0, 1, 1, NOW, "sha256:1"))


@pytest_asyncio.fixture
async def filled(database: Database) -> AsyncIterator[Database]:
    """A database in which three tenants have a row in every table."""
    for tenant in NAMES:
        await fill(database, tenant)
    yield database


async def owners_seen(connection: AsyncConnection, table: str) -> set[str]:
    """Read whose rows a statement without any filter finds."""
    return set((await connection.execute(select(metadata.tables[table].c.tenant_id))).scalars())


@pytest.mark.parametrize("table", TABLES)
async def test_a_query_without_any_filter_sees_one_tenant(filled: Database, table: str) -> None:
    for tenant in NAMES:
        async with filled.connect(tenant) as connection:
            assert await owners_seen(connection, table) == {tenant}


@pytest.mark.parametrize("table", TABLES)
async def test_a_session_that_was_told_no_tenant_sees_nothing(filled: Database, table: str) -> None:
    async with filled.without_tenant() as connection:
        assert await owners_seen(connection, table) == set()


@pytest.mark.parametrize("table", TABLES)
async def test_a_tenant_without_rows_sees_nothing(filled: Database, table: str) -> None:
    async with filled.connect("east") as connection:
        assert await owners_seen(connection, table) == set()


@pytest.mark.parametrize("table", TABLES)
async def test_a_row_of_another_tenant_cannot_be_written(filled: Database, table: str) -> None:
    with pytest.raises(ProgrammingError, match="violates row-level security policy"):
        async with filled.connect("north") as connection:
            await connection.execute(await copy_of_a_row(connection, metadata.tables[table], tenant_id="south"))


async def copy_of_a_row(connection: AsyncConnection, table: Table, **changes: Any) -> Any:
    columns = [column for column in table.c if column.server_default is None]
    row = (await connection.execute(select(*columns).limit(1))).mappings().one()
    return insert(table).inline().values({**row, **changes})


@pytest.mark.parametrize("table", TABLES)
async def test_the_tenant_of_a_row_cannot_be_changed(filled: Database, table: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with filled.connect("north") as connection:
            await connection.execute(update(metadata.tables[table]).values(tenant_id="south"))


@pytest.mark.parametrize("table", TABLES)
async def test_deleting_everything_spares_the_other_tenants(filled: Database, table: str) -> None:
    wipe = delete(metadata.tables[table])
    async with filled.connect("north") as connection:
        may_delete = "DELETE" in set((await connection.execute(_PRIVILEGES, {"table": table})).scalars())
        if may_delete:
            await connection.execute(wipe)
        else:
            with pytest.raises(ProgrammingError, match="permission denied"):
                await connection.execute(wipe)
    async with filled.owner() as connection:
        assert await owners_seen(connection, table) == set(NAMES) - ({"north"} if may_delete else set())


@pytest.mark.parametrize("table", TABLES)
async def test_no_table_can_be_emptied_or_changed_in_shape(filled: Database, table: str) -> None:
    for statement in (
        f"TRUNCATE {table} CASCADE",
        f"DROP TABLE {table}",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            async with filled.connect("north") as connection:
                await connection.execute(text(statement))


@pytest.mark.parametrize("table", TABLES)
async def test_every_table_has_the_one_policy_and_the_tenant_first_in_its_key(database: Database, table: str) -> None:
    async with database.owner() as connection:
        policy = (await connection.execute(_POLICIES, {"table": table})).one()
    rule = "(tenant_id = current_setting('app.tenant_id'::text, true))"
    assert tuple(policy) == (rule, rule, "ALL", ["public"])
    assert next(iter(metadata.tables[table].primary_key)).name == "tenant_id"


async def test_an_owner_who_is_no_superuser_is_bound_too(filled: Database) -> None:
    async with filled.owner() as connection:
        await connection.execute(text("CREATE ROLE tables_owner"))
        await connection.execute(text("ALTER TABLE plans OWNER TO tables_owner"))
        await connection.execute(text("SET LOCAL ROLE tables_owner"))
        assert await owners_seen(connection, "plans") == set()
        await connection.execute(text("SET LOCAL app.tenant_id = 'south'"))
        assert await owners_seen(connection, "plans") == {"south"}
        await connection.rollback()


async def test_the_names_of_all_tenants_can_be_listed(filled: Database) -> None:
    assert await list_tenants(filled) == sorted(NAMES)


async def test_who_lists_the_tenants_sees_nothing_else_of_them(filled: Database) -> None:
    async with filled.transaction("north") as connection:
        await connection.execute(text("SET LOCAL ROLE rebound_steward"))
        assert await owners_seen(connection, "episodes") == set(NAMES)
        with pytest.raises(ProgrammingError, match="permission denied"):
            await connection.execute(text("SELECT id FROM episodes"))


async def test_a_member_of_the_stewards_sees_no_tenant_before_it_takes_the_role(filled: Database) -> None:
    async with filled.owner() as connection:
        await connection.execute(text("CREATE ROLE half_steward IN ROLE rebound_steward"))
        await connection.execute(text("SET LOCAL ROLE half_steward"))
        assert await owners_seen(connection, "episodes") == set()
        await connection.rollback()


@pytest.mark.parametrize("size", [1, 2])
async def test_hundreds_of_requests_of_three_tenants_on_few_sessions_never_meet(
    filled: Database, database_url: str, size: int
) -> None:
    database = Database(pool_size=size, query_timeout_seconds=10, queue=400, wait_seconds=60)
    database.open(database_url)
    await require_restricted(database)

    async def ask(number: int) -> set[str]:
        tenant, entrance = NAMES[number % 3], (database.connect, database.transaction)[number % 2]
        async with entrance(tenant) as connection:
            if number % 5 == 0:
                await connection.execute(text("SELECT nonsense"))
            return {tenant} ^ await owners_seen(connection, TABLES[number % len(TABLES)])

    requests = [asyncio.create_task(ask(number)) for number in range(400)]
    for request in requests[::7]:
        await asyncio.sleep(0.002)
        request.cancel()
    answers = await asyncio.gather(*requests, return_exceptions=True)
    await database.close()
    assert {type(answer) for answer in answers} == {set, ProgrammingError, asyncio.CancelledError}
    assert [answer for answer in answers if isinstance(answer, set) and answer] == []
    assert sum(isinstance(answer, set) for answer in answers) > 200
    async with filled.owner() as connection:
        assert (await connection.execute(select(func.count()).select_from(metadata.tables["plans"]))).scalar_one() == 3
