"""Assessments: new results and findings of an episode, read against its course."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api import conflict_kinds as conflicts
from app.api import problem_kinds as kinds
from app.api.auth import EpisodesReader, EpisodesWriter
from app.api.bodies import read_bytes, understood
from app.api.caching import IfMatch
from app.api.contract import JSON, answer, json_body, refusals
from app.api.retries import REPLAYED, RETRY_PROBLEMS, IdempotencyKey, attempt_of, created
from app.api.state import requester_of, service_of
from app.api.v1.ids import EpisodeId
from app.clinical.progress import AssessmentRequest
from app.clinical.resource import AssessmentCreated, AssessmentPage
from app.usecases.assess_episode import assess_episode
from app.usecases.read_course import list_assessments

router = APIRouter(prefix="/v1", tags=["Course of treatment"])

ASSESSMENT_EXAMPLES = {
    "assessment_remission": "Day 31: everything normal, the first step down is due",
    "assessment_two_weeks": "Day 14: one test is normal again, no step yet",
}


@router.post(
    "/episodes/{id}/assessments",  # noqa: FAST003 - its Python name is not the builtin `id`
    operation_id="createAssessment",
    summary="Send new labs and findings, get the next plan revision",
    status_code=201,
    responses=answer(
        201,
        AssessmentCreated,
        "What was found, and the plan revision it wrote.",
        "answer_assessment_created",
        {"ETag": "New version of the episode."} | REPLAYED,
    )
    | refusals(kinds.NOT_FOUND, conflicts.PRECONDITION_FAILED, kinds.INVALID_EPISODE, *RETRY_PROBLEMS, body=True),
    openapi_extra=json_body(AssessmentRequest, ASSESSMENT_EXAMPLES),
    response_model=None,
)
async def create_assessment(
    request: Request,
    caller: EpisodesWriter,
    episode_id: EpisodeId,
    if_match: IfMatch = None,
    key: IdempotencyKey = None,
) -> Response:
    """Read new results against the baseline, ask the gates of the next step, and write the next plan revision.

    Without an accepted option the recommended one is assumed, and the answer says so.
    """
    raw = await read_bytes(request)
    wanted, attempt = understood(raw, AssessmentRequest), attempt_of(request, key, raw, id=episode_id)
    service, who = service_of(request), requester_of(request, caller)
    return created(await assess_episode(service, who, episode_id, wanted, if_match, attempt))


@router.get(
    "/episodes/{id}/assessments",  # noqa: FAST003 - its Python name is not the builtin `id`
    operation_id="listAssessments",
    summary="All assessments of an episode",
    responses=answer(200, AssessmentPage, "The assessments, in the order in which they came.", "answer_assessments")
    | refusals(kinds.NOT_FOUND),
    response_model=None,
)
async def answer_assessments(request: Request, caller: EpisodesReader, episode_id: EpisodeId) -> Response:
    """Return what every assessment of an episode found, as it was answered."""
    body = await list_assessments(service_of(request), requester_of(request, caller), episode_id)
    return Response(body, media_type=JSON)
