"""An episode in, a cited plan out; both are kept or neither is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from app.clinical.episode import Episode
from app.store.rows import EpisodeRecord, NewEpisode, NewPlan, PlanRecord, Requester
from app.store.submission import save_submission
from app.usecases.answers import episode_body, episode_etag, plan_body
from app.usecases.decision import Decision, make_decision
from app.usecases.service import Service

_FIRST = 1


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
    decision = make_decision(episode, service.knowledge, now)
    new_episode = _episode(episode, decision, now)
    new_plan = _plan(new_episode.record.id, decision, now)
    async with service.database.connect(who.tenant) as connection:
        await save_submission(connection, who.tenant, new_episode, new_plan)
    return _submitted(new_episode.record, new_plan.record)


def _episode(episode: Episode, decision: Decision, now: datetime) -> NewEpisode:
    record = EpisodeRecord(
        id=uuid7(),
        status="active",
        revision=_FIRST,
        created_at=now,
        updated_at=now,
        document=episode.model_dump_json(exclude_unset=True),
    )
    return NewEpisode(record, episode.patient.reference, episode.condition.code, decision.content.as_of)


def _plan(episode_id: UUID, decision: Decision, now: datetime) -> NewPlan:
    content = decision.content
    return NewPlan(
        record=_plan_record(episode_id, decision, now),
        disposition=content.disposition,
        as_of=content.as_of,
        valid_until=content.valid_until,
        input=decision.episode.model_dump_json(exclude_unset=True),
        input_digest=content.input_digest,
        knowledge_version=content.knowledge.version,
        knowledge_digest=content.knowledge.digest,
        engine_version=content.engine.version,
        citation_ids=tuple(citation.id for citation in content.citations),
    )


def _plan_record(episode_id: UUID, decision: Decision, now: datetime) -> PlanRecord:
    return PlanRecord(
        id=uuid7(),
        episode_id=episode_id,
        revision=_FIRST,
        status="draft",
        superseded_by=None,
        retrospective=decision.retrospective,
        created_at=now,
        output_digest=decision.document.output_digest,
        document=decision.document.json.decode(),
    )


def _submitted(episode: EpisodeRecord, plan: PlanRecord) -> Submitted:
    body = b'{"episode":%s,"plan":%s}' % (episode_body(episode), plan_body(plan))
    return Submitted(episode.id, plan.id, episode_etag(episode), body)
