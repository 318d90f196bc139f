"""Clients that store episodes one after another and remember every answer.

Half of them name each request by a key and repeat it until it is acknowledged; the others never repeat one.
"""

import itertools
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from bench.load import HOST
from tests.builders import body

CLIENTS = 6
_PATIENCE_SECONDS = 180
_PAUSE_SECONDS = 0.05
_NUMBERS = itertools.count()


@dataclass
class Answers:
    """What the clients were told. `acknowledged` is plan id by episode id: what the service may never lose."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    plans: dict[str, Any] = field(default_factory=dict)
    statuses: "Counter[int]" = field(default_factory=Counter)
    without_retry: int = 0
    cut: int = 0
    slowest_seconds: float = 0.0

    def so_far(self) -> "Answers":
        """Return what was acknowledged up to now; the clients go on."""
        return Answers(dict(self.acknowledged), dict(self.plans))

    def add(self, answer: httpx.Response) -> None:
        """Count an answer."""
        self.statuses[answer.status_code] += 1
        self.slowest_seconds = max(self.slowest_seconds, answer.elapsed.total_seconds())
        if answer.status_code == httpx.codes.CREATED:
            created = answer.json()
            self.acknowledged[created["episode"]["id"]] = created["plan"]["id"]
            self.plans[created["plan"]["id"]] = created["plan"]
        elif not answer.headers.get("Retry-After", "").isdigit():
            self.without_retry += 1


class Writers:
    """Concurrent clients of the service at `port` while the block lasts."""

    def __init__(self, port: int, token: str, answers: Answers, clients: int = CLIENTS) -> None:
        self._address = f"http://{HOST}:{port}"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._answers = answers
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=[bool(number % 2)]) for number in range(clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int, status: int = httpx.codes.CREATED) -> None:
        """Return when `more` answers of that status have come in from now on."""
        wanted = self._answers.statuses[status] + more
        limit = time.monotonic() + _PATIENCE_SECONDS
        while self._answers.statuses[status] < wanted:
            assert time.monotonic() < limit, f"no {status} in time: {self._answers.statuses}"
            time.sleep(_PAUSE_SECONDS)

    def _write(self, repeating: bool) -> None:
        with httpx.Client(base_url=self._address, headers=self._headers, timeout=60, trust_env=False) as client:
            while not self._stop.is_set():
                self._store(client, repeating)

    def _store(self, client: httpx.Client, repeating: bool) -> None:
        number = next(_NUMBERS)
        episode = json.dumps(body(patient={"reference": f"synthetic-{number}"}))
        key = {"Idempotency-Key": f"key-{number}"} if repeating else {}
        while not self._post(client, episode, key) and repeating and not self._stop.is_set():
            pass

    def _post(self, client: httpx.Client, episode: str, key: dict[str, str]) -> bool:
        """Send a request once; tell whether it was acknowledged, and pause when it was not."""
        try:
            answer = client.post("/v1/episodes", content=episode, headers=key)
        except httpx.TransportError:
            self._answers.cut += 1
            self._stop.wait(_PAUSE_SECONDS)
            return False
        self._answers.add(answer)
        if answer.is_error:
            self._stop.wait(_PAUSE_SECONDS)
        return answer.is_success
