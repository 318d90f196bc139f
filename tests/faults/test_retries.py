"""The service is killed under load and every request is sent again: each is done once."""

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import httpx

from bench.servers import Server
from tests.builders import body
from tests.faults.conftest import Installation

CLIENTS = 6
ANSWERED_BEFORE_THE_KILL = 12
BODIES = {f"key-{number}": json.dumps(body(patient={"reference": f"synthetic-{number}"})) for number in range(60)}


def send_all(installation: Installation, service: Server, *, kill: bool = False) -> dict[str, bytes]:
    """Store every episode under its key, from several clients; return what is answered before the service is killed."""
    answered: dict[str, bytes] = {}

    def send(key: str) -> None:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        try:
            answer = client.post("/v1/episodes", content=BODIES[key], headers=headers)
        except httpx.TransportError:
            return
        assert answer.status_code == httpx.codes.CREATED
        answered[key] = answer.content
        if kill and len(answered) == ANSWERED_BEFORE_THE_KILL:
            os.kill(service.pid, signal.SIGKILL)

    with installation.client() as client, ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(send, BODIES))
    return answered


def test_what_is_sent_again_after_a_kill_is_done_once(installation: Installation) -> None:
    with installation.serving() as service:
        before = send_all(installation, service, kill=True)
    with installation.serving() as service:
        after = send_all(installation, service)
    found = installation.ledger()
    print(f"\n{len(before)} answered before the kill, {len(after)} after it, {found.stored} stored")
    assert ANSWERED_BEFORE_THE_KILL <= len(before) < len(BODIES)
    assert {key: after[key] for key in before} == before
    assert (len(after), len(set(after.values())), found.stored, found.half_written) == (60, 60, 60, 0)
