"""Requests for a schedule, as the wire reads them."""

import json
from typing import Any

from app.clinical.taper import Taper, TaperRequest
from app.knowledge.base import KnowledgeBase
from app.taper.refusal import Problem, TaperRefusal
from app.taper.schedule import schedule_taper


def request(**changes: Any) -> TaperRequest:
    """Return the combination of an 80 kg patient with `changes`; None leaves a property out."""
    body: dict[str, Any] = {
        "drug_doses": {"prednisone": 30, "azathioprine": 150},
        "weight_kg": 80,
        "start_on": "2026-03-10",
    } | changes
    return TaperRequest.model_validate_json(
        json.dumps({key: value for key, value in body.items() if value is not None})
    )


def withdrawal(**changes: Any) -> TaperRequest:
    """Return a withdrawal of 4 mg tacrolimus over two months with `changes`."""
    return request(**{"drug_doses": {"tacrolimus": 4}, "start_on": "2026-01-31", "end_on": "2026-03-31"} | changes)


def granted(asked: TaperRequest, kb: KnowledgeBase) -> Taper:
    """Return the schedule; fails where it is refused."""
    answer = schedule_taper(asked, kb)
    assert isinstance(answer, Taper), answer
    return answer


def refused(asked: TaperRequest, kb: KnowledgeBase) -> tuple[Problem, ...]:
    """Return the problems; fails where a schedule is given."""
    answer = schedule_taper(asked, kb)
    assert isinstance(answer, TaperRefusal), answer
    return answer.problems
