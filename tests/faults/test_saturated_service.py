"""Ten times as many callers as connections on a slow database: some are served, the rest is sent back at once."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.faults.conftest import Installation

POOL = 2
CALLERS = 10 * POOL
WAIT_SECONDS = 1
STATEMENT_SECONDS = 4
# Standing in line until everybody before is served would take this long; the rest is for a busy machine.
ENDLESS_SECONDS = CALLERS / POOL * STATEMENT_SECONDS
BOUND_SECONDS = WAIT_SECONDS + STATEMENT_SECONDS + 30
SMALL = {"POOL_SIZE": str(POOL), "POOL_QUEUE": str(2 * POOL), "POOL_WAIT_SECONDS": str(WAIT_SECONDS)}


@contextmanager
def watched(client: httpx.Client, path: str) -> Iterator[list[httpx.Response]]:
    """Ask an address again and again while the block lasts."""
    answers: list[httpx.Response] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            answers.append(client.get(path, timeout=30))
            time.sleep(0.05)

    thread = threading.Thread(target=ask)
    thread.start()
    yield answers
    done.set()
    thread.join()


def test_more_callers_than_can_be_served_cost_nobody_more_than_a_bounded_wait(installation: Installation) -> None:
    answers, cluster = installation.answers, installation.cluster
    with installation.serving(**SMALL), installation.client() as client, installation.client() as other:
        with (
            cluster.slow(STATEMENT_SECONDS),
            watched(client, "/livez") as alive,
            watched(other, "/readyz") as ready,
            installation.writing(CALLERS) as writers,
        ):
            writers.wait_for(2 * POOL)
            writers.wait_for(CALLERS, status=503)
        metrics = client.get("/metrics").text
        refused = answers.statuses[503]
        with installation.writing(1) as writers:
            writers.wait_for(5)
    found = installation.ledger()
    slowest = max(one.elapsed.total_seconds() for one in (*alive, *ready))
    print(
        f"\n{CALLERS} callers of {POOL} connections: {found}; statuses {dict(answers.statuses)}, slowest answer "
        f"{answers.slowest_seconds:.1f} s, slowest probe {slowest:.2f} s"
    )
    assert answers.statuses.keys() == {201, 503}
    assert answers.without_retry == 0
    assert answers.slowest_seconds < BOUND_SECONDS < ENDLESS_SECONDS
    assert {one.status_code for one in alive} == {200}
    # A busy machine may be too slow for a probe now and then; being busy with requests is no reason to say no.
    assert sum(one.status_code == 200 for one in ready) > len(ready) / 2
    assert (found.lost, found.half_written) == (0, 0)
    assert answers.statuses[503] == refused
    assert 'rebound_problems_total{code="SATURATED"}' in metrics
