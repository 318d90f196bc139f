"""What the database holds after a fault, against what the service acknowledged."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import text

from tests.faults.writers import Answers
from tests.store.database import unbound

_PAIRS = text(
    "SELECT e.id, p.id FROM episodes e LEFT JOIN plans p ON (p.tenant_id, p.episode_id) = (e.tenant_id, e.id)"
    " WHERE e.tenant_id = :tenant"
)
_UNCITED = text(
    "SELECT count(*) FROM plans p WHERE p.tenant_id = :tenant AND NOT EXISTS"
    " (SELECT FROM plan_citations c WHERE (c.tenant_id, c.plan_id) = (p.tenant_id, p.id))"
)
_UNRECORDED = text(
    "SELECT count(*) FROM episodes e WHERE e.tenant_id = :tenant AND NOT EXISTS (SELECT FROM audit_events a"
    " WHERE (a.tenant_id, a.episode_id, a.outcome) = (e.tenant_id, e.id, 'success'))"
)
_TWICE = text("SELECT count(*) - count(DISTINCT patient_reference) FROM episodes WHERE tenant_id = :tenant")


@dataclass(frozen=True, slots=True)
class Ledger:
    """Counts after a fault: nothing acknowledged is lost, nothing is half written, twice or without its event."""

    acknowledged: int
    stored: int
    lost: int
    half_written: int
    twice: int
    unrecorded: int

    @property
    def faults(self) -> tuple[int, ...]:
        """What has to be nothing."""
        return self.lost, self.half_written, self.twice, self.unrecorded

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged, {self.stored} stored, "
            f"{self.lost} lost, {self.half_written} half written, {self.twice} twice, {self.unrecorded} without event"
        )


def compare(url: str, tenant: str, answers: Answers) -> Ledger:
    """Read a tenant's rows and hold them against the answers."""
    return asyncio.run(_compare(url, {"tenant": tenant}, answers))


async def _compare(url: str, whose: dict[str, str], answers: Answers) -> Ledger:
    async with unbound(url) as connection:
        pairs = [(str(episode), plan and str(plan)) for episode, plan in await connection.execute(_PAIRS, whose)]
        counts = [int((await connection.execute(one, whose)).scalar_one()) for one in (_UNCITED, _TWICE, _UNRECORDED)]
    kept = set(pairs)
    lost = [pair for pair in answers.acknowledged.items() if pair not in kept]
    without_plan = [episode for episode, plan in pairs if plan is None]
    return Ledger(len(answers.acknowledged), len(pairs), len(lost), len(without_plan) + counts[0], *counts[1:])
