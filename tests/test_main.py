"""The parts put together: start, serve, stop."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from app.api.development import issue_token
from app.errors import StartError
from app.main import create_app
from app.settings import DEVELOPMENT_ISSUER, Settings
from app.store.engine import Database
from app.store.schema import require_migrated
from app.store.tables import plans
from app.usecases.service import Service
from tests.builders import body

_PLANS_KEPT = select(func.count()).select_from(plans)

pytestmark = pytest.mark.usefixtures("log_as_before")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: the name of a socket may have 107 characters only."""
    path = Path(tempfile.mkdtemp(prefix="rebound-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


async def test_while_it_runs_the_database_is_open_and_afterwards_closed(database_url: str, folder: Path) -> None:
    app = create_app(Settings(database_url=SecretStr(database_url), data_dir=folder))
    service: Service = app.state.service
    async with app.router.lifespan_context(app):
        await service.database.ping()
    with pytest.raises(Exception, match="does not answer"):
        await service.database.ping()
    assert service.clock().tzinfo is not None


@pytest.mark.parametrize(
    ("unfit", "sentence"),
    [
        ({"database_url": None}, "the embedded database is for trying the service out"),
        ({"jwt_issuer": None, "jwt_audience": None, "jwks_url": None}, "needs JWT_ISSUER, JWT_AUDIENCE and JWKS_URL"),
        ({"jwt_issuer": DEVELOPMENT_ISSUER}, "does not start with the development issuer"),
        ({"jwt_issuer": "http://issuer.example"}, "whose names are https addresses"),
        ({"jwks_url": "http://issuer.example/keys"}, "fetches keys over https only"),
        ({"jwks_url": None}, "Set JWKS_URL too"),
    ],
)
def test_production_does_not_start_with_what_is_for_trying_it_out(
    folder: Path, unfit: dict[str, Any], sentence: str
) -> None:
    fit: dict[str, Any] = {
        "profile": "production",
        "data_dir": folder,
        "database_url": "postgresql://rebound@database/rebound",
        "jwt_issuer": "https://issuer.example",
        "jwt_audience": "clinic",
        "jwks_url": "https://issuer.example/keys",
    }
    create_app(Settings(**fit))
    with pytest.raises(StartError, match=sentence):
        create_app(Settings(**fit | unfit))
    assert list(folder.iterdir()) == []


def test_answers_to_keys_are_kept_as_long_as_the_settings_say(folder: Path) -> None:
    service: Service = create_app(Settings(data_dir=folder, idempotency_hours=48)).state.service
    assert service.keys_last == timedelta(hours=48)


async def test_a_database_that_was_not_migrated_stops_the_start(
    empty_url: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(Settings(database_url=SecretStr(empty_url), data_dir=folder))
    with pytest.raises(StartError, match="python -m app migrate"):
        async with app.router.lifespan_context(app):
            pass
    assert "python -m app migrate" in capsys.readouterr().err


async def test_without_an_address_it_runs_and_migrates_a_postgresql_of_its_own(folder: Path) -> None:
    app = create_app(Settings(database_url=None, data_dir=folder))
    async with app.router.lifespan_context(app):
        await require_migrated(app.state.service.database)
        assert (folder / "postgres" / "postmaster.pid").exists()
    assert not (folder / "postgres" / "postmaster.pid").exists()


async def test_the_rows_are_there_before_the_answer_begins(database: Database, database_url: str, folder: Path) -> None:
    settings = Settings(database_url=SecretStr(database_url), data_dir=folder)
    app = create_app(settings)
    seen: list[int] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        async def look_first(message: Any) -> None:
            if message["type"] == "http.response.start":
                async with database.owner() as connection:
                    seen.append((await connection.execute(_PLANS_KEPT)).scalar_one())
            await send(message)

        await app(scope, receive, look_first)

    headers = {"Authorization": f"Bearer {issue_token(settings)}"}
    transport = httpx.ASGITransport(watched)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers) as client,
    ):
        answer = await client.post("/v1/episodes", json=body())
    assert answer.status_code == 201
    assert seen == [1]
