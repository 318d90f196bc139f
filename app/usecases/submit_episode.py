"""An episode in, a cited plan out; both are kept or neither is."""

from app.clinical.episode import Episode
from app.store.connection import Connection
from app.store.rows import Attempt, NewEpisode, NewPlan, Requester, Written
from app.store.submission import save_submission
from app.usecases.answers import episode_and_plan, episode_etag
from app.usecases.evaluation import evaluate
from app.usecases.once import once
from app.usecases.records import FIRST, Place, new_episode, new_plan
from app.usecases.service import Service


async def submit_episode(service: Service, who: Requester, episode: Episode, attempt: Attempt | None = None) -> Written:
    """Decide on the episode and keep it with its first plan; everything is committed when this returns."""
    if attempt is None:  # one statement, which commits by itself
        new = _decide(service, episode)
        async with service.database.connect(who.tenant) as connection:
            return await _keep(connection, who, *new)

    async def keep(connection: Connection) -> Written:
        return await _keep(connection, who, *_decide(service, episode))

    return await once(service, who, attempt, keep)


def _decide(service: Service, episode: Episode) -> tuple[NewEpisode, NewPlan]:
    now = service.clock()
    evaluation = evaluate(episode, service.knowledge, now)
    kept = new_episode(episode, evaluation, now)
    return kept, new_plan(Place(kept.record.id, FIRST, "draft"), evaluation, service.knowledge, now)


async def _keep(connection: Connection, who: Requester, new: NewEpisode, plan: NewPlan) -> Written:
    await save_submission(connection, who.tenant, new, plan)
    body = episode_and_plan(new.record, plan.record)
    return Written(new.record.id, plan.record.id, episode_etag(new.record), body)
