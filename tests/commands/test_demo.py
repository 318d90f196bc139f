"""The service at work, over real HTTP."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from app.__main__ import main
from app.commands.serve import server_options
from app.main import create_app
from app.settings import Settings

pytestmark = pytest.mark.usefixtures("log_as_before")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, database_url: str, free_port: int, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", str(free_port))


@contextmanager
def running(app: Callable[..., Any]) -> Iterator[None]:
    """Serve an application beside the test until the block ends."""
    server = uvicorn.Server(uvicorn.Config(app, **server_options(Settings()) | {"lifespan": "auto"}))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        wait = threading.Event()
        while not server.started:
            wait.wait(0.02)
        yield
    finally:
        server.should_exit = True
        thread.join()


def test_once_it_shows_the_plan_and_where_to_look_further(capsys: pytest.CaptureFixture[str], free_port: int) -> None:
    assert main(["demo", "--once"]) == 0
    shown = capsys.readouterr().out
    for part in ("Options", "Taper", "Monitoring", "Tasks", "Conflicts between sources", "Sources"):
        assert f"\n{part}" in shown
    assert f"http://127.0.0.1:{free_port}/docs" in shown
    assert "Serving until" not in shown


def test_a_service_that_already_runs_is_found_and_left_running(capsys: pytest.CaptureFixture[str]) -> None:
    with running(create_app(Settings())):
        assert main(["demo"]) == 0
        assert main(["demo"]) == 0
    assert capsys.readouterr().out.count("Found the service") == 2


def test_a_service_that_does_not_know_our_token_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with running(create_app(Settings())):
        monkeypatch.setenv("DATA_DIR", str(tmp_path / "elsewhere"))
        assert main(["demo"]) == 2
    assert "answered with 401" in capsys.readouterr().err


async def other_program(scope: Any, receive: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def test_another_program_on_the_port_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    with running(other_program):
        assert main(["demo", "--once"]) == 2
    assert "choose another port" in capsys.readouterr().err


def test_a_service_that_cannot_start_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("DATABASE_WAIT_SECONDS", "1")
    with pytest.raises(SystemExit):
        main(["demo", "--once"])
    assert "did not answer within 1 seconds" in capsys.readouterr().err
