"""Many equal requests at the same moment, over real sockets: one is done, all get its answer."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from app.api.development import issue_token
from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.store.engine import Database
from app.usecases.service import Service
from tests.api.conftest import NOW, make_app, posted
from tests.api.serving import served
from tests.builders import DAY, body, labs

MANY = 50
ALLOWED = {(201, None), (409, "IDEMPOTENCY_IN_FLIGHT")}


@pytest.fixture(scope="module")
def address(database_url: str, kb: KnowledgeBase, settings: Settings) -> Iterator[str]:
    """A service with a database, being served; nobody leaves its line, however slow the machine is."""
    database = Database(pool_size=4, query_timeout_seconds=10, wait_seconds=60)
    database.open(database_url)
    with served(make_app(Service(database, kb, lambda: NOW), settings)) as served_at:
        yield served_at


@pytest_asyncio.fixture
async def caller(address: str, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of a tenant of its own, with as many connections as requests, none of them used twice."""
    headers = {"Authorization": f"Bearer {issue_token(settings, tenant=f'tenant-{uuid4().hex}')}"}
    limits = httpx.Limits(max_connections=MANY, max_keepalive_connections=0)
    async with httpx.AsyncClient(
        base_url=address, headers=headers, limits=limits, timeout=60, trust_env=False
    ) as client:
        yield client


class Sender:
    """Sends one request again and again under one key, and remembers what was answered."""

    def __init__(self, client: httpx.AsyncClient, path: str, sent: Any) -> None:
        self._client, self._path = client, path
        arguments = posted(sent)
        self._arguments = arguments | {"headers": arguments["headers"] | {"Idempotency-Key": uuid4().hex}}
        self.seen: Counter[tuple[int, str | None]] = Counter()
        self.firsts = 0

    async def until_done(self) -> bytes:
        """Send the request until it is answered with what was written; return that."""
        while True:
            answer = await self._client.post(self._path, **self._arguments)
            code = None if answer.is_success else answer.json()["code"]
            self.seen[answer.status_code, code] += 1
            if answer.status_code != 409:
                self.firsts += "Idempotency-Replayed" not in answer.headers
                return answer.content
            await asyncio.sleep(int(answer.headers["Retry-After"]) / 20)


async def send_many(client: httpx.AsyncClient, path: str, sent: Any) -> bytes:
    """Send a request many times at once; return the one answer that all of them get in the end."""
    sender = Sender(client, path, sent)
    answers = set(await asyncio.gather(*(sender.until_done() for _ in range(MANY))))
    assert sender.seen.keys() <= ALLOWED
    assert (len(answers), sender.firsts) == (1, 1)
    return answers.pop()


async def test_fifty_equal_posts_make_one_episode(caller: httpx.AsyncClient) -> None:
    created = httpx.Response(201, content=await send_many(caller, "/v1/episodes", body())).json()
    listed = (await caller.get("/v1/episodes")).json()["items"]
    assert listed == [created["episode"]]


async def test_fifty_equal_decisions_and_assessments_are_one_of_each(caller: httpx.AsyncClient) -> None:
    created = (await caller.post("/v1/episodes", **posted(body()))).json()
    episode, plan = f"/v1/episodes/{created['episode']['id']}", f"/v1/plans/{created['plan']['id']}"
    await send_many(caller, f"{plan}/decisions", {"action": "accept", "option_id": "prednisone_azathioprine"})
    await send_many(caller, f"{episode}/assessments", {"assessed_on": DAY, "labs": labs(), "findings": []})
    counts = [len((await caller.get(f"{episode}/{name}")).json()["items"]) for name in ("decisions", "assessments")]
    assert counts == [1, 1]
    assert [one["revision"] for one in (await caller.get(f"{episode}/plans")).json()["items"]] == [1, 2]
