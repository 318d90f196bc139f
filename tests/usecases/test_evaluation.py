"""A plan for a day long past describes the past: it says so and does not expire."""

from datetime import timedelta

import pytest

from app.knowledge.base import KnowledgeBase
from app.usecases.evaluation import evaluate
from tests.builders import episode
from tests.usecases.clock import NOON


@pytest.mark.parametrize(("days", "retrospective"), [(0, False), (14, False), (15, True)])
def test_a_plan_is_retrospective_when_it_would_have_expired_already(
    kb: KnowledgeBase, days: int, retrospective: bool
) -> None:
    assert evaluate(episode(), kb, NOON + timedelta(days=days)).retrospective is retrospective


@pytest.mark.parametrize(("zone", "retrospective"), [("Pacific/Kiritimati", True), ("UTC", False)])
def test_today_is_the_day_at_the_site(kb: KnowledgeBase, zone: str, retrospective: bool) -> None:
    evaluation = evaluate(episode(site={"time_zone": zone}), kb, NOON + timedelta(days=14))
    assert evaluation.retrospective is retrospective


def test_an_episode_without_dates_is_decided_for_today(kb: KnowledgeBase) -> None:
    evaluation = evaluate(episode(as_of=None, start_on=None), kb, NOON)
    assert evaluation.content.as_of == NOON.date()
    assert evaluation.retrospective is False
