"""An option is accepted as it was read, also when the service knows better by now."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.clinical.progress import DecisionRequest
from app.errors import PlanExpired
from app.knowledge.base import KnowledgeBase
from app.usecases.decide_plan import decide_plan
from app.usecases.read_plan import get_plan
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from tests.builders import DAY, episode
from tests.knowledge.shipped import version
from tests.usecases.requesters import NORTH

ALONE = DecisionRequest.model_validate_json(
    json.dumps({"action": "accept", "option_id": "prednisone_monotherapy", "decided_on": DAY})
)


async def accepted(service: Service, later: Service) -> dict[str, Any]:
    """Return a plan made by one service, of which another one lets the alternative be accepted."""
    plan_id = (await submit_episode(service, NORTH, episode())).plan_id
    await decide_plan(later, NORTH, plan_id, ALONE)
    shown: dict[str, Any] = json.loads((await get_plan(later, NORTH, plan_id)).body)
    return shown


def first_dose(plan: dict[str, Any]) -> tuple[str, float]:
    return plan["status"], plan["taper"]["steps"][0]["doses"]["prednisone"]


async def test_a_plan_is_accepted_with_the_knowledge_it_was_made_with(
    service: Service, kb: KnowledgeBase, tmp_path: Path
) -> None:
    newer = version(tmp_path, "9.0.0", prednisone_monotherapy_mg="50")
    plan = await accepted(service, replace(service, knowledge=newer, earlier=(kb,)))
    assert (first_dose(plan), plan["knowledge"]["version"]) == (("accepted", 60), kb.manifest.version)


async def test_without_that_knowledge_a_dose_decided_alike_is_accepted(service: Service, tmp_path: Path) -> None:
    newer = version(tmp_path, "9.0.0", fever_from_celsius="38.5")
    plan = await accepted(service, replace(service, knowledge=newer))
    assert (first_dose(plan), plan["knowledge"]["version"]) == (("accepted", 60), "9.0.0")


async def test_a_dose_that_would_be_another_one_now_is_refused_and_nothing_changes(
    service: Service, tmp_path: Path
) -> None:
    later = replace(service, knowledge=version(tmp_path, "9.0.0", prednisone_monotherapy_mg="50"))
    plan_id = (await submit_episode(service, NORTH, episode())).plan_id
    before = await get_plan(service, NORTH, plan_id)
    with pytest.raises(PlanExpired) as refused:
        await decide_plan(later, NORTH, plan_id, ALONE)
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/option_id", "PLAN_EXPIRED")]
    assert await get_plan(service, NORTH, plan_id) == before
