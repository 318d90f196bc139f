"""Every operation that touches patient data leaves its audit event: a new route without one fails here."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.api.contract import example
from app.api.development import issue_token
from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.store.engine import Database
from app.store.tables import audit_events
from app.usecases.service import Service
from tests.api.conftest import NOW, make_app, make_client, posted
from tests.api.operations import Operation, operations

NO_PATIENT_DATA = {
    "getKnowledge": "what the service knows is the same for everybody",
    "listStatements": "as getKnowledge",
    "listReferences": "as getKnowledge",
    "listConflicts": "as getKnowledge",
    "listDrugs": "as getKnowledge",
    "listConditions": "as getKnowledge",
    "listAnalytes": "as getKnowledge",
    "discover": "addresses",
    "explainProblem": "kinds of problems",
    "checkAlive": "for the platform",
    "checkReady": "for the platform",
    "readMetrics": "counts of all tenants together, without an id",
}
"""Operations that leave no event; whatever is not listed here has to leave one."""

UNKNOWN = "0198c0de-0000-7000-8000-00000000dead"


def on_patient_data(app: FastAPI) -> list[Operation]:
    """Return every operation that touches patient data."""
    every = list(operations(app))
    assert NO_PATIENT_DATA.keys() <= {one.id for one in every}
    return [one for one in every if one.id not in NO_PATIENT_DATA]


@pytest.fixture
def whole(database: Database, kb: KnowledgeBase, settings: Settings) -> FastAPI:
    """The doors with an empty database."""
    return make_app(Service(database, kb, lambda: NOW), settings)


async def events(database: Database) -> list[Any]:
    async with database.connect("north") as connection:
        rows = await connection.execute(select(audit_events).order_by(audit_events.c.number))
        return list(rows.mappings())


async def kept_ids(caller: httpx.AsyncClient) -> dict[str, str]:
    """Keep an episode; return its id and its plan's under the first segment of their addresses."""
    created = (await caller.post("/v1/episodes", **posted(example("typical")))).json()
    return {"episodes": created["episode"]["id"], "plans": created["plan"]["id"]}


async def test_every_operation_on_patient_data_leaves_one_event_with_its_request_and_its_ids(
    whole: FastAPI, settings: Settings, database: Database
) -> None:
    missing: list[tuple[str, int | str, list[Any]]] = []
    async with make_client(whole, issue_token(settings, tenant="north")) as caller:
        for one in on_patient_data(whole):
            ids = await kept_ids(caller)
            named = ids.get(one.path.split("/")[2], "")
            before = len(await events(database))
            answer = await caller.request(one.method, one.path.replace("{id}", named), **one.arguments("*"))
            left = (await events(database))[before:]
            expected = [(answer.headers["X-Request-Id"], "success", "development")]
            if [(event["request_id"], event["outcome"], event["subject"]) for event in left] != expected:
                missing.append((one.id, answer.status_code, left))
            elif "{id}" in one.path and named not in {str(left[0]["resource_id"]), str(left[0]["episode_id"])}:
                missing.append((one.id, "does not name the id", left))
    assert missing == []


async def test_every_operation_on_an_id_records_the_attempt_on_an_unknown_one(
    whole: FastAPI, settings: Settings, database: Database
) -> None:
    missing: list[tuple[str, int | str, list[Any]]] = []
    async with make_client(whole, issue_token(settings, tenant="north")) as caller:
        for one in on_patient_data(whole):
            if "{id}" not in one.path:
                continue
            before = len(await events(database))
            answer = await caller.request(one.method, one.path.replace("{id}", UNKNOWN), **one.arguments("*"))
            left = (await events(database))[before:]
            if answer.status_code != 404 or [event["outcome"] for event in left] != ["not_found"]:
                missing.append((one.id, answer.status_code, left))
            elif UNKNOWN not in {str(left[0]["resource_id"]), str(left[0]["episode_id"])}:
                missing.append((one.id, "does not name the id", left))
    assert missing == []


async def test_facts_that_cannot_be_are_recorded_as_refused(stored: httpx.AsyncClient, database: Database) -> None:
    wrong = example("typical")
    wrong["labs"][0]["unit"] = "mg/dL"
    answer = await stored.post("/v1/episodes", **posted(wrong))
    assert answer.status_code == 422
    async with database.owner() as connection:
        rows = (await connection.execute(select(audit_events))).mappings().all()
    assert [(row["action"], row["outcome"], row["resource_id"]) for row in rows] == [("create", "refused", None)]


async def test_an_answer_that_is_given_again_is_recorded_as_that(stored: httpx.AsyncClient, database: Database) -> None:
    sent = posted(example("typical"))
    sent["headers"]["Idempotency-Key"] = "key-1"
    first, again = [await stored.post("/v1/episodes", **sent) for _ in range(2)]
    assert first.content == again.content
    episode, plan = first.json()["episode"]["id"], first.json()["plan"]["id"]
    async with database.owner() as connection:
        rows = (await connection.execute(select(audit_events).order_by(audit_events.c.number))).mappings().all()
    assert [(row["action"], row["outcome"]) for row in rows] == [("create", "success"), ("repeat", "success")]
    assert {(str(row["episode_id"]), *map(str, row["related_ids"])) for row in rows} == {(episode, plan)}
