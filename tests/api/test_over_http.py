"""The doors behind a real server and socket: what only shows on the wire."""

import json
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests.api.serving import served
from tests.builders import body


@pytest.fixture(scope="module")
def caller(app: FastAPI, token: str) -> Iterator[httpx.Client]:
    """A client on a socket of the loopback interface; what it calls needs no database."""
    headers = {"Authorization": f"Bearer {token}"}
    with served(app) as address, httpx.Client(base_url=address, headers=headers, trust_env=False) as client:
        yield client


def test_a_plan_comes_over_the_wire(caller: httpx.Client) -> None:
    answer = caller.post("/v1/recommendations", json=body())
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["disposition"] == "plan"


def test_a_refusal_comes_over_the_wire(caller: httpx.Client) -> None:
    answer = caller.post("/v1/recommendations", json=body(patient={"weight_kg": "80"}))
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/patient/weight_kg"]


def test_a_chunked_body_that_fits_is_read(caller: httpx.Client) -> None:
    parts = (part.encode() for part in json.dumps(body()).partition(","))
    answer = caller.post("/v1/recommendations", content=parts, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


def test_a_chunked_body_that_is_too_large_is_refused(caller: httpx.Client, settings: Settings) -> None:
    parts = (b" " * 1024 for _ in range(settings.max_body_bytes // 1024 + 1))
    answer = caller.post("/v1/tapers", content=parts, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
