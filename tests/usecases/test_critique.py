"""The check of a proposal keeps nothing and refuses facts that cannot be."""

import json
from typing import Any

import pytest

from app.clinical.critique import Critique, CritiqueRequest
from app.errors import InvalidEpisode
from app.usecases.critique import check_proposal
from app.usecases.service import Service
from tests.builders import body, lab
from tests.usecases.requesters import NORTH


def request(proposal: dict[str, Any], **changes: Any) -> CritiqueRequest:
    return CritiqueRequest.model_validate_json(json.dumps({"episode": body(**changes), "proposal": proposal}))


async def test_the_answer_needs_no_database(offline: Service) -> None:
    order = {"medications": [{"drug": "methotrexate", "dose_mg_per_day": 10, "frequency": "daily"}]}
    answer = Critique.model_validate_json(await check_proposal(offline, NORTH, request(order)))
    assert "METHOTREXATE_DAILY" in [finding.code for finding in answer.findings]


async def test_the_day_of_the_check_is_today_unless_it_is_sent(offline: Service) -> None:
    answer = json.loads(await check_proposal(offline, NORTH, request({"medications": []}, as_of=None, start_on=None)))
    assert answer["as_of"] == answer["start_on"] == "2026-03-10"


async def test_faults_point_into_the_whole_body(offline: Service) -> None:
    taper = {"steps": [{"starts_on": day, "doses": {"prednisone": 20}} for day in ("2026-04-10", "2026-03-10")]}
    wrong = request({"medications": [], "taper": taper}, labs=[lab("alt", 160, "mg/dL")])
    with pytest.raises(InvalidEpisode) as refused:
        await check_proposal(offline, NORTH, wrong)
    pointers = [problem.pointer for problem in refused.value.problems]
    assert pointers == ["/episode/labs/0/unit", "/proposal/taper/steps/1/starts_on"]
