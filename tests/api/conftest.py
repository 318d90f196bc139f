"""The doors on this worker's database, called without a socket."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text

from app.api.assemble import bare_app, build_routes
from app.api.development import issue_token
from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.store.engine import Database
from app.usecases.service import Service

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
_ROWS = text("SELECT (SELECT count(*) FROM episodes) + (SELECT count(*) FROM plans)")

Count = Callable[[], Awaitable[int]]


def make_app(service: Service, settings: Settings) -> FastAPI:
    """Return the doors of a service, as the program builds them; a server that stops closes the database."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await service.database.close()

    app = bare_app(lifespan)
    build_routes(app, service, settings)
    return app


def make_client(app: FastAPI, token: str | None = None) -> httpx.AsyncClient:
    """Return a client that calls the application directly."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://doors", headers=headers)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Development settings with a data directory of their own."""
    directory: Path = tmp_path_factory.mktemp("data")
    return Settings(data_dir=directory, max_body_bytes=65_536)


@pytest.fixture(scope="session")
def closed_service(kb: KnowledgeBase) -> Service:
    """A service whose database was never opened: it answers whatever needs none."""
    return Service(Database(pool_size=1, query_timeout_seconds=1), kb, lambda: NOW)


@pytest.fixture(scope="session")
def app(closed_service: Service, settings: Settings) -> FastAPI:
    """The doors without a database."""
    return make_app(closed_service, settings)


@pytest.fixture(scope="session")
def token(settings: Settings) -> str:
    """A token with every scope."""
    return issue_token(settings)


@pytest_asyncio.fixture
async def client(app: FastAPI, token: str) -> AsyncIterator[httpx.AsyncClient]:
    """A caller with every scope; the database is closed."""
    async with make_client(app, token) as caller:
        yield caller


@pytest_asyncio.fixture
async def stored(
    database: Database, kb: KnowledgeBase, settings: Settings, token: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A caller with every scope of a service with an empty database."""
    async with make_client(make_app(Service(database, kb, lambda: NOW), settings), token) as caller:
        yield caller


@pytest.fixture
def count_rows(database: Database) -> Count:
    """Counts episodes and plans on a connection of its own."""

    async def count() -> int:
        async with database.owner() as connection:
            return int((await connection.execute(_ROWS)).scalar_one())

    return count


def posted(body: Any) -> dict[str, Any]:
    """Return the arguments of a request that posts `body` as JSON text."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {"content": content, "headers": {"Content-Type": "application/json"}}
