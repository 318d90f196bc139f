"""What the wire refuses: a problem with a pointer, nothing stored, nothing of the value repeated."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests.api.conftest import Count, make_client, posted
from tests.builders import body, lab

MARK = "SECRETVALUE"

INVALID: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown property": ({"patient": {"surname": MARK}}, "/patient/surname"),
    "an unknown property of the episode": ({"comment": MARK}, "/comment"),
    "an unknown unit": ({"labs": [lab("alt", 160, MARK)]}, "/labs/0/unit"),
    "an empty unit": ({"labs": [lab("alt", 160, "")]}, "/labs/0/unit"),
    "an unknown analyte": ({"labs": [lab(MARK, 160, "U/L")]}, "/labs/0/analyte"),
    "an unknown word": ({"patient": {"sex": MARK}}, "/patient/sex"),
    "U+0000": ({"patient": {"reference": f"{MARK}\0"}}, "/patient/reference"),
    "a weight just too low": ({"patient": {"weight_kg": 24.99}}, "/patient/weight_kg"),
    "a weight just too high": ({"patient": {"weight_kg": 350.01}}, "/patient/weight_kg"),
    "a result from the future": ({"labs": [lab("alt", 160, "U/L", "2026-03-11")]}, "/labs/0/collected_at"),
    "an instant without a zone": (
        {"labs": [lab("alt", 160, "U/L", collected_at="2026-03-10T06:00:00")]},
        "/labs/0/collected_at",
    ),
    "a missing required property": ({"patient": {"sex": None}}, "/patient/sex"),
    "a missing required object": ({"condition": None}, "/condition"),
    "false for a number": ({"patient": {"weight_kg": False}}, "/patient/weight_kg"),
    "empty text for a number": ({"patient": {"weight_kg": ""}}, "/patient/weight_kg"),
    "a number as text": ({"patient": {"weight_kg": "80"}}, "/patient/weight_kg"),
    "a number for text": ({"patient": {"reference": 80}}, "/patient/reference"),
    "one for true": ({"condition": {"variceal_bleed": 1}}, "/condition/variceal_bleed"),
    "a result out of its plausible range": ({"labs": [lab("inr", 900, "{INR}")]}, "/labs/0/value"),
    "one sample with two values": ({"labs": [lab("wbc", 2.4, "10*9/L"), lab("wbc", 6.0, "10*9/L")]}, "/labs/1"),
    "a day that does not exist": ({"as_of": "2026-02-30"}, "/as_of"),
}

MALFORMED = {
    "nothing": (b"", "MALFORMED_JSON"),
    "half a document": (b'{"patient": ', "MALFORMED_JSON"),
    "not a number": (b'{"patient": NaN}', "MALFORMED_JSON"),
    "a lone surrogate": (b'{"patient": "\\ud800"}', "MALFORMED_JSON"),
    "a property twice": (b'{"patient": 1, "patient": 2}', "DUPLICATE_PROPERTY"),
    "a tower of lists": (b"[" * 100 + b"]" * 100, "NESTED_TOO_DEEPLY"),
}

ADDRESSES = ("/v1/episodes", "/v1/recommendations")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("case", INVALID)
async def test_an_invalid_episode_is_refused_with_its_pointer_and_not_stored(
    stored: httpx.AsyncClient, count_rows: Count, address: str, case: str
) -> None:
    changes, at = INVALID[case]
    answer = await stored.post(address, **posted(body(**changes)))
    assert answer.status_code == answer.json()["status"] == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert at in [fault["pointer"] for fault in answer.json()["errors"]]
    assert MARK not in answer.text
    assert await count_rows() == 0


@pytest.mark.parametrize("case", MALFORMED)
async def test_what_is_not_strict_json_is_refused(client: httpx.AsyncClient, case: str) -> None:
    raw, code = MALFORMED[case]
    answer = await client.post("/v1/episodes", **posted(raw))
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("value", [[], 1, "text", None, True])
async def test_json_that_is_no_object_is_refused_as_a_whole(client: httpx.AsyncClient, value: Any) -> None:
    answer = await client.post("/v1/episodes", **posted(value))
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"], fault["code"]) == (422, "", "WRONG_TYPE")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/merge-patch+json"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {},
    ],
)
async def test_a_body_that_is_not_declared_as_plain_json_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await client.post("/v1/recommendations", content=json.dumps(body()), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], "`application/json`" in fault["message"]) == ("/header/Content-Type", True)
    assert "Accept-Patch" not in answer.headers


@pytest.mark.parametrize(
    "declared", ["application/json", "text/plain", "application/merge-patch+json; charset=latin-1"]
)
async def test_a_patch_of_another_type_is_told_the_one_that_is_read(client: httpx.AsyncClient, declared: str) -> None:
    sent = {"Content-Type": declared, "If-Match": "*"}
    answer = await client.patch(f"/v1/episodes/{uuid4()}", content="{}", headers=sent)
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, "`application/merge-patch+json`" in fault["message"]) == (415, True)
    assert answer.headers["Accept-Patch"] == "application/merge-patch+json"


@pytest.mark.parametrize("declared", ["application/json", "Application/JSON", 'application/json; charset="UTF-8"'])
async def test_json_may_be_declared_in_every_usual_way(client: httpx.AsyncClient, declared: str) -> None:
    answer = await client.post("/v1/recommendations", content="{", headers={"Content-Type": declared})
    assert answer.json()["code"] == "MALFORMED_JSON"


async def test_the_longest_body_is_read_and_one_byte_more_is_not(client: httpx.AsyncClient, settings: Settings) -> None:
    limit = settings.max_body_bytes
    fits, too_large = [await client.post("/v1/tapers", **posted(b" " * size)) for size in (limit, limit + 1)]
    assert (fits.status_code, too_large.status_code) == (400, 413)
    assert too_large.json()["code"] == "BODY_TOO_LARGE"


async def test_a_body_of_unknown_length_is_measured_while_it_comes(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(settings.max_body_bytes // 1024 + 1):
            yield b" " * 1024

    headers = {"Content-Type": "application/json"}
    answer = await client.post("/v1/tapers", content=chunks(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("limit=0", "/query/limit"),
        ("limit=101", "/query/limit"),
        ("limit=many", "/query/limit"),
        (f"condition={MARK}", "/query/condition"),
        (f"status={MARK}", "/query/status"),
        (f"unheard_of={MARK}", "/query/unheard_of"),
        ("patient_reference=", "/query/patient_reference"),
        ("patient_reference=%00", "/query/patient_reference"),
        ("cursor=" + "x" * 501, "/query/cursor"),
    ],
)
async def test_a_parameter_that_is_not_accepted_is_named(client: httpx.AsyncClient, query: str, at: str) -> None:
    answer = await client.get(f"/v1/episodes?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_PARAMETER")
    assert at in [fault["pointer"] for fault in answer.json()["errors"]]
    assert MARK not in answer.text


@pytest.mark.parametrize(
    ("method", "address", "status", "allow"),
    [
        ("DELETE", "/v1/episodes", 405, "GET, HEAD, POST"),
        ("PUT", "/v1/recommendations", 405, "POST"),
        ("GET", "/v1/tapers", 405, "POST"),
        ("GET", "/v1/unheard-of", 404, None),
        ("GET", "/v1/episodes/", 404, None),
    ],
)
async def test_an_address_or_method_that_does_not_exist_is_a_problem(
    client: httpx.AsyncClient, method: str, address: str, status: int, allow: str | None
) -> None:
    answer = await client.request(method, address)
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers.get("Allow") == allow


async def test_without_a_token_every_operation_but_the_open_ones_answers_401(app: FastAPI) -> None:
    contract = json.loads(app.state.contract)
    async with make_client(app) as stranger:
        for address, operations in contract["paths"].items():
            for method, operation in operations.items():
                answer = await stranger.request(method, address.replace("{code}", "NOT_FOUND"))
                is_open = operation["security"] == [] if "security" in operation else False
                assert (answer.status_code != 401) is is_open, address


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer x.y.z", "Token abc"])
async def test_a_token_that_cannot_be_read_answers_401_with_a_challenge(app: FastAPI, sent: str) -> None:
    async with make_client(app) as stranger:
        answer = await stranger.get("/v1/knowledge", headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="rebound"'
    assert answer.json()["errors"] == []


async def test_two_authorization_headers_are_refused(app: FastAPI, token: str) -> None:
    async with make_client(app) as stranger:
        twice = [("Authorization", f"Bearer {token}")] * 2
        assert (await stranger.get("/v1/knowledge", headers=twice)).status_code == 401
