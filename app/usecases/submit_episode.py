"""An episode in, a cited plan out; both are kept or neither is."""

from dataclasses import dataclass
from uuid import UUID

from app.clinical.episode import Episode
from app.store.rows import Requester
from app.store.submission import save_submission
from app.usecases.answers import episode_and_plan, episode_etag
from app.usecases.evaluation import evaluate
from app.usecases.records import FIRST, Place, new_episode, new_plan
from app.usecases.service import Service


@dataclass(frozen=True, slots=True)
class Submitted:
    """The kept episode and plan as answered; `etag` is the episode's."""

    episode_id: UUID
    plan_id: UUID
    etag: str
    body: bytes


async def submit_episode(service: Service, who: Requester, episode: Episode) -> Submitted:
    """Decide on the episode and keep it with its first plan; everything is committed when this returns."""
    now = service.clock()
    evaluation = evaluate(episode, service.knowledge, now)
    kept = new_episode(episode, evaluation, now)
    plan = new_plan(Place(kept.record.id, FIRST, "draft"), evaluation, service.knowledge, now)
    async with service.database.connect(who.tenant) as connection:
        await save_submission(connection, who.tenant, kept, plan)
    body = episode_and_plan(kept.record, plan.record)
    return Submitted(kept.record.id, plan.record.id, episode_etag(kept.record), body)
