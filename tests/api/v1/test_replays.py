"""Replays over HTTP, with two versions of the knowledge side by side."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from jsonschema_rs import Draft202012Validator
from uuid_utils.compat import uuid7

from app import __version__
from app.api.contract import example
from app.api.development import issue_token
from app.clinical.replay import Replay
from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.store.engine import Database
from app.usecases.service import Service
from tests.api.conftest import NOW, make_app, make_client, posted
from tests.builders import body
from tests.knowledge.shipped import version

DOSE = "options[prednisone_azathioprine].medications[prednisone].dose_mg_per_day"
NEXT = "9.0.0"
LOWER = {"prednisone_combination_mg": "25"}


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The shipped knowledge as a next version with one lower dose."""
    return version(tmp_path_factory.mktemp("knowledge"), NEXT, **LOWER)


@pytest_asyncio.fixture
async def upgraded(
    database: Database, kb: KnowledgeBase, newer: KnowledgeBase, settings: Settings, token: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the same database after an upgrade: the next version decides, the shipped one is kept beside it."""
    service = Service(database, newer, lambda: NOW, earlier=(kb,))
    async with make_client(make_app(service, settings), token) as caller:
        yield caller


async def created(client: httpx.AsyncClient, **changes: Any) -> Any:
    answer = await client.post("/v1/episodes", **posted(body(**changes)))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def replayed(client: httpx.AsyncClient, plan_id: str, **query: str) -> Replay:
    answer = await client.post(f"/v1/plans/{plan_id}/replay", params=query)
    assert answer.status_code == 200, answer.text
    return Replay.model_validate_json(answer.content)


async def test_a_plan_is_decided_again_and_is_the_same(stored: httpx.AsyncClient, kb: KnowledgeBase) -> None:
    plan = (await created(stored))["plan"]
    found = await replayed(stored, plan["id"])
    assert found.identical
    assert found.differences == ()
    assert found.output_digest.stored == found.output_digest.replayed == plan["output_digest"]
    assert found.engine.stored == found.engine.replayed == __version__
    assert found.knowledge.stored == found.knowledge.replayed
    assert (found.knowledge.stored.version, found.knowledge.stored.digest) == (kb.manifest.version, kb.digest)


async def test_every_revision_of_a_course_is_decided_again_and_is_the_same(stored: httpx.AsyncClient) -> None:
    first = await created(stored, **example("typical"))
    episode, plan = first["episode"]["id"], first["plan"]["id"]
    await stored.post(f"/v1/plans/{plan}/decisions", **posted(example("decision_accept")))
    for name in ("assessment_two_weeks", "assessment_remission"):
        answer = await stored.post(f"/v1/episodes/{episode}/assessments", **posted(example(name)))
        assert answer.status_code == 201, answer.text
    revisions = (await stored.get(f"/v1/episodes/{episode}/plans")).json()["items"]
    assert len(revisions) == 3
    assert [(await replayed(stored, one["id"])).identical for one in revisions] == [True] * 3


async def test_after_an_upgrade_a_plan_is_read_with_the_version_it_was_made_with(
    stored: httpx.AsyncClient, upgraded: httpx.AsyncClient, kb: KnowledgeBase
) -> None:
    plan = (await created(stored))["plan"]
    found = await replayed(upgraded, plan["id"])
    assert found.identical
    assert (found.knowledge.choice, found.knowledge.replayed.digest) == ("as_made", kb.digest)


async def test_another_version_shows_what_it_would_change(
    stored: httpx.AsyncClient, upgraded: httpx.AsyncClient, newer: KnowledgeBase
) -> None:
    plan = (await created(stored))["plan"]
    found = await replayed(upgraded, plan["id"], knowledge_version=NEXT)
    assert not found.identical
    assert (found.knowledge.choice, found.knowledge.replayed.digest) == ("requested", newer.digest)
    assert {one.path: (one.stored, one.replayed) for one in found.differences}[DOSE] == (30, 25)
    assert not [one for one in found.differences if one.path.split(".")[0] in {"engine", "knowledge", "output_digest"}]


async def test_a_new_revision_is_decided_by_the_present_version_and_says_so(
    stored: httpx.AsyncClient, upgraded: httpx.AsyncClient, kb: KnowledgeBase, newer: KnowledgeBase
) -> None:
    first = await created(stored)
    address = f"/v1/episodes/{first['episode']['id']}"
    kind = {"If-Match": '"1"', "Content-Type": "application/merge-patch+json"}
    changed = (await upgraded.patch(address, content=b'{"patient":{"weight_kg":81}}', headers=kind)).json()
    assert first["plan"]["knowledge"]["digest"] == kb.digest
    assert changed["plan"]["knowledge"] == {**first["plan"]["knowledge"], "version": NEXT, "digest": newer.digest}
    for plan in (first["plan"], changed["plan"]):
        assert (await replayed(upgraded, plan["id"])).identical


async def test_a_plan_whose_version_is_gone_is_decided_by_the_present_one_and_the_answer_says_so(
    upgraded: httpx.AsyncClient, stored: httpx.AsyncClient, kb: KnowledgeBase
) -> None:
    plan = (await created(upgraded))["plan"]
    found = await replayed(stored, plan["id"])
    assert (found.knowledge.choice, found.knowledge.replayed.digest) == ("present", kb.digest)
    assert f"{NEXT}, which is not loaded" in found.knowledge.because
    assert {one.path: (one.stored, one.replayed) for one in found.differences}[DOSE] == (25, 30)


async def test_a_version_that_is_not_loaded_is_refused_with_those_that_are(
    stored: httpx.AsyncClient, upgraded: httpx.AsyncClient, kb: KnowledgeBase
) -> None:
    plan = (await created(stored))["plan"]
    answer = await upgraded.post(f"/v1/plans/{plan['id']}/replay", params={"knowledge_version": "9"})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_PARAMETER")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/query/knowledge_version", "VERSION_NOT_LOADED")
    assert f"{NEXT}, {kb.manifest.version}" in error["message"]


@pytest.mark.parametrize("query", ["knowledge_version=", f"knowledge_version={'1' * 65}", "version=1"])
async def test_a_parameter_that_names_no_version_is_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.post(f"/v1/plans/{uuid7()}/replay?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_PARAMETER")


async def test_facts_that_a_version_does_not_accept_answer_where_they_stand(
    database: Database, stored: httpx.AsyncClient, kb: KnowledgeBase, settings: Settings, token: str
) -> None:
    plan = (await created(stored))["plan"]
    bare = kb.analytes["alt"].model_copy(update={"units": ()})
    stricter = replace(kb, digest="0" * 64, analytes={**kb.analytes, "alt": bare})
    async with make_client(make_app(Service(database, stricter, lambda: NOW), settings), token) as caller:
        answer = await caller.post(f"/v1/plans/{plan['id']}/replay")
    assert (answer.status_code, answer.json()["code"]) == (422, "REPLAY_REFUSED")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/labs/0/unit"]


async def test_an_unknown_plan_and_that_of_another_tenant_are_not_found(
    database: Database, stored: httpx.AsyncClient, kb: KnowledgeBase, settings: Settings
) -> None:
    plan = (await created(stored))["plan"]
    south = issue_token(settings, tenant="south")
    async with make_client(make_app(Service(database, kb, lambda: NOW), settings), south) as caller:
        for plan_id in (plan["id"], uuid7(), "no-id"):
            answer = await caller.post(f"/v1/plans/{plan_id}/replay")
            assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_nothing_is_stored_and_the_plan_stays_as_it_is(
    stored: httpx.AsyncClient, count_rows: Callable[[], Awaitable[int]]
) -> None:
    plan = (await created(stored))["plan"]
    before, rows = (await stored.get(f"/v1/plans/{plan['id']}")), await count_rows()
    await replayed(stored, plan["id"])
    after = await stored.get(f"/v1/plans/{plan['id']}")
    assert (after.content, after.headers["ETag"]) == (before.content, before.headers["ETag"])
    assert await count_rows() == rows


async def test_an_answer_with_differences_follows_its_schema(
    stored: httpx.AsyncClient, upgraded: httpx.AsyncClient
) -> None:
    plan = (await created(stored))["plan"]
    contract = (await stored.get("/openapi.json")).json()
    answer = await upgraded.post(f"/v1/plans/{plan['id']}/replay", params={"knowledge_version": NEXT})
    schema = {"$ref": "#/components/schemas/Replay", "components": contract["components"]}
    assert answer.json()["differences"]
    Draft202012Validator(schema).validate(answer.json())


async def test_the_loaded_versions_are_listed_the_present_one_first(
    stored: httpx.AsyncClient, upgraded: httpx.AsyncClient, kb: KnowledgeBase, newer: KnowledgeBase
) -> None:
    alone, both = [(await client.get("/v1/knowledge")).json() for client in (stored, upgraded)]
    shipped = {"version": kb.manifest.version, "digest": kb.digest, "present": True}
    assert alone["versions"] == [shipped]
    assert both["versions"] == [
        {"version": NEXT, "digest": newer.digest, "present": True},
        {**shipped, "present": False},
    ]
    assert both["version"] == NEXT


async def test_a_version_loaded_beside_the_present_one_changes_the_mark_of_the_summary_alone(
    database: Database, upgraded: httpx.AsyncClient, newer: KnowledgeBase, settings: Settings, token: str
) -> None:
    async with make_client(make_app(Service(database, newer, lambda: NOW), settings), token) as alone:
        marks = [
            [(await client.get(address)).headers["ETag"] for client in (alone, upgraded)]
            for address in ("/v1/knowledge", "/v1/knowledge/drugs")
        ]
    assert marks[0][0] != marks[0][1]
    assert marks[1][0] == marks[1][1]
