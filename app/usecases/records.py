"""What is kept of an evaluation: the plan's row, the episode's row, what the plan sets due."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from app.clinical.episode import Episode
from app.clinical.plan import PlanContent
from app.clinical.progress import Course
from app.clinical.vocabulary import OptionId, PlanStatus
from app.knowledge.base import KnowledgeBase
from app.planning.document import write_document
from app.planning.due import due_items
from app.store.rows import AcceptedPlan, DueRow, EpisodeRecord, NewEpisode, NewPlan, PlanRecord
from app.usecases.evaluation import Evaluation

FIRST = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plan stands among the plans of its episode."""

    episode_id: UUID
    revision: int
    status: PlanStatus
    accepted_option_id: OptionId | None = None


def new_episode(episode: Episode, evaluation: Evaluation, now: datetime) -> NewEpisode:
    """Return the first version of an episode, with its properties as sent."""
    record = EpisodeRecord(
        id=uuid7(), status="active", revision=FIRST, created_at=now, updated_at=now, document=_as_sent(episode)
    )
    return _episode(record, episode, evaluation, None)


def changed_episode(
    record: EpisodeRecord, episode: Episode, evaluation: Evaluation, course: Course | None, now: datetime
) -> NewEpisode:
    """Return the next version of an episode and the course that goes on from it."""
    changed = replace(record, revision=record.revision + 1, updated_at=now, document=_as_sent(episode))
    return _episode(changed, episode, evaluation, course)


def _episode(record: EpisodeRecord, episode: Episode, evaluation: Evaluation, course: Course | None) -> NewEpisode:
    reference, condition = episode.patient.reference, episode.condition.code
    return NewEpisode(record, reference, condition, evaluation.content.as_of, course_text(course))


def course_text(course: Course | None) -> str | None:
    """Return a course as it is kept; one in which nothing has happened and nothing is followed is none."""
    return None if course is None or course == Course() else course.model_dump_json()


def _as_sent(episode: Episode) -> str:
    return episode.model_dump_json(exclude_unset=True)


def new_plan(place: Place, evaluation: Evaluation, kb: KnowledgeBase, now: datetime) -> NewPlan:
    """Return the plan of an evaluation with all that is kept beside it."""
    content = evaluation.content
    return NewPlan(
        record=_plan_record(place, evaluation, now),
        disposition=content.disposition,
        as_of=content.as_of,
        valid_until=content.valid_until,
        input=_as_sent(evaluation.episode),
        course=course_text(evaluation.course),
        input_digest=content.input_digest,
        knowledge_version=content.knowledge.version,
        knowledge_digest=content.knowledge.digest,
        engine_version=content.engine.version,
        citation_ids=_cited(content),
        due=due_rows(content, kb),
    )


def accepted_plan(record: PlanRecord, course: Course, content: PlanContent, kb: KnowledgeBase) -> AcceptedPlan:
    """Return what a plan says once the option is accepted that begins the course."""
    document = write_document(content)
    return AcceptedPlan(
        plan_id=record.id,
        episode_id=record.episode_id,
        course=course.model_dump_json(),
        document=document.json.decode(),
        output_digest=document.output_digest,
        knowledge_version=content.knowledge.version,
        knowledge_digest=content.knowledge.digest,
        engine_version=content.engine.version,
        citation_ids=_cited(content),
        due=due_rows(content, kb),
    )


def due_rows(content: PlanContent, kb: KnowledgeBase) -> tuple[DueRow, ...]:
    """Return what a plan sets due, as it is kept."""
    return tuple(DueRow(item.code, item.due_on, item.model_dump_json()) for item in due_items(content, kb))


def _cited(content: PlanContent) -> tuple[str, ...]:
    return tuple(citation.id for citation in content.citations)


def _plan_record(place: Place, evaluation: Evaluation, now: datetime) -> PlanRecord:
    return PlanRecord(
        id=uuid7(),
        episode_id=place.episode_id,
        revision=place.revision,
        status=place.status,
        superseded_by=None,
        retrospective=evaluation.retrospective,
        created_at=now,
        output_digest=evaluation.document.output_digest,
        document=evaluation.document.json.decode(),
        accepted_option_id=place.accepted_option_id,
    )
