"""The audit tells a vulnerable package, a clean one, and a feed that does not answer apart."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.house.advisories import ask, judge, main

HASH = f"sha256:{'0' * 64}"
LOCK = f"clean==1.0 --hash={HASH}\nbroken==2.0 --hash={HASH}\n"
FAULT = {
    "id": "SYNTHETIC-1",
    "affected": [
        {
            "package": {"name": "broken", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.1"}]}],
        }
    ],
}


class Feed(BaseHTTPRequestHandler):
    """Knows one fault of one package."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps({"vulns": [FAULT]} if asked["package"]["name"] == "broken" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def feed() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Feed) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text(LOCK)
    return path


def test_a_vulnerable_package_fails_with_its_fault_and_the_version_that_mends_it(lock: Path) -> None:
    with feed() as address:
        fine, verdict = judge(ask(lock, address))
    assert not fine
    assert verdict == "broken 2.0: SYNTHETIC-1, fixed in 2.1"


def test_clean_packages_are_counted(lock: Path) -> None:
    lock.write_text(LOCK.splitlines()[0])
    with feed() as address:
        assert judge(ask(lock, address)) == (True, "1 packages without a known vulnerability")


def test_a_feed_that_refuses_is_out_of_reach(lock: Path) -> None:
    assert ask(lock, "http://127.0.0.1:1/") is None


def test_a_feed_that_never_answers_is_out_of_reach_within_seconds(lock: Path) -> None:
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert ask(lock, f"http://127.0.0.1:{silent.getsockname()[1]}/") is None
    assert time.monotonic() - began < 25


def test_without_a_feed_the_check_is_skipped_in_one_line(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(str(lock), "http://127.0.0.1:1/") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("SKIPPED: known vulnerabilities")


@pytest.mark.parametrize(
    ("packages", "fine", "verdict"),
    [
        ([], True, "SKIPPED"),
        ([{"name": "a", "skip_reason": "not found"}], True, "SKIPPED"),
        (
            [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "?"}],
            True,
            "1 packages .* about b",
        ),
        (
            [{"name": "a", "version": "1", "vulns": [{"id": "X", "fix_versions": []}]}],
            False,
            "a 1: X, fixed in no version",
        ),
    ],
)
def test_a_package_nobody_was_told_about_does_not_count_as_clean(
    packages: list[dict[str, object]], fine: bool, verdict: str
) -> None:
    told, line = judge({"dependencies": packages})
    assert told is fine
    assert re.match(verdict, line)
