"""Kept plans."""

from uuid import UUID

from app.errors import NotFound
from app.store.plans import find_plan, read_revisions
from app.store.rows import Requester
from app.usecases.access import access
from app.usecases.answers import Stored, page_body, plan_body, plan_etag
from app.usecases.service import Service


async def get_plan(service: Service, who: Requester, plan_id: UUID) -> Stored:
    """Return the tenant's plan with its present status, or raise NotFound."""
    async with access(service, who, "read", "plan", plan_id) as entry, entry.reading() as connection:
        found = await find_plan(connection, who.tenant, plan_id)
        if found is None:
            raise NotFound
        entry.concerns(episode_id=found.episode_id)
    return Stored(plan_body(found), plan_etag(found))


async def list_plans(service: Service, who: Requester, episode_id: UUID) -> bytes:
    """Return every plan of an episode, oldest first, on one page; raise NotFound without such an episode."""
    async with access(service, who, "read", "plan") as entry, entry.reading() as connection:
        entry.concerns(episode_id=episode_id)
        found = await read_revisions(connection, who.tenant, episode_id)
        if not found:
            raise NotFound
        entry.concerns(related=(plan.id for plan in found))
    return page_body([plan_body(item) for item in found], None)
