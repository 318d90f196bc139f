"""Bringing a database to the newest migration from the command line."""

import asyncio

import pytest

from app.__main__ import main
from app.store.schema import require_migrated
from tests.store.database import opened

pytestmark = pytest.mark.usefixtures("log_as_before")


async def require(url: str) -> None:
    database = opened(url)
    await require_migrated(database)
    await database.close()


def test_an_empty_database_gets_its_tables_and_a_second_run_changes_nothing(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    asyncio.run(require(empty_url))
    assert "newest migration" in capsys.readouterr().out


def test_a_database_that_does_not_answer_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("DATABASE_WAIT_SECONDS", "1")
    assert main(["migrate"]) == 2
    assert "did not answer within 1 seconds" in capsys.readouterr().err
