"""Episodes: taking one in with its first plan, reading one, listing."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api import conflict_kinds as conflicts
from app.api import problem_kinds as kinds
from app.api.auth import EpisodesReader, EpisodesWriter
from app.api.bodies import read_body, read_bytes, refusing_faults, understood
from app.api.caching import IfMatch, tagged
from app.api.contract import JSON, MERGE_PATCH, answer, json_body, refusals, unchanged
from app.api.retries import REPLAYED, RETRY_PROBLEMS, IdempotencyKey, attempt_of, created
from app.api.state import requester_of, service_of
from app.api.v1.episode_examples import EPISODE_EXAMPLES, PATCH_EXAMPLES
from app.api.v1.ids import EpisodeId
from app.clinical.episode import Episode, EpisodePatch
from app.clinical.resource import EpisodeCreated, EpisodePage, EpisodeResource, EpisodeUpdated
from app.clinical.vocabulary import ConditionCode, EpisodeStatus
from app.clinical.wire import ShortText
from app.store.rows import EpisodeFilter
from app.usecases.read_episode import get_episode, list_episodes
from app.usecases.submit_episode import submit_episode
from app.usecases.update_episode import update_episode

router = APIRouter(prefix="/v1", tags=["Episodes"])


class EpisodeQuery(BaseModel):
    """Which episodes to list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    patient_reference: ShortText | None = Field(None, description="Episodes of this patient only.")
    condition: ConditionCode | None = Field(None, description="Episodes of this condition only.")
    status: EpisodeStatus | None = Field(None, description="Episodes of this status only.")
    cursor: Annotated[str, Field(max_length=500)] | None = Field(None, description="`next` of the previous page.")
    limit: Annotated[int, Field(ge=1, le=100)] = Field(20, description="Most items of a page.")


@router.post(
    "/episodes",
    operation_id="createEpisode",
    summary="Store an episode and get its first plan",
    status_code=201,
    responses=answer(
        201,
        EpisodeCreated,
        "The episode as stored and its first plan.",
        "answer_episode_created",
        {"Location": "Address of the episode.", "ETag": "Version of the episode."} | REPLAYED,
    )
    | refusals(kinds.INVALID_EPISODE, *RETRY_PROBLEMS, body=True),
    openapi_extra=json_body(Episode, EPISODE_EXAMPLES),
    response_model=None,
)
async def create_episode(request: Request, caller: EpisodesWriter, key: IdempotencyKey = None) -> Response:
    """Store a patient episode with a plan for it, both or neither. The plan is a draft until a clinician accepts."""
    raw = await read_bytes(request)
    episode, attempt = understood(raw, Episode), attempt_of(request, key, raw)
    stored = await submit_episode(service_of(request), requester_of(request, caller), episode, attempt)
    return created(stored, {"Location": f"/v1/episodes/{stored.episode_id}"})


@router.get(
    "/episodes",
    operation_id="listEpisodes",
    summary="List episodes",
    responses=answer(200, EpisodePage, "One page, newest first; `next` is null on the last.", "answer_episodes")
    | refusals(kinds.INVALID_CURSOR, kinds.INVALID_PARAMETER),
    response_model=None,
)
async def answer_episodes(
    request: Request, caller: EpisodesReader, query: Annotated[EpisodeQuery, Query()]
) -> Response:
    """Return a page of the tenant's episodes. Give `next` back as `cursor` to go on."""
    wanted = EpisodeFilter(query.patient_reference, query.condition, query.status)
    body = await list_episodes(service_of(request), requester_of(request, caller), wanted, query.cursor, query.limit)
    return Response(body, media_type=JSON)


@router.get(
    "/episodes/{id}",  # noqa: FAST003 - its Python name is not the builtin `id`
    operation_id="getEpisode",
    summary="One episode",
    responses=answer(200, EpisodeResource, "The episode.", "answer_episode", {"ETag": "Version of the episode."})
    | unchanged()
    | refusals(kinds.NOT_FOUND),
    response_model=None,
)
async def answer_episode(request: Request, caller: EpisodesReader, episode_id: EpisodeId) -> Response:
    """Return an episode with the facts as they were sent."""
    stored = await get_episode(service_of(request), requester_of(request, caller), episode_id)
    return tagged(request, stored.body, stored.etag)


@router.patch(
    "/episodes/{id}",  # noqa: FAST003 - its Python name is not the builtin `id`
    operation_id="updateEpisode",
    summary="Change facts of an episode, get the next plan revision",
    responses=answer(
        200,
        EpisodeUpdated,
        "The episode as kept now and the plan revision it made.",
        "answer_episode_updated",
        {"ETag": "New version of the episode."},
    )
    | refusals(
        kinds.NOT_FOUND,
        conflicts.PRECONDITION_FAILED,
        conflicts.PRECONDITION_REQUIRED,
        kinds.INVALID_EPISODE,
        body=True,
    ),
    openapi_extra=json_body(EpisodePatch, PATCH_EXAMPLES, MERGE_PATCH),
    response_model=None,
)
async def change_episode(
    request: Request, caller: EpisodesWriter, episode_id: EpisodeId, if_match: IfMatch = None
) -> Response:
    """Merge changed facts into an episode and plan anew at once, on the course of treatment so far.

    Lists are replaced whole: send every medication, not only the new one. `If-Match` is required.
    """
    patch = await read_body(request, EpisodePatch, MERGE_PATCH)
    service, who = service_of(request), requester_of(request, caller)
    with refusing_faults():
        changed = await update_episode(service, who, episode_id, patch.model_dump(exclude_unset=True), if_match)
    return Response(changed.body, headers={"ETag": changed.etag}, media_type=JSON)
