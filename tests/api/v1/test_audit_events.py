"""The audit log over HTTP."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.api.contract import example
from tests.api.conftest import posted


async def events(caller: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await caller.get("/v1/audit-events", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def submit(caller: httpx.AsyncClient, request_id: str) -> dict[str, Any]:
    sent = posted(example("minimal"))
    sent["headers"]["X-Request-Id"] = request_id
    created: dict[str, Any] = (await caller.post("/v1/episodes", **sent)).json()
    return created


async def test_an_event_tells_who_did_what_to_which_record_in_which_request(stored: httpx.AsyncClient) -> None:
    created = await submit(stored, "request-0001")
    (event,) = await events(stored)
    assert (event["subject"], event["client"], event["request_id"]) == ("development", None, "request-0001")
    assert (event["action"], event["resource_type"], event["outcome"]) == ("create", "episode", "success")
    assert event["resource_id"] == event["episode_id"] == created["episode"]["id"]
    assert event["related_ids"] == [created["plan"]["id"]]
    assert event["at"].endswith("Z")


async def test_looking_at_the_log_is_in_the_log(stored: httpx.AsyncClient) -> None:
    assert await events(stored) == []
    (event,) = await events(stored)
    assert (event["action"], event["resource_type"], event["outcome"]) == ("search", "audit_event", "success")


async def test_pages_go_on_where_the_last_one_ended_and_show_no_event_twice(stored: httpx.AsyncClient) -> None:
    for number in range(5):
        await submit(stored, f"request-000{number}")
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    for _ in range(3):
        page = (await stored.get("/v1/audit-events", params={"limit": 2, "action": "create", **cursor})).json()
        seen += [event["request_id"] for event in page["items"]]
        cursor = {"cursor": page["next"]}
    assert seen == [f"request-000{number}" for number in (4, 3, 2, 1, 0)]
    assert cursor == {"cursor": None}


async def test_each_filter_narrows_the_list(stored: httpx.AsyncClient) -> None:
    first, second = [await submit(stored, f"request-000{number}") for number in range(2)]
    await stored.get(f"/v1/plans/{first['plan']['id']}")
    of_first = await events(stored, resource_id=first["episode"]["id"])
    assert [event["action"] for event in of_first] == ["read", "create"]
    assert [event["action"] for event in await events(stored, resource_id=second["plan"]["id"])] == ["create"]
    assert len(await events(stored, action="create")) == 2
    assert await events(stored, subject="somebody-else") == []
    at = datetime.fromisoformat(of_first[0]["at"])
    assert await events(stored, until=of_first[0]["at"], action="read") == []
    assert len(await events(stored, until=(at + timedelta(microseconds=1)).isoformat(), action="read")) == 1
    assert len(await events(stored, **{"from": of_first[0]["at"], "action": "read"})) == 1
    assert await events(stored, **{"from": (at + timedelta(microseconds=1)).isoformat(), "action": "read"}) == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("cursor=abc", 400, "INVALID_CURSOR"),
        ("cursor=MA", 400, "INVALID_CURSOR"),
        ("limit=0", 422, "INVALID_PARAMETER"),
        ("action=delete", 422, "INVALID_PARAMETER"),
        ("from=yesterday", 422, "INVALID_PARAMETER"),
        ("until=2026-03-10T00:00:00", 422, "INVALID_PARAMETER"),
        ("resource_id=1", 422, "INVALID_PARAMETER"),
        ("since=2026-03-10T00:00:00Z", 422, "INVALID_PARAMETER"),
    ],
)
async def test_a_query_that_cannot_be_is_refused(stored: httpx.AsyncClient, query: str, status: int, code: str) -> None:
    answer = await stored.get(f"/v1/audit-events?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_cursor_beyond_every_number_is_refused(stored: httpx.AsyncClient) -> None:
    too_large = "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ"
    assert (await stored.get(f"/v1/audit-events?cursor={too_large}")).json()["code"] == "INVALID_CURSOR"


async def test_an_id_that_nobody_touched_has_no_events(stored: httpx.AsyncClient) -> None:
    assert await events(stored, resource_id=str(uuid4())) == []
