"""What a stranger sees who tries methods, origins and addresses: safe headers, and nothing that helps."""

import json
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from app.api.envelope import SAFE_HEADERS
from app.settings import Settings
from app.usecases.service import Service
from tests.api.conftest import make_app, make_client, posted
from tests.builders import body

FRIEND = "https://portal.example"
HSTS = "Strict-Transport-Security"
SEEN = [
    ("GET", "/livez", 200),
    ("GET", "/docs", 200),
    ("GET", "/docs/start.js", 200),
    ("GET", "/openapi.json", 200),
    ("GET", "/nowhere", 404),
    ("TRACE", "/livez", 405),
    ("GET", "/v1/tapers", 405),
    ("GET", "/readyz", 503),
]


def production(directory: Path, **others: object) -> Settings:
    """Return settings of a service that is run for others; its keys are never fetched here."""
    values = {
        "profile": "production",
        "database_url": "postgresql://nobody@127.0.0.1:1/nothing",
        "jwt_issuer": "https://issuer.example",
        "jwt_audience": "rebound",
        "jwks_url": "https://issuer.example/keys",
        "data_dir": directory,
    }
    return Settings.model_validate(values | others)


@pytest.mark.parametrize(("method", "address", "status"), SEEN)
async def test_safe_headers_are_on_every_answer(
    client: httpx.AsyncClient, method: str, address: str, status: int
) -> None:
    answer = await client.request(method, address)
    assert answer.status_code == status
    assert answer.headers.keys() >= {name.lower() for name in SAFE_HEADERS}
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers


async def test_patient_data_is_kept_by_no_cache(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/recommendations", **posted(body()))
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_service_run_for_others_is_for_encrypted_connections_alone(
    closed_service: Service, tmp_path: Path
) -> None:
    async with make_client(make_app(closed_service, production(tmp_path))) as caller:
        for method, address, _ in SEEN:
            assert "max-age" in (await caller.request(method, address)).headers[HSTS]


async def test_a_service_that_is_tried_out_may_be_called_in_plain_text(client: httpx.AsyncClient) -> None:
    assert HSTS not in (await client.get("/livez")).headers


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "OPTIONS", "PROPFIND", "CONNECT"])
async def test_a_method_that_no_operation_has_is_refused(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/v1/episodes", headers={"Cookie": "secret"})
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"] == "GET, HEAD, POST"
    assert "secret" not in answer.text


async def test_every_address_that_can_be_read_can_be_asked_for_its_head(app: FastAPI, token: str) -> None:
    paths = json.loads(app.state.contract)["paths"]
    readable = [path for path, operations in paths.items() if "get" in operations and "{" not in path]
    assert len(readable) > 5
    async with make_client(app, token) as caller:
        for path in readable:
            got, head = await caller.get(path), await caller.head(path)
            assert head.status_code == got.status_code, path
            assert head.content == b""


async def test_the_head_of_what_can_only_be_written_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.head("/v1/tapers")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def let_in(service: Service, directory: Path, origin: str = FRIEND) -> FastAPI:
    return make_app(service, Settings(data_dir=directory, cors_origins=(origin,)))


def preflight(origin: str) -> dict[str, str]:
    """Return what a browser asks before a page of another origin may post."""
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key,if-match",
    }


async def test_no_page_of_another_origin_is_let_in_unless_it_is_named(client: httpx.AsyncClient) -> None:
    asked = await client.options("/v1/episodes", headers=preflight(FRIEND))
    answered = await client.get("/livez", headers={"Origin": FRIEND})
    assert asked.status_code == 405
    assert [name for answer in (asked, answered) for name in answer.headers if name.startswith("access-control")] == []


async def test_a_page_of_a_named_origin_is_let_in(closed_service: Service, tmp_path: Path) -> None:
    async with make_client(let_in(closed_service, tmp_path)) as caller:
        asked = await caller.options("/v1/episodes", headers=preflight(FRIEND))
        answered = await caller.get("/livez", headers={"Origin": FRIEND})
    for answer in (asked, answered):
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
        assert answer.headers["X-Request-Id"]
    assert "ETag" in answered.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("origin", ["https://portal.example.evil.example", "http://portal.example", "null"])
async def test_a_page_of_another_origin_is_not_let_in_beside_a_named_one(
    closed_service: Service, tmp_path: Path, origin: str
) -> None:
    async with make_client(let_in(closed_service, tmp_path)) as caller:
        asked = await caller.options("/v1/episodes", headers=preflight(origin))
        answered = await caller.get("/livez", headers={"Origin": origin})
    assert asked.status_code == 400
    assert origin not in asked.text
    assert "Access-Control-Allow-Origin" not in asked.headers
    assert "Access-Control-Allow-Origin" not in answered.headers


@pytest.mark.parametrize("origin", ["*", "https://*.example", "null", "portal.example", "https://portal.example/"])
def test_an_origin_is_named_and_never_a_pattern(origin: str) -> None:
    with pytest.raises(ValidationError):
        Settings(cors_origins=(origin,))


def test_origins_are_written_with_spaces_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", f"{FRIEND}  http://127.0.0.1:3000")
    assert Settings().cors_origins == (FRIEND, "http://127.0.0.1:3000")
