"""Keys that make a creating request safe to send again."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.api.development import issue_token
from app.settings import Settings
from app.store.engine import Database
from app.store.idempotency import take_turn
from app.store.rows import Attempt
from tests.api.conftest import Count, posted
from tests.builders import DAY, body, labs

KEY = "8f14e45f-ceea-4670-9d1c-2b7a1f0c5d11"
ASSESSMENT = {"assessed_on": DAY, "labs": labs(), "findings": []}
ACCEPT = {"action": "accept", "option_id": "prednisone_azathioprine"}

CHANGED: dict[str, dict[str, Any]] = {
    "createEpisode": {"comorbidities": ["hypertension"]},
    "createAssessment": {"adherence_confirmed": True},
    "decidePlan": {"note": "Discussed."},
}


def keyed(sent: Any, key: str = KEY, **headers: str) -> dict[str, Any]:
    """Return the arguments of a request that posts `sent` as JSON under a key."""
    arguments = posted(sent)
    return arguments | {"headers": arguments["headers"] | {"Idempotency-Key": key} | headers}


async def addresses(client: httpx.AsyncClient) -> dict[str, tuple[str, Any]]:
    """Return address and body of a request to each route that takes a key."""
    created = (await client.post("/v1/episodes", **posted(body()))).json()
    return {
        "createEpisode": ("/v1/episodes", body()),
        "createAssessment": (f"/v1/episodes/{created['episode']['id']}/assessments", ASSESSMENT),
        "decidePlan": (f"/v1/plans/{created['plan']['id']}/decisions", ACCEPT),
    }


def without_marks(headers: httpx.Headers) -> dict[str, str]:
    """Return the headers of an answer but those that name this very request."""
    return {name: value for name, value in headers.items() if name not in {"x-request-id", "idempotency-replayed"}}


KEYED = ("createEpisode", "createAssessment", "decidePlan")


def test_every_creating_operation_that_stores_takes_a_key_and_says_so(app: FastAPI) -> None:
    operations = {
        operation["operationId"]: operation
        for path in json.loads(app.state.contract)["paths"].values()
        for operation in path.values()
        if "201" in operation["responses"]
    }
    assert set(operations) == set(KEYED)
    for operation in operations.values():
        assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}
        assert "Idempotency-Replayed" in operation["responses"]["201"]["headers"]
        for status, code in (("409", "IDEMPOTENCY_IN_FLIGHT"), ("422", "IDEMPOTENCY_MISMATCH")):
            assert code in operation["responses"][status]["content"]["application/problem+json"]["examples"]


@pytest.mark.parametrize("name", KEYED)
async def test_the_same_request_again_gets_the_first_answer_whole_and_stores_nothing(
    stored: httpx.AsyncClient, count_rows: Count, name: str
) -> None:
    address, sent = (await addresses(stored))[name]
    first = await stored.post(address, **keyed(sent))
    rows = await count_rows()
    again = await stored.post(address, **keyed(sent))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert without_marks(again.headers) == without_marks(first.headers)
    assert "ETag" in first.headers
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await count_rows() == rows


@pytest.mark.parametrize("name", KEYED)
async def test_the_same_key_with_another_body_is_refused(
    stored: httpx.AsyncClient, count_rows: Count, name: str
) -> None:
    address, sent = (await addresses(stored))[name]
    await stored.post(address, **keyed(sent))
    rows = await count_rows()
    answer = await stored.post(address, **keyed(sent | CHANGED[name]))
    assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_MISMATCH")
    assert await count_rows() == rows


async def test_a_body_that_differs_in_white_space_is_another_body(stored: httpx.AsyncClient) -> None:
    text = json.dumps(body()).encode()
    await stored.post("/v1/episodes", **keyed(text))
    answer = await stored.post("/v1/episodes", **keyed(text + b" "))
    assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_MISMATCH")


async def test_a_media_type_may_be_spelled_in_another_way(stored: httpx.AsyncClient) -> None:
    await stored.post("/v1/episodes", **keyed(body()))
    spelled = {"Content-Type": "Application/JSON; charset=utf-8"}
    answer = await stored.post("/v1/episodes", **keyed(body(), **spelled))
    assert (answer.status_code, answer.headers["Idempotency-Replayed"]) == (201, "true")


async def test_while_the_first_is_answered_the_next_is_told_when_to_come_back(
    stored: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction("demo") as connection:
        assert await take_turn(connection, "demo", Attempt("POST /v1/episodes", KEY, ""))
        answer = await stored.post("/v1/episodes", **keyed(body()))
    assert (answer.status_code, answer.json()["code"]) == (409, "IDEMPOTENCY_IN_FLIGHT")
    assert answer.headers["Retry-After"] == "1"
    assert (await stored.post("/v1/episodes", **keyed(body()))).status_code == 201


async def test_a_refused_request_may_be_corrected_under_its_key(stored: httpx.AsyncClient) -> None:
    wrong = [body(patient={"weight_kg": 1}), body(labs=[{**labs()[0], "unit": "mg/dL"}]), b"{"]
    refused = [await stored.post("/v1/episodes", **keyed(sent)) for sent in wrong]
    assert [answer.status_code for answer in refused] == [422, 422, 400]
    answer = await stored.post("/v1/episodes", **keyed(body()))
    assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False)


async def test_a_decision_refused_by_the_state_may_be_sent_again_when_the_state_allows_it(
    stored: httpx.AsyncClient,
) -> None:
    address, sent = (await addresses(stored))["decidePlan"]
    await stored.post(address, **posted(sent))
    assert (await stored.post(address, **keyed(sent))).json()["code"] == "PLAN_ALREADY_ACCEPTED"
    await stored.post(address, **posted({"action": "decline", "option_id": sent["option_id"]}))
    assert (await stored.post(address, **keyed(sent))).status_code == 201


async def test_one_key_on_two_routes_and_on_two_episodes_is_several_requests(stored: httpx.AsyncClient) -> None:
    for _ in range(2):
        wanted = await addresses(stored)
        for name in ("createAssessment", "decidePlan"):
            address, sent = wanted[name]
            if name == "decidePlan":  # the assessment has made the next plan
                plans = (await stored.get(wanted["createAssessment"][0].replace("assessments", "plans"))).json()
                address = f"/v1/plans/{plans['items'][-1]['id']}/decisions"
            answer = await stored.post(address, **keyed(sent))
            assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False), answer.text


async def test_one_key_of_two_tenants_is_two_requests(stored: httpx.AsyncClient, settings: Settings) -> None:
    other = f"Bearer {issue_token(settings, tenant='other')}"
    first = await stored.post("/v1/episodes", **keyed(body()))
    second = await stored.post("/v1/episodes", **keyed(body(), Authorization=other))
    assert "Idempotency-Replayed" not in second.headers
    assert first.json()["episode"]["id"] != second.json()["episode"]["id"]


async def test_an_id_written_in_another_way_is_the_same_path(stored: httpx.AsyncClient) -> None:
    address, sent = (await addresses(stored))["createAssessment"]
    await stored.post(address, **keyed(sent))
    _, _, _, name, last = address.split("/")
    answer = await stored.post(f"/v1/episodes/{name.upper()}/{last}", **keyed(sent))
    assert answer.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["k", "k" * 255, "!~", '"quoted"'])
async def test_a_key_is_any_visible_text_up_to_its_length(stored: httpx.AsyncClient, key: str) -> None:
    first, again = [await stored.post("/v1/episodes", **keyed(body(), key)) for _ in range(2)]
    assert (first.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")


@pytest.mark.parametrize("key", ["", "k" * 256, "two words", "ta\tb", "\x7f", "\xe9"])
async def test_any_other_key_is_refused_and_nothing_is_stored(
    stored: httpx.AsyncClient, count_rows: Count, key: str
) -> None:
    headers: Any = [(b"Content-Type", b"application/json"), (b"Idempotency-Key", key.encode("latin-1"))]
    answer = await stored.post("/v1/episodes", content=posted(body())["content"], headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_PARAMETER")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/header/Idempotency-Key"]
    assert await count_rows() == 0


async def test_two_keys_on_one_request_are_refused(stored: httpx.AsyncClient, count_rows: Count) -> None:
    headers: Any = [("Content-Type", "application/json"), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = await stored.post("/v1/episodes", content=posted(body())["content"], headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "SENT_TWICE")
    assert await count_rows() == 0
