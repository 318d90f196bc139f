"""A service that is told to stop: what it accepted is answered, and it ends by itself with code 0."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from bench.load import HOST
from tests.builders import body
from tests.faults.conftest import Installation
from tests.house.repository import ROOT

PATIENCE_SECONDS = 120
CALLERS = 6


@contextmanager
def running(installation: Installation, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """Run the service until it ends by itself; the block begins when it is ready."""
    environment = os.environ | installation.environment | settings
    command = (sys.executable, "-m", "app", "serve")
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert is_ready(installation), "the service did not start"
            yield process
        finally:
            process.kill()


def is_ready(installation: Installation) -> bool:
    limit = time.monotonic() + PATIENCE_SECONDS
    with installation.client() as client:
        while time.monotonic() < limit:
            try:
                if client.get("/readyz").is_success:
                    return True
            except httpx.TransportError:
                pass
            time.sleep(0.05)
    return False


class Callers:
    """Each posts one episode on a connection of its own."""

    def __init__(self, installation: Installation, number: int = CALLERS) -> None:
        self._installation = installation
        self.faults: list[Exception] = []
        self._threads = [threading.Thread(target=self._post) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait for every answer."""
        for thread in self._threads:
            thread.join()

    def _post(self) -> None:
        with self._installation.client() as client:
            try:
                sent = {"content": json.dumps(body()), "headers": {"Content-Type": "application/json"}}
                self._installation.answers.add(client.post("/v1/episodes", timeout=PATIENCE_SECONDS, **sent))  # type: ignore[arg-type]
            except httpx.TransportError as fault:
                self.faults.append(fault)


def wait_until_accepted(installation: Installation) -> None:
    """Return when every caller's request is being answered, beside the one that asks."""
    limit = time.monotonic() + PATIENCE_SECONDS
    with installation.client() as client:
        while f"rebound_requests_in_flight {CALLERS + 1}.0" not in client.get("/metrics", timeout=30).text:
            assert time.monotonic() < limit, "the callers did not come"
            time.sleep(0.05)


def test_what_was_accepted_is_answered_and_kept(installation: Installation) -> None:
    answers = installation.answers
    with running(installation, POOL_SIZE="2", POOL_WAIT_SECONDS="60", QUERY_TIMEOUT_SECONDS="60") as process:
        with installation.cluster.slow(3):
            callers = Callers(installation)
            wait_until_accepted(installation)
            process.send_signal(signal.SIGTERM)
            callers.join()
        process.wait(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
    found = installation.ledger()
    assert callers.faults == []
    assert answers.statuses == {201: CALLERS}
    assert (found.acknowledged, found.lost, found.half_written) == (CALLERS, 0, 0)


def test_a_database_that_hangs_does_not_hold_up_the_end(installation: Installation) -> None:
    grace = 25
    limits = {"POOL_SIZE": "8", "QUERY_TIMEOUT_SECONDS": "10", "SHUTDOWN_GRACE_SECONDS": str(grace)}
    with running(installation, **limits) as process:
        with installation.cluster.locked("episodes"):
            callers = Callers(installation)
            wait_until_accepted(installation)
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            callers.join()
            process.wait(timeout=PATIENCE_SECONDS)
            lasted = time.monotonic() - begun
        assert process.returncode == 0
    assert callers.faults == []
    assert installation.answers.statuses == {503: CALLERS}
    assert lasted < grace


def test_several_processes_end_together(installation: Installation) -> None:
    with running(installation, WORKERS="2") as process:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0


def test_it_says_that_it_stops_before_it_listens_no_more(installation: Installation) -> None:
    with running(installation, SHUTDOWN_DELAY_SECONDS="3") as process, installation.client() as client:
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        ready, served = client.get("/readyz"), client.get("/v1/knowledge")
        process.wait(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
    assert (ready.status_code, [one["code"] for one in ready.json()["errors"]]) == (503, ["STOPPING"])
    assert served.status_code == 200
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://{HOST}:{installation.port}/livez", trust_env=False)


def test_a_second_signal_is_not_waited_on(installation: Installation) -> None:
    with running(installation, SHUTDOWN_DELAY_SECONDS="120") as process:
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0


def test_it_waits_for_a_database_that_starts_later_and_says_so(installation: Installation) -> None:
    installation.cluster.stop()
    late = threading.Timer(2, installation.cluster.start)
    late.start()
    with running(installation, LOG_LEVEL="info") as process:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
    late.join()
    events = [json.loads(line)["event"] for line in said.splitlines()]
    assert events.index("waiting for the database") < events.index("ready")


def test_it_does_not_wait_for_ever_for_a_database_and_says_what_to_check(installation: Installation) -> None:
    installation.cluster.stop()
    environment = os.environ | installation.environment | {"DATABASE_WAIT_SECONDS": "1"}
    command = (sys.executable, "-m", "app", "serve")
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    told = [json.loads(line)["event"] for line in ended.stderr.splitlines()]
    assert ended.returncode not in {0, 1}
    assert "DATABASE_URL" in " ".join(told)
