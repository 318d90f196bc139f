"""Each operation needs its own scope, and the contract says which. A new operation is tried as soon as it exists."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI

from app.api.auth import HOOK_ALGORITHMS
from app.api.scopes import ALL_SCOPES
from app.settings import Settings
from app.usecases.service import Service
from tests.api.conftest import make_app, make_client
from tests.remote.issuer import AUDIENCE, RSA, Issuer, running, sign

SCOPES = {
    "createEpisode": "episodes:write",
    "listEpisodes": "episodes:read",
    "getEpisode": "episodes:read",
    "updateEpisode": "episodes:write",
    "createAssessment": "episodes:write",
    "listAssessments": "episodes:read",
    "decidePlan": "plans:decide",
    "listDecisions": "plans:read",
    "listDueItems": "plans:read",
    "listPlans": "plans:read",
    "getPlan": "plans:read",
    "replayPlan": "plans:read",
    "recommend": "plans:read",
    "scheduleTaper": "plans:read",
    "critique": "plans:read",
    "listAuditEvents": "audit:read",
    "getKnowledge": "knowledge:read",
    "listStatements": "knowledge:read",
    "listReferences": "knowledge:read",
    "listConflicts": "knowledge:read",
    "listDrugs": "knowledge:read",
    "listConditions": "knowledge:read",
    "listAnalytes": "knowledge:read",
    "readMetrics": "ops:read",
}


class Operation(NamedTuple):
    """An operation that needs a token."""

    name: str
    method: str
    path: str
    scope: str


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running() as up:
        yield up


@pytest.fixture(scope="module")
def doors(issuer: Issuer, closed_service: Service, settings: Settings) -> FastAPI:
    """The doors of a service that trusts the issuer and whose database was never opened."""
    trusting: dict[str, Any] = {"jwt_issuer": issuer.address, "jwt_audience": AUDIENCE, "jwks_url": issuer.url}
    return make_app(closed_service, Settings(data_dir=settings.data_dir, **trusting))


def described(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and description of every operation."""
    for path, operations in json.loads(app.state.contract)["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


def closed_operations(app: FastAPI) -> list[Operation]:
    """Return every operation that needs a token."""
    return [
        Operation(operation["operationId"], method, path, operation["security"][0]["token"][0])
        for path, method, operation in described(app)
        if operation["security"]
    ]


def test_every_operation_is_open_or_names_one_known_scope(app: FastAPI) -> None:
    allowed = [[], *([{"token": [scope]}] for scope in ALL_SCOPES)]
    assert [one["operationId"] for _, _, one in described(app) if one.get("security") not in allowed] == []


def test_the_contract_names_the_scope_of_each_operation(app: FastAPI) -> None:
    assert {operation.name: operation.scope for operation in closed_operations(app)} == SCOPES


REFUSED: dict[str, Callable[[Issuer, str], str | None]] = {
    "no token": lambda _issuer, _scope: None,
    "another issuer": lambda issuer, scope: issuer.token(scope=scope, iss="https://other.example"),
    "another audience": lambda issuer, scope: issuer.token(scope=scope, aud="other"),
    "no audience": lambda issuer, scope: issuer.token(scope=scope, aud=None),
    "expired": lambda issuer, scope: issuer.token(scope=scope, exp=int(time.time()) - 100),
    "not valid yet": lambda issuer, scope: issuer.token(scope=scope, nbf=int(time.time()) + 600),
    "no tenant": lambda issuer, scope: issuer.token(scope=scope, tenant_id=None),
    "another signature": lambda issuer, scope: issuer.token(scope=scope)[:-8] + "AAAAAAAA",
    "another algorithm": lambda issuer, scope: sign(
        {"iss": issuer.address, "aud": AUDIENCE, "scope": scope}, RSA, "PS256", {"kid": "RS256"}
    ),
    "no signature": lambda issuer, scope: sign(
        {"iss": issuer.address, "aud": AUDIENCE, "scope": scope}, None, "none", {"kid": "ES384"}
    ),
}


async def answers(app: FastAPI, make: Callable[[Operation], str | None]) -> dict[str, httpx.Response]:
    """Call every closed operation with a token of its own."""
    found = {}
    for operation in closed_operations(app):
        async with make_client(app, make(operation)) as caller:
            found[operation.name] = await caller.request(operation.method, operation.path)
    return found


@pytest.mark.parametrize("wrong", REFUSED)
async def test_a_wrong_token_opens_no_door_and_every_door_answers_alike(
    doors: FastAPI, issuer: Issuer, wrong: str
) -> None:
    found = await answers(doors, lambda operation: REFUSED[wrong](issuer, operation.scope))
    assert found.keys() == SCOPES.keys()
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code != 401} == {}
    assert {answer.headers["WWW-Authenticate"] for answer in found.values()} == {'Bearer realm="rebound"'}


async def test_a_token_with_every_other_scope_answers_403_and_names_the_missing_one(
    doors: FastAPI, issuer: Issuer
) -> None:
    others = {scope: " ".join(one for one in ALL_SCOPES if one != scope) for scope in ALL_SCOPES}
    found = await answers(doors, lambda operation: issuer.token(scope=others[operation.scope]))
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code != 403} == {}
    for name, answer in found.items():
        assert "MISSING_SCOPE" in answer.text
        assert f'error="insufficient_scope", scope="{SCOPES[name]}"' in answer.headers["WWW-Authenticate"]


async def test_a_token_with_the_one_scope_opens_the_door(doors: FastAPI, issuer: Issuer) -> None:
    found = await answers(doors, lambda operation: issuer.token(scope=operation.scope))
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code in {401, 403}} == {}


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
async def test_a_hook_and_only_a_hook_refuses_what_its_own_standard_does_not_name(
    doors: FastAPI, issuer: Issuer, algorithm: str
) -> None:
    assert algorithm not in HOOK_ALGORITHMS
    found = await answers(doors, lambda operation: issuer.token(algorithm, scope=operation.scope))
    hooks = {operation.name for operation in closed_operations(doors) if operation.path.startswith("/cds-services/")}
    assert {name for name, answer in found.items() if answer.status_code == 401} == hooks
