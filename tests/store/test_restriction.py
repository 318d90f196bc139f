"""The service's role: what it may not be, and that no session has any other."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.errors import StartError
from app.store.embedded import EmbeddedPostgres
from app.store.engine import Database
from app.store.restriction import require_restricted, require_restricted_role
from app.store.schema import migrate
from app.store.tables import metadata
from app.store.tenants import list_tenants
from tests.store.database import make_database, opened

_FLAGS = text("""
    SELECT rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication
    FROM pg_roles WHERE rolname = current_user
""")
_OWNED = text("SELECT count(*) FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')")


async def test_every_session_of_the_pool_works_as_the_service_role_which_may_do_nothing_special(
    database: Database,
) -> None:
    async with database.connect("north") as connection:
        assert tuple((await connection.execute(_FLAGS)).one()) == ("rebound_service", *[False] * 6)
        assert (await connection.execute(_OWNED)).scalar_one() == 0


async def test_the_service_role_is_accepted(database: Database) -> None:
    await require_restricted(database)


async def test_a_superuser_is_refused_and_named(database: Database) -> None:
    async with database.owner() as connection:
        with pytest.raises(StartError, match=r"postgres, is a superuser.*It has to be rebound_service"):
            await require_restricted_role(connection)


async def test_a_role_that_steps_around_policies_is_refused(database: Database) -> None:
    with pytest.raises(StartError, match="has BYPASSRLS:"):
        await take_role_and_ask(database, "BYPASSRLS")


async def test_an_owner_of_a_table_is_refused(database: Database) -> None:
    with pytest.raises(StartError, match="owns the tables"):
        await take_role_and_ask(database, "", "ALTER TABLE plans OWNER TO {}")


async def test_a_member_of_the_owner_of_a_table_is_refused(database: Database) -> None:
    with pytest.raises(StartError, match="member of their owner:"):
        await take_role_and_ask(
            database, "", "CREATE ROLE {}_boss", "ALTER TABLE plans OWNER TO {}_boss", "GRANT {}_boss TO {}"
        )


@pytest.mark.parametrize("change", ["DISABLE", "NO FORCE"])
@pytest.mark.parametrize("table", sorted(metadata.tables))
async def test_a_table_without_forced_security_is_refused(database: Database, table: str, change: str) -> None:
    with pytest.raises(StartError, match="row-level security is not forced"):
        await take_role_and_ask(database, "", f"ALTER TABLE {table} {change} ROW LEVEL SECURITY")


async def take_role_and_ask(database: Database, attributes: str, *changes: str) -> None:
    """Make a role, change something, ask as that role; what the refusal interrupts is rolled back."""
    name = f"role_{uuid4().hex}"
    async with database.owner() as connection:
        await connection.execute(text(f"CREATE ROLE {name} {attributes}"))
        for change in changes:
            await connection.execute(text(change.replace("{}", name)))
        await connection.execute(text(f"SET LOCAL ROLE {name}"))
        await require_restricted_role(connection)


async def test_a_user_who_may_not_work_as_the_service_role_is_refused_with_what_to_grant(
    database: Database, database_url: str
) -> None:
    name = f"stranger_{uuid4().hex}"
    async with database.owner() as connection:
        await connection.execute(text(f"CREATE ROLE {name} LOGIN"))
    stranger = opened(database_url.replace("postgres@", f"{name}@"))
    with pytest.raises(StartError, match="grant rebound_service"):
        await require_restricted(stranger)
    await stranger.close()
    async with database.owner() as connection:
        await connection.execute(text(f"DROP ROLE {name}"))


async def test_an_owner_without_any_other_right_migrates_and_serves(postgres: EmbeddedPostgres) -> None:
    name = f"owner_{uuid4().hex}"
    url = await asyncio.to_thread(make_database, postgres, name)
    async with opened(url).owner() as connection:
        await connection.execute(text(f"CREATE ROLE {name} LOGIN IN ROLE rebound_service, rebound_steward"))
        await connection.execute(text(f"ALTER DATABASE {name} OWNER TO {name}"))
    database = opened(url.replace("postgres@", f"{name}@"))
    await migrate(database)
    await require_restricted(database)
    assert await list_tenants(database) == []
    await database.close()


async def test_a_user_who_is_only_a_member_serves(database: Database, database_url: str) -> None:
    name = f"member_{uuid4().hex}"
    async with database.owner() as connection:
        await connection.execute(text(f"CREATE ROLE {name} LOGIN NOINHERIT IN ROLE rebound_service, rebound_steward"))
    member = opened(database_url.replace("postgres@", f"{name}@"))
    await require_restricted(member)
    await member.close()
    async with database.owner() as connection:
        await connection.execute(text(f"DROP ROLE {name}"))
