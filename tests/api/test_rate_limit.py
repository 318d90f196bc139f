"""How often one caller may ask."""

import httpx
import pytest
from fastapi import FastAPI, Request

from app.api.development import issue_token
from app.api.problems import Refusal
from app.api.rate_limit import _CALLERS_REMEMBERED, RateLimit, address_of
from app.settings import Settings
from app.usecases.service import Service
from tests.api.conftest import make_app, make_client, posted
from tests.builders import body

FEW = 3


@pytest.fixture
def limited(closed_service: Service, settings: Settings) -> FastAPI:
    """The doors with a limit of three requests a minute."""
    return make_app(closed_service, settings.model_copy(update={"rate_limit_per_minute": FEW}))


def caller(app: FastAPI, settings: Settings, tenant: str = "demo") -> httpx.AsyncClient:
    return make_client(app, issue_token(settings, tenant=tenant))


async def test_a_caller_who_asks_too_often_is_told_when_to_come_back(limited: FastAPI, settings: Settings) -> None:
    async with caller(limited, settings) as client:
        answers = [await client.post("/v1/recommendations", **posted(body())) for _ in range(FEW + 2)]
    assert [answer.status_code for answer in answers] == [200] * FEW + [429] * 2
    refused = answers[-1]
    assert refused.json()["code"] == "RATE_LIMITED"
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60 / FEW


async def test_one_tenant_does_not_use_up_what_another_may_ask(limited: FastAPI, settings: Settings) -> None:
    async with caller(limited, settings, "north") as north, caller(limited, settings, "south") as south:
        tries = [(await north.get("/v1/knowledge")).status_code for _ in range(FEW + 1)]
        assert tries == [200] * FEW + [429]
        assert (await south.get("/v1/knowledge")).status_code == 200


async def test_whoever_tries_tokens_is_limited_by_address_and_nobody_else_suffers(
    limited: FastAPI, settings: Settings
) -> None:
    async with make_client(limited, "no.token.atall") as guesser, caller(limited, settings) as client:
        tries = [(await guesser.get("/v1/knowledge")).status_code for _ in range(FEW + 2)]
        assert tries == [401] * FEW + [429] * 2
        assert (await client.get("/v1/knowledge")).status_code == 200


@pytest.mark.parametrize("address", ["/livez", "/docs", "/openapi.json", "/", "/problems/NOT_FOUND"])
async def test_what_is_open_to_everybody_is_not_limited(limited: FastAPI, address: str) -> None:
    async with make_client(limited) as client:
        assert 429 not in {(await client.get(address)).status_code for _ in range(FEW + 2)}


async def test_a_refused_request_is_not_read(limited: FastAPI, settings: Settings) -> None:
    async with caller(limited, settings) as client:
        for _ in range(FEW):
            await client.get("/v1/knowledge")
        answer = await client.post("/v1/recommendations", **posted(b"no JSON"))
    assert answer.status_code == 429


async def test_without_a_setting_there_is_no_limit(app: FastAPI, settings: Settings) -> None:
    async with caller(app, settings) as client:
        assert {(await client.get("/v1/knowledge")).status_code for _ in range(50)} == {200}


def test_a_crowd_of_callers_does_not_fill_the_memory() -> None:
    limit = RateLimit(FEW)
    for number in range(_CALLERS_REMEMBERED + 500):
        limit.spend(str(number))
    assert limit._limiter is not None
    assert len(limit._limiter._store._backend.get_client()) == _CALLERS_REMEMBERED  # type: ignore[attr-defined]


def test_the_latest_callers_are_remembered() -> None:
    limit = RateLimit(1)
    for number in range(_CALLERS_REMEMBERED + 5):
        limit.spend(str(number))
    with pytest.raises(Refusal):
        limit.spend(str(_CALLERS_REMEMBERED + 4))
    limit.spend("0")


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("a-socket", "a-socket"),
        (None, ""),
    ],
)
def test_an_address_counts_with_its_household(host: str | None, key: str) -> None:
    client = None if host is None else (host, 1234)
    assert address_of(Request({"type": "http", "client": client})) == key
