"""Changing an episode over HTTP: nobody overwrites a version that he has not seen."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from app.api.development import issue_token
from app.settings import Settings
from tests.api.conftest import Count, posted
from tests.builders import body

WEIGHT = {"patient": {"weight_kg": 70}}


async def create(client: httpx.AsyncClient) -> str:
    """Store an episode; return its address."""
    return str((await client.post("/v1/episodes", **posted(body()))).headers["Location"])


async def change(
    client: httpx.AsyncClient, address: str, patch: Any, if_match: str | None = '"1"', **headers: str
) -> httpx.Response:
    """Send a merge patch; without a mark of its own it names the first version."""
    declared = {"Content-Type": "application/merge-patch+json"} | ({} if if_match is None else {"If-Match": if_match})
    return await client.patch(address, content=json.dumps(patch), headers=declared | headers)


async def weight(client: httpx.AsyncClient, address: str) -> float:
    return float((await client.get(address)).json()["patient"]["weight_kg"])


async def test_a_change_of_the_present_version_answers_the_next_one_with_its_plan(stored: httpx.AsyncClient) -> None:
    address = await create(stored)
    answer = await change(stored, address, WEIGHT)
    changed = answer.json()
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (changed["episode"]["revision"], changed["plan"]["revision"]) == (2, 2)
    read = await stored.get(address)
    assert (read.json(), read.headers["ETag"]) == (changed["episode"], '"2"')


async def test_the_plan_before_names_the_one_that_took_its_place(stored: httpx.AsyncClient) -> None:
    address = await create(stored)
    second = (await change(stored, address, WEIGHT)).json()["plan"]
    plans = (await stored.get(f"{address}/plans")).json()["items"]
    assert [(one["status"], one["superseded_by"]) for one in plans] == [("superseded", second["id"]), ("draft", None)]


async def test_a_change_without_a_mark_answers_428_and_changes_nothing(
    stored: httpx.AsyncClient, count_rows: Count
) -> None:
    address = await create(stored)
    answer = await change(stored, address, WEIGHT, None)
    assert (answer.status_code, answer.json()["code"]) == (428, "PRECONDITION_REQUIRED")
    assert (await weight(stored, address), await count_rows()) == (80, 2)


@pytest.mark.parametrize("mark", ['"0"', '"2"', 'W/"1"', "1", '"0", "2"', ""])
async def test_a_mark_of_another_version_answers_412_and_changes_nothing(
    stored: httpx.AsyncClient, count_rows: Count, mark: str
) -> None:
    address = await create(stored)
    answer = await change(stored, address, WEIGHT, mark)
    assert (answer.status_code, answer.json()["code"]) == (412, "PRECONDITION_FAILED")
    assert (await weight(stored, address), await count_rows()) == (80, 2)


async def test_a_mark_that_was_the_present_one_a_moment_ago_is_stale(stored: httpx.AsyncClient) -> None:
    address = await create(stored)
    assert (await change(stored, address, WEIGHT)).status_code == 200
    assert (await change(stored, address, {"patient": {"weight_kg": 60}})).status_code == 412
    assert await weight(stored, address) == 70


@pytest.mark.parametrize("mark", ['"1"', "*", '"0", "1"', '"1","7"'])
async def test_a_list_that_holds_the_present_mark_and_a_star_let_the_change_through(
    stored: httpx.AsyncClient, mark: str
) -> None:
    address = await create(stored)
    assert (await change(stored, address, WEIGHT, mark)).status_code == 200
    assert await weight(stored, address) == 70


async def test_a_mark_longer_than_any_list_of_versions_is_refused(stored: httpx.AsyncClient) -> None:
    answer = await change(stored, await create(stored), WEIGHT, '"1", ' * 101)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_PARAMETER")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/header/If-Match"]


@pytest.mark.parametrize("callers", [2, 8])
async def test_of_changes_at_the_same_moment_exactly_one_wins(stored: httpx.AsyncClient, callers: int) -> None:
    address = await create(stored)
    sent = [{"patient": {"weight_kg": 60 + number}} for number in range(callers)]
    answers = await asyncio.gather(*(change(stored, address, patch) for patch in sent))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (callers - 1)
    won = next(number for number, answer in enumerate(answers) if answer.is_success)
    assert await weight(stored, address) == 60 + won
    assert [one["revision"] for one in (await stored.get(f"{address}/plans")).json()["items"]] == [1, 2]


async def test_of_changes_at_the_same_moment_that_name_any_version_all_are_made_in_turn(
    stored: httpx.AsyncClient,
) -> None:
    address = await create(stored)
    answers = await asyncio.gather(*(change(stored, address, WEIGHT, "*") for _ in range(4)))
    assert sorted(answer.headers["ETag"] for answer in answers) == ['"2"', '"3"', '"4"', '"5"']


@pytest.mark.parametrize("mark", [None, '"1"', "*"])
async def test_the_episode_of_another_tenant_is_not_found_whatever_the_mark(
    stored: httpx.AsyncClient, settings: Settings, mark: str | None
) -> None:
    address = await create(stored)
    other = f"Bearer {issue_token(settings, tenant='other')}"
    answer = await change(stored, address, WEIGHT, mark, Authorization=other)
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert await weight(stored, address) == 80


async def test_facts_that_cannot_be_leave_the_version_as_it_was(stored: httpx.AsyncClient) -> None:
    address = await create(stored)
    refused = [
        await change(stored, address, {"patient": {"weight_kg": 1}}),
        await change(stored, address, {"patient": None}),
        await change(stored, address, {"labs": [{**body()["labs"][0], "unit": "mg/dL"}]}),
    ]
    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert (await stored.get(address)).headers["ETag"] == '"1"'
    assert (await change(stored, address, WEIGHT)).status_code == 200
