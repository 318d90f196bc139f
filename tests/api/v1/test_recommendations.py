"""Recommendations: decided like an episode, kept nowhere."""

import httpx

from tests.api.conftest import Count, posted
from tests.builders import body

HEADER = ("id", "episode_id", "revision", "status", "superseded_by", "created_at")


async def test_a_recommendation_is_the_plan_itself_without_ids(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/recommendations", **posted(body()))
    assert answer.status_code == 200
    assert all(answer.json()[name] is None for name in HEADER)
    assert answer.json()["disposition"] == "plan"


async def test_nothing_is_stored(stored: httpx.AsyncClient, count_rows: Count) -> None:
    await stored.post("/v1/recommendations", **posted(body()))
    assert await count_rows() == 0


async def test_it_decides_what_storing_the_episode_would_decide(stored: httpx.AsyncClient) -> None:
    recommended = (await stored.post("/v1/recommendations", **posted(body()))).json()
    kept = (await stored.post("/v1/episodes", **posted(body()))).json()["plan"]
    assert recommended["output_digest"] == kept["output_digest"]
    assert {**recommended, **{name: kept[name] for name in HEADER}} == kept
