"""Each operation needs its own scope, and the contract says which."""

import json

import pytest
from fastapi import FastAPI

from app.api.development import ALL_SCOPES, issue_token
from app.settings import Settings
from tests.api.conftest import make_client

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
    "recommend": "plans:read",
    "scheduleTaper": "plans:read",
    "critique": "plans:read",
    "getKnowledge": "knowledge:read",
    "listStatements": "knowledge:read",
    "listReferences": "knowledge:read",
    "listConflicts": "knowledge:read",
    "listDrugs": "knowledge:read",
    "listConditions": "knowledge:read",
    "listAnalytes": "knowledge:read",
}


def closed_operations(app: FastAPI) -> dict[str, tuple[str, str, str]]:
    """Return operationId -> method, path and scope of every operation that needs a token."""
    return {
        operation["operationId"]: (method, path, operation["security"][0]["token"][0])
        for path, operations in json.loads(app.state.contract)["paths"].items()
        for method, operation in operations.items()
        if operation["security"]
    }


def test_the_contract_names_one_scope_per_operation(app: FastAPI) -> None:
    assert {name: scope for name, (_, _, scope) in closed_operations(app).items()} == SCOPES


@pytest.mark.parametrize("name", SCOPES)
async def test_a_token_with_every_other_scope_answers_403_and_names_the_missing_one(
    app: FastAPI, settings: Settings, name: str
) -> None:
    method, path, scope = closed_operations(app)[name]
    others = issue_token(settings, scopes=[one for one in ALL_SCOPES if one != scope])
    async with make_client(app, others) as caller:
        answer = await caller.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (403, "MISSING_SCOPE")
    assert f'scope="{scope}"' in answer.headers["WWW-Authenticate"]
