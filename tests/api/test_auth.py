"""A door asks for a token of a trusted issuer: one answer to whatever is wrong with it, and none of it in the log."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import Response

from app.api.auth import ALGORITHMS, HOOK_ALGORITHMS, PlansReader
from app.api.tokens import LONGEST_TOKEN
from app.log import configure_log
from app.settings import Settings
from app.usecases.service import Service
from tests.api.conftest import make_app, make_client
from tests.remote.issuer import AUDIENCE, P256, P384, PRIVATE, Issuer, jwk, reply, running, sign

BAD: dict[str, tuple[Callable[[Issuer], str], str]] = {
    "no header": (lambda _: "", "NO_TOKEN"),
    "no scheme": (lambda issuer: issuer.token(), "NO_TOKEN"),
    "another scheme": (lambda issuer: f"Basic {issuer.token()}", "NO_TOKEN"),
    "no token": (lambda _: "Bearer ", "NO_TOKEN"),
    "no JWT": (lambda _: "Bearer a.b.c", "MALFORMED"),
    "two tokens": (lambda issuer: f"Bearer {issuer.token()} {issuer.token()}", "MALFORMED"),
    "too long": (lambda issuer: f"Bearer {issuer.token(filler='x' * LONGEST_TOKEN)}", "TOO_LONG"),
    "expired": (lambda issuer: f"Bearer {issuer.token(exp=int(time.time()) - 100)}", "EXPIRED"),
    "another issuer": (lambda issuer: f"Bearer {issuer.token(iss='https://other.example')}", "WRONG_ISSUER"),
    "another audience": (lambda issuer: f"Bearer {issuer.token(aud='other')}", "WRONG_AUDIENCE"),
    "no tenant": (lambda issuer: f"Bearer {issuer.token(tenant_id=None)}", "CLAIM_MISSING"),
    "an unknown key": (lambda issuer: f"Bearer {issuer.token('unknown')}", "UNKNOWN_KEY"),
    "another key": (lambda issuer: f"Bearer {issuer.token('ES256', P256)[:-4]}AAAA", "WRONG_SIGNATURE"),
    "a key of another kind": (lambda issuer: f"Bearer {signed(issuer, 'ES256', 'ES384')}", "UNKNOWN_KEY"),
    "another algorithm": (lambda issuer: f"Bearer {signed(issuer, 'PS256', 'RS256')}", "WRONG_ALGORITHM"),
    "not signed": (lambda issuer: f"Bearer {signed(issuer, 'none', 'ES384')}", "WRONG_ALGORITHM"),
}


def signed(issuer: Issuer, algorithm: str, key_id: str) -> str:
    """Return a token that is signed in one way and names the key of another."""
    key = PRIVATE.get(algorithm, PRIVATE[key_id] if algorithm != "none" else None)
    return sign({"iss": issuer.address, "aud": AUDIENCE}, key, algorithm, {"kid": key_id})


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running() as up:
        yield up


@pytest.fixture
def doors(issuer: Issuer, closed_service: Service, settings: Settings) -> FastAPI:
    """The doors of a service that trusts the issuer, with a hook among them."""
    trusting: dict[str, Any] = {"jwt_issuer": issuer.address, "jwt_audience": AUDIENCE, "jwks_url": issuer.url}
    app = make_app(closed_service, Settings(data_dir=settings.data_dir, **trusting))
    hooks = APIRouter(prefix="/cds-services")

    @hooks.post("/flare")
    async def answer_hook(_caller: PlansReader) -> Response:
        return Response()

    app.include_router(hooks)
    return app


async def get(app: FastAPI, token: str) -> httpx.Response:
    """Read what needs no database."""
    async with make_client(app, token) as caller:
        return await caller.get("/v1/knowledge")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_a_token_of_the_issuer_opens_the_door(doors: FastAPI, issuer: Issuer, algorithm: str) -> None:
    assert (await get(doors, issuer.token(algorithm))).status_code == 200


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_a_hook_is_opened_by_two_algorithms_only(doors: FastAPI, issuer: Issuer, algorithm: str) -> None:
    async with make_client(doors, issuer.token(algorithm)) as caller:
        answer = await caller.post("/cds-services/flare")
    assert answer.status_code == (200 if algorithm in HOOK_ALGORITHMS else 401)


async def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(doors: FastAPI, issuer: Issuer) -> None:
    answers = set()
    async with make_client(doors) as caller:
        for make, _ in BAD.values():
            headers = {"Authorization": make(issuer), "X-Request-Id": "the-same-request"}
            answer = await caller.get("/v1/knowledge", headers=headers)
            answers.add((answer.status_code, answer.content, tuple(answer.headers.raw)))
    ((status, body, sent),) = answers
    assert status == 401
    assert (b"www-authenticate", b'Bearer realm="rebound"') in sent
    assert b"valid bearer token" in body


@pytest.mark.parametrize("wrong", BAD)
async def test_the_log_gives_the_reason_as_a_code_and_nothing_of_the_token(
    doors: FastAPI, issuer: Issuer, capsys: pytest.CaptureFixture[str], log_as_before: None, wrong: str
) -> None:
    make, code = BAD[wrong]
    sent = make(issuer)
    configure_log("debug")
    async with make_client(doors) as caller:
        await caller.get("/v1/knowledge", headers={"Authorization": sent})
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["code"] for line in lines if line["event"] == "token_refused"] == [code]
    assert [part for part in sent.replace(".", " ").split() if len(part) > 6 and part in written] == []


async def test_a_good_token_is_not_logged_either(
    doors: FastAPI, issuer: Issuer, capsys: pytest.CaptureFixture[str], log_as_before: None
) -> None:
    token = issuer.token()
    configure_log("debug")
    await get(doors, token)
    written = capsys.readouterr().err
    assert '"status": 200' in written
    assert [part for part in token.split(".") if part in written] == []


async def test_a_missing_scope_answers_403_and_names_it(doors: FastAPI, issuer: Issuer) -> None:
    answer = await get(doors, issuer.token(scope="plans:read"))
    assert answer.status_code == 403
    challenge = 'Bearer realm="rebound", error="insufficient_scope", scope="knowledge:read"'
    assert answer.headers["WWW-Authenticate"] == challenge


async def test_an_issuer_that_was_never_reached_is_no_fault_of_the_caller(doors: FastAPI, issuer: Issuer) -> None:
    issuer.go_down()
    answer = await get(doors, issuer.token())
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert 25 <= int(answer.headers["Retry-After"]) <= 30
    assert "WWW-Authenticate" not in answer.headers


async def test_a_flood_of_unknown_key_ids_reaches_the_issuer_once(doors: FastAPI, issuer: Issuer) -> None:
    for number in range(20):
        assert (await get(doors, issuer.token(f"unknown-{number}"))).status_code == 401
    assert len(issuer.asked) == 1


async def test_tokens_go_on_being_accepted_while_the_issuer_is_down(doors: FastAPI, issuer: Issuer) -> None:
    assert (await get(doors, issuer.token())).status_code == 200
    issuer.go_down()
    assert (await get(doors, issuer.token("RS384"))).status_code == 200


async def test_an_issuer_that_answers_garbage_is_no_fault_of_the_caller(doors: FastAPI, issuer: Issuer) -> None:
    issuer.manner = lambda handler: reply(handler, b"<html>")
    assert (await get(doors, issuer.token())).status_code == 503


async def test_two_issuers_are_trusted_each_with_its_own_keys(
    issuer: Issuer, closed_service: Service, settings: Settings
) -> None:
    with running() as second:
        second.keys = [jwk(P384, "second")]
        more = [{"issuer": one.address, "audience": AUDIENCE, "jwks_url": one.url} for one in (issuer, second)]
        app = make_app(
            closed_service, Settings.model_validate({"data_dir": settings.data_dir, "more_issuers": json.dumps(more)})
        )
        assert (await get(app, second.token("second", P384))).status_code == 200
        assert (await get(app, issuer.token())).status_code == 200
        assert (await get(app, issuer.token("second", P384))).status_code == 401
        assert (await get(app, second.token("ES384"))).status_code == 401


async def test_a_configured_issuer_ends_the_trust_in_the_development_issuer(doors: FastAPI, token: str) -> None:
    assert (await get(doors, token)).status_code == 401
