"""An episode in, a cited plan out; both are kept or neither is."""

from app.clinical.episode import Episode
from app.store.connection import Connection
from app.store.rows import Attempt, NewEpisode, NewPlan, Requester, Written
from app.store.submission import save_submission
from app.usecases.access import Access, access
from app.usecases.answers import episode_and_plan, episode_etag
from app.usecases.evaluation import evaluate
from app.usecases.once import once
from app.usecases.records import FIRST, Place, new_episode, new_plan
from app.usecases.service import Service


async def submit_episode(service: Service, who: Requester, episode: Episode, attempt: Attempt | None = None) -> Written:
    """Decide on the episode and keep it with its first plan; everything is committed when this returns."""
    async with access(service, who, "create", "episode") as entry:
        if attempt is None:  # one statement, which commits by itself
            new = _decide(service, entry, episode)
            async with entry.writing_at_once() as (connection, event):
                await save_submission(connection, who.tenant, *new, event)
            return _answer(*new)

        async def keep(connection: Connection) -> Written:
            new = _decide(service, entry, episode)
            await save_submission(connection, who.tenant, *new)
            return _answer(*new)

        return await once(service, entry, attempt, keep)


def _decide(service: Service, entry: Access, episode: Episode) -> tuple[NewEpisode, NewPlan]:
    now = service.clock()
    evaluation = evaluate(episode, service.knowledge, now)
    kept = new_episode(episode, evaluation, now)
    plan = new_plan(Place(kept.record.id, FIRST, "draft"), evaluation, service.knowledge, now)
    entry.concerns(kept.record.id, episode_id=kept.record.id, related=(plan.record.id,))
    return kept, plan


def _answer(new: NewEpisode, plan: NewPlan) -> Written:
    body = episode_and_plan(new.record, plan.record)
    return Written(new.record.id, plan.record.id, episode_etag(new.record), body)
