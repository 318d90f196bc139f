"""Every kept plan decided once more, tenant by tenant in small portions: memory does not grow with their number."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from dataclasses import dataclass
from uuid import UUID

from app.errors import ReplayRefused
from app.knowledge.base import KnowledgeBase
from app.store.kept_plans import count_plans, find_kept_plan, read_kept_plans
from app.store.rows import KeptPlan
from app.store.tenants import list_tenants
from app.usecases.replay import Replayed, replay
from app.usecases.service import Service

_PORTION = 100
_EVERY_DIFFERENCE = 100_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one plan: how it was replayed, or in a word why it could not be."""

    plan_id: UUID
    replayed: Replayed | None
    failure: str | None = None


async def tenants_of(service: Service, tenant: str | None) -> list[str]:
    """Return the tenants whose plans are meant: the one that is named, or all."""
    return [tenant] if tenant is not None else await list_tenants(service.database)


async def count_kept(service: Service, tenants: Iterable[str]) -> int:
    """Return how many plans the tenants have."""
    total = 0
    for tenant in tenants:
        async with service.database.connect(tenant) as connection:
            total += await count_plans(connection, tenant)
    return total


async def replay_all(
    service: Service, tenants: Iterable[str], wanted: KnowledgeBase | None = None
) -> AsyncGenerator[Outcome, None]:
    """Yield what came of each plan. One that fails does not hide the others."""
    for tenant in tenants:
        async for kept in _kept(service, tenant):
            yield _outcome(service, kept, wanted)


async def replay_one(
    service: Service, tenants: Iterable[str], plan_id: UUID, wanted: KnowledgeBase | None = None
) -> Outcome | None:
    """Return what came of the plan of that id, whoever's it is; None when none of the tenants has it."""
    for tenant in tenants:
        async with service.database.connect(tenant) as connection:
            kept = await find_kept_plan(connection, tenant, plan_id)
        if kept is not None:
            return _outcome(service, kept, wanted)
    return None


async def _kept(service: Service, tenant: str) -> AsyncIterator[KeptPlan]:
    after: UUID | None = None
    while True:
        # Given back before the portion is replayed: deciding takes longer than reading.
        async with service.database.connect(tenant) as connection:
            portion = await read_kept_plans(connection, tenant, after, _PORTION)
        if not portion:
            return
        for kept in portion:
            yield kept
        after = portion[-1].id


def _outcome(service: Service, kept: KeptPlan, wanted: KnowledgeBase | None) -> Outcome:
    try:
        return Outcome(kept.id, replay(kept, service.versions, wanted, _EVERY_DIFFERENCE))
    except ReplayRefused as refused:
        return Outcome(kept.id, None, str(refused))
    except Exception as fault:  # noqa: BLE001 - another version may fail in any way; its message may hold what was sent
        return Outcome(kept.id, None, type(fault).__name__)
