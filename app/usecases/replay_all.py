"""Every kept plan decided once more, tenant by tenant in small portions: memory does not grow with their number.

Whoever runs the service does this, not a caller: what it tells are ids and paths. It is recorded once per tenant.
"""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from app.errors import ReplayRefused
from app.knowledge.base import KnowledgeBase
from app.store.kept_plans import count_plans, find_kept_plan, read_kept_plans
from app.store.rows import KeptPlan, Requester
from app.usecases.access import Access
from app.usecases.replay import Replayed, replay
from app.usecases.service import Service

OPERATOR = "operator"
"""Who is named in the audit log: whoever may start this program with the address of the database."""

_PORTION = 100
_EVERY_DIFFERENCE = 100_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one plan: how it was replayed, or in a word why it could not be."""

    plan_id: UUID
    replayed: Replayed | None
    failure: str | None = None


async def count_kept(service: Service, tenants: Iterable[str]) -> int:
    """Return how many plans the tenants have."""
    total = 0
    for tenant in tenants:
        async with _entry(service, tenant).reading() as connection:
            total += await count_plans(connection, tenant)
    return total


async def replay_all(
    service: Service, tenants: Iterable[str], wanted: KnowledgeBase | None = None
) -> AsyncGenerator[Outcome, None]:
    """Yield what came of each plan. One that fails does not hide the others."""
    for tenant in tenants:
        entry = _entry(service, tenant)
        portion = await _portion(entry, None)
        if portion:
            await entry.record("success")
        while portion:
            for kept in portion:
                yield _outcome(service, kept, wanted)
            portion = await _portion(entry, portion[-1].id)


async def replay_one(
    service: Service, tenants: Iterable[str], plan_id: UUID, wanted: KnowledgeBase | None = None
) -> Outcome | None:
    """Return what came of the plan of that id, whoever's it is; None when none of the tenants has it."""
    for tenant in tenants:
        entry = _entry(service, tenant)
        async with entry.reading() as connection:
            kept = await find_kept_plan(connection, tenant, plan_id)
        if kept is not None:
            entry.concerns(plan_id)
            await entry.record("success")
            return _outcome(service, kept, wanted)
    return None


def _entry(service: Service, tenant: str) -> Access:
    return Access(service, Requester(tenant, OPERATOR, str(uuid7())), "replay", "plan")


async def _portion(entry: Access, after: UUID | None) -> list[KeptPlan]:
    """Read the next plans and give the connection back: deciding takes longer than reading."""
    async with entry.reading() as connection:
        return await read_kept_plans(connection, entry.who.tenant, after, _PORTION)


def _outcome(service: Service, kept: KeptPlan, wanted: KnowledgeBase | None) -> Outcome:
    try:
        return Outcome(kept.id, replay(kept, service.versions, wanted, _EVERY_DIFFERENCE))
    except ReplayRefused as refused:
        return Outcome(kept.id, None, str(refused))
    except Exception as fault:  # noqa: BLE001 - another version may fail in any way; its message may hold what was sent
        return Outcome(kept.id, None, type(fault).__name__)
