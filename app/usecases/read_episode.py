"""Kept episodes, one or a page of them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from app.errors import InvalidCursor, NotFound
from app.store.episodes import find_episode, read_page
from app.store.rows import EpisodeFilter, EpisodeRecord, Requester
from app.usecases.access import access
from app.usecases.answers import Stored, episode_body, episode_etag, page_body
from app.usecases.service import Service

_PADDING = "=="


async def get_episode(service: Service, who: Requester, episode_id: UUID) -> Stored:
    """Return the tenant's episode as answered, or raise NotFound."""
    async with access(service, who, "read", "episode", episode_id) as entry, entry.reading() as connection:
        entry.concerns(episode_id=episode_id)
        found = await find_episode(connection, who.tenant, episode_id)
        if found is None:
            raise NotFound
    return Stored(episode_body(found), episode_etag(found))


async def list_episodes(
    service: Service, who: Requester, wanted: EpisodeFilter, cursor: str | None = None, limit: int = 20
) -> bytes:
    """Return a page of the tenant's episodes, newest first, with the cursor of the next one."""
    async with access(service, who, "search", "episode") as entry, entry.reading() as connection:
        older_than = None if cursor is None else _read_cursor(cursor)
        found = await read_page(connection, who.tenant, wanted, older_than, limit + 1)
        entry.concerns(related=(item.id for item in found[:limit]))
    return page_body([episode_body(item) for item in found[:limit]], _next_cursor(found, limit))


def _next_cursor(found: list[EpisodeRecord], limit: int) -> str | None:
    """One row more than asked for was read, to know whether another page follows."""
    return None if len(found) <= limit else urlsafe_b64encode(found[limit - 1].id.bytes).decode().rstrip("=")


def _read_cursor(cursor: str) -> UUID:
    try:
        return UUID(bytes=urlsafe_b64decode(cursor + _PADDING))
    except ValueError:
        raise InvalidCursor from None
