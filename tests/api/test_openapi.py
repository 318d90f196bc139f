"""The contract: current, complete, true, and free of what the framework would add."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from openapi_spec_validator import validate

from app.api.contract import EXAMPLES
from app.api.openapi import build_openapi, render_openapi_yaml

COMMITTED = Path(__file__).parents[2] / "openapi"
OPERATIONS = {
    "discover",
    "explainProblem",
    "createEpisode",
    "listEpisodes",
    "getEpisode",
    "replayPlan",
    "updateEpisode",
    "createAssessment",
    "listAssessments",
    "decidePlan",
    "listDecisions",
    "listDueItems",
    "listPlans",
    "getPlan",
    "recommend",
    "scheduleTaper",
    "critique",
    "getKnowledge",
    "listStatements",
    "listReferences",
    "listConflicts",
    "listDrugs",
    "listConditions",
    "listAnalytes",
    "checkAlive",
    "checkReady",
    "readMetrics",
    "listAuditEvents",
}


@pytest.fixture(scope="module")
def contract(app: FastAPI) -> dict[str, Any]:
    return build_openapi(app)


@pytest.fixture(scope="module")
def written(app: FastAPI) -> str:
    """The contract as YAML, which takes a second to write."""
    return render_openapi_yaml(app)


def operations(contract: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in contract["paths"].values():
        yield from path.values()


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object inside a document."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for child in value if isinstance(value, list) else ():
        yield from nodes(child)


def test_the_committed_contract_is_the_one_the_code_writes(written: str) -> None:
    assert (COMMITTED / "openapi.yaml").read_text("utf-8") == written


def test_the_committed_examples_are_the_ones_the_code_ships() -> None:
    shipped = {file.name: file.read_text("utf-8") for file in EXAMPLES.iterdir() if file.name.endswith(".json")}
    assert {file.name: file.read_text("utf-8") for file in (COMMITTED / "examples").iterdir()} == shipped


def test_the_contract_is_valid_openapi_3_1(contract: dict[str, Any]) -> None:
    assert contract["openapi"].startswith("3.1")
    validate(contract)


def test_the_same_code_writes_the_same_contract(app: FastAPI) -> None:
    assert json.dumps(build_openapi(app)) == json.dumps(build_openapi(app))


def test_yaml_and_json_say_the_same(app: FastAPI, contract: dict[str, Any], written: str) -> None:
    assert yaml.load(written, yaml.CSafeLoader) == contract == json.loads(app.state.contract)


def test_the_names_of_operations_are_frozen(contract: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(contract)]
    assert sorted(names) == sorted(OPERATIONS)


def test_every_operation_is_described_tagged_and_short(contract: dict[str, Any]) -> None:
    known = [tag["name"] for tag in contract["tags"]]
    for operation in operations(contract):
        assert len(operation["summary"]) <= 60
        assert operation["description"]
        assert len(operation["tags"]) == 1
        assert operation["tags"][0] in known


def test_every_operation_shows_an_answer_and_a_refusal(contract: dict[str, Any]) -> None:
    for operation in operations(contract):
        shown = {
            status: content["examples"]
            for status, answer in operation["responses"].items()
            for content in answer.get("content", {}).values()
        }
        assert all(shown.values())
        assert {status[0] for status in shown} >= {"2", "4"}


def test_every_refusal_is_a_problem(contract: dict[str, Any]) -> None:
    for operation in operations(contract):
        for status, answer in operation["responses"].items():
            if status[0] in "45":
                (media_type,) = answer["content"]
                assert media_type == "application/problem+json"
                assert answer["content"][media_type]["schema"]["$ref"].endswith("/Problem")


def test_nothing_of_the_frameworks_own_refusals_is_left(contract: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in json.dumps(contract)


def test_every_reference_leads_somewhere(contract: dict[str, Any]) -> None:
    for node in nodes(contract["paths"] | contract["components"]["schemas"]):
        if "$ref" in node:
            _, section, kind, name = node["$ref"].split("/")
            assert name in contract[section][kind]


def test_request_bodies_refuse_unknown_properties_at_every_level(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    waiting, seen = ["Episode", "TaperRequest", "CritiqueRequest"], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        assert schemas[name]["additionalProperties"] is False
        names = {node["$ref"].rpartition("/")[2] for node in nodes(schemas[name]) if "$ref" in node}
        waiting += names - seen
    assert {"Patient", "Condition", "LabResult"} <= seen


def test_answers_may_grow_and_promise_every_property(contract: dict[str, Any]) -> None:
    for name in ("Plan", "Taper", "Problem", "Citation", "EpisodeCreated"):
        schema = contract["components"]["schemas"][name]
        assert "additionalProperties" not in schema
        assert schema["required"] == list(schema["properties"])


def test_what_was_not_sent_stays_absent_in_a_kept_episode(contract: dict[str, Any]) -> None:
    required = contract["components"]["schemas"]["EpisodeResource"]["required"]
    assert {"id", "patient", "condition"} <= set(required)
    assert "flare" not in required


def test_open_operations_say_so(contract: dict[str, Any]) -> None:
    is_open = {operation["operationId"] for operation in operations(contract) if operation["security"] == []}
    assert is_open == {"discover", "explainProblem", "checkAlive", "checkReady"}


def test_the_server_is_wherever_the_contract_came_from(contract: dict[str, Any]) -> None:
    assert [server["url"] for server in contract["servers"]] == ["/"]


@pytest.mark.parametrize(
    "chapter",
    [
        "Use this API to",
        "You cannot use it to",
        "Words for outcomes",
        "Access",
        "Errors",
        "Requests",
        "Numbers and rounding",
        "Codes",
        "Versions",
    ],
)
def test_the_introduction_has_its_chapters(contract: dict[str, Any], chapter: str) -> None:
    assert re.search(rf"^## {chapter}$", contract["info"]["description"], re.MULTILINE)


def test_examples_of_bodies_are_shown_as_shipped(contract: dict[str, Any]) -> None:
    for path in ("/v1/episodes", "/v1/recommendations", "/v1/tapers", "/v1/critiques"):
        shown = contract["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]
        for name, example in shown.items():
            assert example["value"] == json.loads(EXAMPLES.joinpath(f"{name}.json").read_text("utf-8"))
