"""Kept episodes, one or a page of them."""

import json
from base64 import urlsafe_b64encode

import pytest
from uuid_utils.compat import uuid7

from app.clinical.resource import EpisodePage
from app.errors import InvalidCursor, NotFound
from app.store.rows import EpisodeFilter, Requester
from app.usecases.read_episode import get_episode, list_episodes
from app.usecases.service import Service
from app.usecases.submit_episode import submit_episode
from tests.builders import episode
from tests.usecases.requesters import NORTH, SOUTH

EVERY = EpisodeFilter()


async def submit(service: Service, reference: str = "p1", who: Requester = NORTH) -> str:
    submitted = await submit_episode(service, who, episode(patient={"reference": reference}))
    return str(submitted.episode_id)


def ids(body: bytes) -> list[str]:
    return [item.id for item in EpisodePage.model_validate_json(body).items]


async def test_an_unknown_episode_is_not_found(service: Service) -> None:
    with pytest.raises(NotFound):
        await get_episode(service, NORTH, uuid7())


async def test_the_episode_of_another_tenant_is_not_found(service: Service) -> None:
    submitted = await submit_episode(service, SOUTH, episode())
    with pytest.raises(NotFound):
        await get_episode(service, NORTH, submitted.episode_id)


async def test_a_tenant_without_episodes_gets_an_empty_last_page(service: Service) -> None:
    assert await list_episodes(service, NORTH, EVERY) == b'{"items":[],"next":null}'


async def test_following_the_cursors_meets_every_episode_once_newest_first(service: Service) -> None:
    kept = [await submit(service) for _ in range(5)]
    seen, cursor = [], None
    while True:
        body = await list_episodes(service, NORTH, EVERY, cursor, 2)
        seen += ids(body)
        cursor = json.loads(body)["next"]
        if cursor is None:
            break
    assert seen == kept[::-1]


@pytest.mark.parametrize(("limit", "last"), [(1, False), (2, True), (3, True)])
async def test_a_page_that_is_exactly_full_is_the_last(service: Service, limit: int, last: bool) -> None:
    await submit(service)
    await submit(service)
    body = await list_episodes(service, NORTH, EVERY, None, limit)
    assert (json.loads(body)["next"] is None) is last


async def test_a_page_holds_only_what_was_asked_for(service: Service) -> None:
    wanted = await submit(service, "p1")
    await submit(service, "p2")
    await submit(service, "p1", SOUTH)
    assert ids(await list_episodes(service, NORTH, EpisodeFilter(patient_reference="p1"))) == [wanted]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "not a cursor", "é", "====", urlsafe_b64encode(b"15 bytes of data").decode()[:-4], "A" * 500],
)
async def test_a_cursor_that_we_did_not_write_is_refused(service: Service, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        await list_episodes(service, NORTH, EVERY, cursor)
