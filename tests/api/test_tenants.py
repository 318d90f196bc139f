"""Another tenant's id looks exactly like an unknown one, on every route that takes an id."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from app.api.contract import example
from app.api.development import issue_token
from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.store.engine import Database
from app.usecases.service import Service
from tests.api.conftest import NOW, make_app, make_client, posted
from tests.api.operations import Operation, operations

NO_PATIENT = {
    "/problems/{code}": "explains a kind of problem",
}
"""Addresses with a parameter that names nothing a tenant owns."""


def on_an_id(app: FastAPI) -> dict[str, Operation]:
    """Return every operation whose path takes an id, by its own id."""
    return {one.id: one for one in operations(app) if "{" in one.path and one.path not in NO_PATIENT}


@pytest.fixture
def whole(database: Database, kb: KnowledgeBase, settings: Settings) -> FastAPI:
    """The doors with an empty database."""
    return make_app(Service(database, kb, lambda: NOW), settings)


@pytest_asyncio.fixture
async def ids(whole: FastAPI, settings: Settings) -> AsyncIterator[dict[str, str]]:
    """The ids of what the tenant `north` keeps, by the first segment of their address."""
    async with make_client(whole, issue_token(settings, tenant="north")) as north:
        created = (await north.post("/v1/episodes", **posted(example("typical")))).json()
        yield {"episodes": created["episode"]["id"], "plans": created["plan"]["id"]}


async def call(app: FastAPI, settings: Settings, tenant: str, name: str, ids: dict[str, str]) -> httpx.Response:
    one = on_an_id(app)[name]
    address = one.path.replace("{id}", ids[one.path.split("/")[2]])
    async with make_client(app, issue_token(settings, tenant=tenant)) as caller:
        return await caller.request(one.method, address, **one.arguments('"1"'))


async def test_every_operation_on_an_id_answers_its_tenant_and_hides_it_from_the_next(
    whole: FastAPI, settings: Settings, ids: dict[str, str]
) -> None:
    names = list(on_an_id(whole))
    foreign = {name: await call(whole, settings, "south", name, ids) for name in names}
    own = {name: await call(whole, settings, "north", name, ids) for name in names}
    assert {name: (one.status_code, one.json()["code"]) for name, one in foreign.items()} == dict.fromkeys(
        names, (404, "NOT_FOUND")
    )
    assert {name for name, one in own.items() if one.status_code == 404} == set()
    assert len(names) >= 3


async def test_a_list_shows_nothing_of_another_tenant(whole: FastAPI, settings: Settings, ids: dict[str, str]) -> None:
    async with make_client(whole, issue_token(settings, tenant="south")) as south:
        assert (await south.get("/v1/episodes")).json() == {"items": [], "next": None}
