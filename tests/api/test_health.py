"""Alive and ready are two questions, and what is not ready is named."""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.store.embedded import EmbeddedPostgres
from app.usecases.service import Service
from tests.api.conftest import NOW, make_app, make_client
from tests.store.database import make_database, make_migrated_database, opened


@pytest.fixture(scope="module")
def empty_database_url(postgres: EmbeddedPostgres, worker_id: str) -> str:
    """A database that no migration has seen."""
    return make_database(postgres, f"unmigrated_{worker_id}")


async def test_the_process_is_alive_without_a_database_and_without_a_token(client: httpx.AsyncClient) -> None:
    del client.headers["Authorization"]
    answer = await client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_a_working_service_is_ready_and_names_its_knowledge(stored: httpx.AsyncClient, kb: KnowledgeBase) -> None:
    answer = await stored.get("/readyz")
    expected = {
        "status": "ready",
        "database": "ok",
        "migrations": "ok",
        "tenancy": "ok",
        "knowledge": kb.manifest.version,
    }
    assert (answer.status_code, answer.json()) == (200, expected)


async def test_without_a_database_it_is_not_ready_and_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "NOT_READY")
    assert [fault["code"] for fault in answer.json()["errors"]] == ["DATABASE_UNREACHABLE"]
    assert answer.headers["Retry-After"] == "5"


async def test_with_old_tables_it_is_not_ready_and_says_so(
    empty_database_url: str, kb: KnowledgeBase, settings: Settings
) -> None:
    database = opened(empty_database_url)
    async with make_client(make_app(Service(database, kb, lambda: NOW), settings)) as caller:
        answer = await caller.get("/readyz")
    await database.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "NOT_READY")
    assert [fault["code"] for fault in answer.json()["errors"]] == ["MIGRATION_NEEDED"]


async def test_with_tenants_that_are_not_kept_apart_it_is_not_ready_and_says_so(
    postgres: EmbeddedPostgres, kb: KnowledgeBase, settings: Settings, worker_id: str
) -> None:
    database = opened(await asyncio.to_thread(make_migrated_database, postgres, f"loose_{worker_id}"))
    async with database.owner() as connection:
        await connection.execute(text("ALTER TABLE plans NO FORCE ROW LEVEL SECURITY"))
    async with make_client(make_app(Service(database, kb, lambda: NOW), settings)) as caller:
        answer = await caller.get("/readyz")
    await database.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "NOT_READY")
    assert [fault["code"] for fault in answer.json()["errors"]] == ["TENANTS_NOT_KEPT_APART"]


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
async def test_health_speaks_json_only(client: httpx.AsyncClient, address: str) -> None:
    assert (await client.get(address, headers={"Accept": "text/html"})).status_code == 406
