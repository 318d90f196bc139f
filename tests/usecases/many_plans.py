"""Kept plans in numbers: generated episodes, and whole courses with a decision, visits and a change of facts."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings

from app.clinical.progress import AssessmentRequest, DecisionRequest
from app.store.rows import Requester
from app.usecases.assess_episode import assess_episode
from app.usecases.decide_plan import decide_plan
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from app.usecases.update_episode import update_episode
from tests.builders import episode, labs
from tests.properties.episodes import Body, bodies, read
from tests.treatment import START
from tests.usecases.clock import days_later
from tests.usecases.requesters import NORTH, SOUTH

_OPTIONS = ("prednisone_azathioprine", "prednisone_monotherapy")
_VISITS: tuple[tuple[int, dict[str, Any]], ...] = (
    (14, {"alt": 90, "ast": 80}),
    (31, {"alt": 34, "ast": 30, "igg": 15}),
    (62, {"alt": 30, "ast": 28, "igg": 15}),
    (93, {"alt": 61.3, "ast": 50.7, "igg": 17.2}),
)
_A_COURSE = 1 + 1 + len(_VISITS) + 1
"""Plans of a course: the first, the accepted one where accepting writes one, one a visit, one for changed facts."""


async def keep_plans(service: Service, count: int) -> None:
    """Keep at least `count` plans of two tenants; about a third of them rest on a course."""
    courses = count // 3 // _A_COURSE + 1
    for number in range(courses):
        await _keep_course(service, NORTH, number)
    for number, whole in enumerate(drawn(count - courses * (_A_COURSE - 1))):
        await submit_episode(service, (NORTH, SOUTH)[number % 2], read(whole))


def drawn(count: int) -> list[Body]:
    """Return the first `count` episodes that the properties are tried on: the same ones each time."""
    found: list[Body] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(bodies())
    def collect(whole: Body) -> None:
        found.append(whole)

    collect()
    return found


async def _keep_course(service: Service, who: Requester, number: int) -> None:
    """Keep a patient of another weight each time, who accepts one of two options and is seen four times."""
    first = episode(patient={"weight_kg": 48.5 + number}, site={"step_style": ("monthly", "split")[number % 2]})
    kept = await submit_episode(service, who, first)
    accept = DecisionRequest(action="accept", option_id=_OPTIONS[number % 2])  # type: ignore[arg-type]
    await decide_plan(service, who, kept.plan_id, accept)
    for day, request in _visits():
        await assess_episode(days_later(service, day), who, kept.episode_id, request)
    await _add_drug(days_later(service, 100), who, kept.episode_id)


def _visits() -> Iterator[tuple[int, AssessmentRequest]]:
    for day, values in _VISITS:
        on = (START + timedelta(days=day)).isoformat()
        said = {"assessed_on": on, "labs": labs(on, **values), "findings": [], "adherence_confirmed": True}
        yield day, AssessmentRequest.model_validate_json(json.dumps(said))


async def _add_drug(service: Service, who: Requester, episode_id: UUID) -> None:
    started = service.clock().date().isoformat()
    await update_episode(
        service, who, episode_id, {"medications": [{"drug": "fluconazole", "started_on": started}]}, "*"
    )
