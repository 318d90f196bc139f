"""An episode in, a cited plan out, both kept or neither."""

import json

import pytest
from sqlalchemy import func, select

from app.clinical.episode import Episode
from app.clinical.resource import EpisodeCreated
from app.errors import InvalidEpisode, Unavailable
from app.store.tables import episodes, plan_citations, plans
from app.usecases.read_episode import get_episode
from app.usecases.read_plan import get_plan
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from tests.builders import body, episode, lab
from tests.store.database import opened
from tests.usecases.requesters import NORTH


async def stored_episodes(service: Service) -> int:
    async with service.database.owner() as connection:
        return (await connection.execute(select(func.count()).select_from(episodes))).scalar_one()


async def test_the_answer_is_the_kept_episode_with_its_first_plan(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode())
    created = EpisodeCreated.model_validate_json(submitted.body)
    assert created.episode.id == created.plan.episode_id == str(submitted.episode_id)
    assert created.plan.id == str(submitted.plan_id)
    assert (created.episode.revision, created.episode.status) == (1, "active")
    assert (created.plan.revision, created.plan.status, created.plan.superseded_by) == (1, "draft", None)
    assert created.episode.created_at == created.episode.updated_at == created.plan.created_at == service.clock()


async def test_what_is_read_later_is_what_was_answered_byte_for_byte(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode())
    kept = await get_episode(service, NORTH, submitted.episode_id)
    plan = await get_plan(service, NORTH, submitted.plan_id)
    assert submitted.body == b'{"episode":%s,"plan":%s}' % (kept.body, plan.body)
    assert submitted.etag == kept.etag


async def test_everything_is_committed_when_the_answer_is_there(service: Service, database_url: str) -> None:
    submitted = await submit_episode(service, NORTH, episode())
    other = opened(database_url)
    async with other.connect(NORTH.tenant) as connection:
        found = await connection.execute(select(plans.c.id).where(plans.c.episode_id == submitted.episode_id))
        assert found.scalar_one() == submitted.plan_id
    await other.close()


async def test_the_episode_is_kept_as_sent(service: Service) -> None:
    sent = body(tacrolimus=None, as_of=None, start_on=None, labs=[lab("alt", 160.5, "U/L")])
    submitted = await submit_episode(service, NORTH, Episode.model_validate_json(json.dumps(sent)))
    answered = json.loads(submitted.body)["episode"]
    assert {name: answered[name] for name in sent} == sent
    assert answered.keys() - sent.keys() == {"id", "created_at", "updated_at", "revision", "status"}


async def test_the_plan_keeps_what_it_was_decided_on_with_its_dates_and_who_decided(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode(as_of=None, start_on=None))
    async with service.database.connect(NORTH.tenant) as connection:
        row = (await connection.execute(select(plans).where(plans.c.id == submitted.plan_id))).one()
    assert (json.loads(row.input)["as_of"], json.loads(row.input)["start_on"]) == ("2026-03-10", "2026-03-10")
    assert row.knowledge_digest == service.knowledge.digest
    assert row.knowledge_version == service.knowledge.manifest.version
    answered = json.loads(submitted.body)["plan"]
    assert row.input_digest == answered["input_digest"]
    assert row.output_digest == answered["output_digest"]
    assert row.engine_version == answered["engine"]["version"]


async def test_the_kept_input_gives_the_same_plan_again(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode(as_of=None, start_on=None))
    async with service.database.connect(NORTH.tenant) as connection:
        kept = (await connection.execute(select(plans.c.input).where(plans.c.id == submitted.plan_id))).scalar_one()
    again = await submit_episode(service, NORTH, Episode.model_validate_json(kept))
    digests = [json.loads(one.body)["plan"]["output_digest"] for one in (submitted, again)]
    assert digests[0] == digests[1]


async def test_every_source_of_the_plan_leads_back_to_it(service: Service) -> None:
    submitted = await submit_episode(service, NORTH, episode())
    wanted = select(plan_citations.c.citation_id).where(plan_citations.c.plan_id == submitted.plan_id)
    async with service.database.connect(NORTH.tenant) as connection:
        linked = set((await connection.execute(wanted)).scalars())
    assert linked == {citation["id"] for citation in json.loads(submitted.body)["plan"]["citations"]}


async def test_facts_that_cannot_be_are_refused_and_nothing_is_kept(service: Service) -> None:
    with pytest.raises(InvalidEpisode) as refused:
        await submit_episode(service, NORTH, episode(labs=[lab("alt", 160, "mg/dL")]))
    assert [problem.pointer for problem in refused.value.problems] == ["/labs/0/unit"]
    assert await stored_episodes(service) == 0


async def test_two_submissions_are_two_episodes(service: Service) -> None:
    first, second = [await submit_episode(service, NORTH, episode()) for _ in range(2)]
    assert first.episode_id != second.episode_id
    assert await stored_episodes(service) == 2


async def test_without_a_database_nothing_is_answered(offline: Service) -> None:
    with pytest.raises(Unavailable):
        await submit_episode(offline, NORTH, episode())
