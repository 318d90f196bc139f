"""The parts put together: start, serve, stop."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.errors import StartError
from app.main import create_app
from app.settings import Settings
from app.store.schema import require_newest
from app.usecases.service import Service

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
        await require_newest(app.state.service.database)
        assert (folder / "postgres" / "postmaster.pid").exists()
    assert not (folder / "postgres" / "postmaster.pid").exists()
