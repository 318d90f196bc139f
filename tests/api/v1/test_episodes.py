"""Episodes over HTTP on a real database."""

from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from app.api.development import issue_token
from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.store.engine import Database
from app.usecases.service import Service
from tests.api.conftest import NOW, make_app, make_client, posted
from tests.builders import body


async def create(client: httpx.AsyncClient, **changes: Any) -> Any:
    answer = await client.post("/v1/episodes", **posted(body(**changes)))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_new_episode_answers_with_its_plan_its_address_and_its_version(stored: httpx.AsyncClient) -> None:
    answer = await stored.post("/v1/episodes", **posted(body()))
    created = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/episodes/{created['episode']['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert created["plan"]["episode_id"] == created["episode"]["id"]
    assert (created["plan"]["revision"], created["plan"]["status"]) == (1, "draft")


async def test_an_episode_is_read_as_it_was_answered(stored: httpx.AsyncClient) -> None:
    created = await create(stored)
    answer = await stored.get(f"/v1/episodes/{created['episode']['id']}")
    assert answer.json() == created["episode"]
    assert answer.headers["ETag"] == '"1"'


async def test_the_facts_come_back_as_they_were_sent(stored: httpx.AsyncClient) -> None:
    sent = body()
    episode = (await create(stored))["episode"]
    assert {name: episode[name] for name in sent} == sent


async def test_a_caller_who_holds_the_episode_gets_no_body(stored: httpx.AsyncClient) -> None:
    created = await create(stored)
    address = f"/v1/episodes/{created['episode']['id']}"
    answer = await stored.get(address, headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_a_plan_and_the_list_of_plans_agree(stored: httpx.AsyncClient) -> None:
    created = await create(stored)
    plan = (await stored.get(f"/v1/plans/{created['plan']['id']}")).json()
    listed = (await stored.get(f"/v1/episodes/{created['episode']['id']}/plans")).json()
    assert plan == created["plan"]
    assert listed == {"items": [plan], "next": None}


async def test_a_plan_is_answered_in_json_only(stored: httpx.AsyncClient) -> None:
    created = await create(stored)
    answer = await stored.get(f"/v1/plans/{created['plan']['id']}", headers={"Accept": "text/calendar"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NOT_ACCEPTABLE")


async def test_pages_follow_each_other_to_the_end(stored: httpx.AsyncClient) -> None:
    ids = [(await create(stored, patient={"reference": f"p{number}"}))["episode"]["id"] for number in range(3)]
    first = (await stored.get("/v1/episodes?limit=2")).json()
    second = (await stored.get("/v1/episodes", params={"limit": 2, "cursor": first["next"]})).json()
    assert [item["id"] for item in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None


async def test_a_list_is_narrowed_by_patient_condition_and_status(stored: httpx.AsyncClient) -> None:
    wanted = (await create(stored, patient={"reference": "wanted"}))["episode"]["id"]
    await create(stored, patient={"reference": "other"})
    query = {"patient_reference": "wanted", "condition": "autoimmune_hepatitis", "status": "active"}
    listed = (await stored.get("/v1/episodes", params=query)).json()
    assert [item["id"] for item in listed["items"]] == [wanted]


@pytest.mark.parametrize("cursor", ["x", "%00", "AAAA", "!!!!"])
async def test_a_cursor_that_was_not_issued_is_refused(stored: httpx.AsyncClient, cursor: str) -> None:
    answer = await stored.get(f"/v1/episodes?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_CURSOR")


@pytest.mark.parametrize("address", ["/v1/episodes/{id}", "/v1/episodes/{id}/plans", "/v1/plans/{id}"])
@pytest.mark.parametrize("unknown", ["0198c0de-0000-7000-8000-000000000000", "not-an-id", "%00", "1"])
async def test_an_id_that_names_nothing_is_not_found(stored: httpx.AsyncClient, address: str, unknown: str) -> None:
    answer = await stored.get(address.replace("{id}", unknown))
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_what_belongs_to_another_tenant_looks_like_nothing(stored: httpx.AsyncClient, settings: Settings) -> None:
    created = await create(stored)
    other = {"Authorization": f"Bearer {issue_token(settings, tenant='other')}"}
    for address in (
        f"/v1/episodes/{created['episode']['id']}",
        f"/v1/episodes/{created['episode']['id']}/plans",
        f"/v1/plans/{created['plan']['id']}",
    ):
        assert (await stored.get(address, headers=other)).status_code == 404
    assert (await stored.get("/v1/episodes", headers=other)).json() == {"items": [], "next": None}


async def test_everything_is_committed_before_the_answer_begins(
    database: Database, kb: KnowledgeBase, settings: Settings, token: str
) -> None:
    app = make_app(Service(database, kb, lambda: NOW), settings)
    seen: list[int] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def look_first(message: Message) -> None:
            if message["type"] == "http.response.start":
                async with make_client(app, token) as onlooker:
                    seen.append(len((await onlooker.get("/v1/episodes")).json()["items"]))
            await send(message)

        await app(scope, receive, look_first)

    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(watched), base_url="http://doors") as client:
        await client.post("/v1/episodes", content=posted(body())["content"], headers=headers | posted({})["headers"])
    assert seen == [1]


async def test_without_a_database_the_answer_says_when_to_try_again(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/episodes", **posted(body()))
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert answer.headers["Retry-After"] == "5"
