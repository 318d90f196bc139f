"""What was found and decided about an episode, in the order in which it came."""

from uuid import UUID

from app.errors import NotFound
from app.store.assessments import read_assessments
from app.store.decisions import read_decisions
from app.store.episodes import find_episode
from app.store.rows import Requester
from app.usecases.access import access
from app.usecases.answers import page_body
from app.usecases.service import Service


async def list_assessments(service: Service, who: Requester, episode_id: UUID) -> bytes:
    """Return every assessment of an episode on one page; raise NotFound without such an episode."""
    async with access(service, who, "read", "assessment") as entry, entry.reading() as connection:
        entry.concerns(episode_id=episode_id)
        if await find_episode(connection, who.tenant, episode_id) is None:
            raise NotFound
        return _page(await read_assessments(connection, who.tenant, episode_id))


async def list_decisions(service: Service, who: Requester, episode_id: UUID) -> bytes:
    """Return every decision about an episode's plans on one page; raise NotFound without such an episode."""
    async with access(service, who, "read", "decision") as entry, entry.reading() as connection:
        entry.concerns(episode_id=episode_id)
        if await find_episode(connection, who.tenant, episode_id) is None:
            raise NotFound
        return _page(await read_decisions(connection, who.tenant, episode_id))


def _page(documents: list[str]) -> bytes:
    return page_body([document.encode() for document in documents], None)
