"""The same decision with nothing kept."""

import json

import pytest

from app.clinical.plan import Plan
from app.errors import InvalidEpisode
from app.usecases.recommend import recommend
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from tests.builders import episode, lab
from tests.usecases.clock import days_later
from tests.usecases.requesters import NORTH

STATE = {"id", "episode_id", "revision", "status", "superseded_by", "created_at"}


async def test_the_plan_has_no_ids_and_needs_no_database(offline: Service) -> None:
    plan = Plan.model_validate_json(await recommend(offline, NORTH, episode()))
    assert {getattr(plan, name) for name in STATE} == {None}


async def test_it_is_the_plan_that_submitting_would_keep(service: Service) -> None:
    submitted = json.loads((await submit_episode(service, NORTH, episode())).body)["plan"]
    recommended = json.loads(await recommend(service, NORTH, episode()))
    assert submitted.keys() == recommended.keys()
    assert {name for name in submitted if submitted[name] != recommended[name]} == STATE - {"superseded_by"}


async def test_it_says_when_it_describes_the_past(offline: Service) -> None:
    assert json.loads(await recommend(days_later(offline, 15), NORTH, episode()))["retrospective"] is True
    assert json.loads(await recommend(days_later(offline, 14), NORTH, episode()))["retrospective"] is False


async def test_facts_that_cannot_be_are_refused(offline: Service) -> None:
    with pytest.raises(InvalidEpisode):
        await recommend(offline, NORTH, episode(labs=[lab("alt", 160, "mg/dL")]))
