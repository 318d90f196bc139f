"""A schedule from doses alone."""

import json
from typing import Any

import pytest

from app.clinical.taper import Taper, TaperRequest
from app.errors import TaperRefused
from app.usecases.schedule_taper import schedule_taper
from app.usecases.service import Service
from tests.usecases.requesters import NORTH


def request(**changes: Any) -> TaperRequest:
    whole = {
        "option_id": "prednisone_azathioprine",
        "drug_doses": {"prednisone": 30, "azathioprine": 150},
        "weight_kg": 80,
        "start_on": "2026-03-10",
    }
    return TaperRequest.model_validate_json(json.dumps(whole | changes))


async def test_the_answer_is_the_schedule(offline: Service) -> None:
    taper = Taper.model_validate_json(await schedule_taper(offline, NORTH, request()))
    assert [step.starts_on.isoformat() for step in taper.steps] == ["2026-03-10", "2026-04-10", "2026-05-10"]


async def test_an_unsafe_schedule_is_refused_with_everything_that_speaks_against_it(offline: Service) -> None:
    with pytest.raises(TaperRefused, match="TAPER_TOO_FAST") as refused:
        await schedule_taper(offline, NORTH, request(step_mg={"prednisone": 20}))
    assert all(problem.pointer.startswith("/") and problem.message for problem in refused.value.problems)
