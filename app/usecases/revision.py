"""The next version of an episode with the plan that takes the place of the present one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.clinical.episode import Episode
from app.clinical.plan import PlanContent, PlanDocument
from app.clinical.progress import Course
from app.errors import NotFound
from app.planning.acceptance import accepted_option, inherited_status
from app.store.connection import Connection
from app.store.revision import hold_episode, save_revision
from app.store.rows import Current, NewEpisode, NewPlan, Requester
from app.usecases.evaluation import Evaluation
from app.usecases.records import Place, changed_episode, new_plan
from app.usecases.service import Service


@dataclass(frozen=True, slots=True)
class Revision:
    """The next version of an episode and its next plan, to be written together."""

    episode: NewEpisode
    plan: NewPlan


async def held(connection: Connection, who: Requester, episode_id: UUID) -> Current:
    """Return the tenant's episode, held until the transaction ends; raise NotFound without one."""
    current = await hold_episode(connection, who.tenant, episode_id)
    if current is None:
        raise NotFound
    return current


def facts_of(current: Current) -> Episode:
    """Return the facts that the present plan was decided on, dates resolved."""
    return Episode.model_validate_json(current.input)


def course_of(current: Current) -> Course | None:
    """Return the course from which treatment goes on; None before an option was followed."""
    return None if current.course is None else Course.model_validate_json(current.course)


def content_of(current: Current) -> PlanContent:
    """Return what the present plan says."""
    return PlanDocument.model_validate_json(current.plan.document)


def first_of(current: Current) -> PlanDocument | None:
    """Return what the present plan said before its acceptance; None where it says that still."""
    return None if current.first is None else PlanDocument.model_validate_json(current.first)


def revision(service: Service, current: Current, episode: Episode, evaluation: Evaluation, now: datetime) -> Revision:
    """Return what an evaluation of changed facts writes. `episode` is kept as the episode's properties."""
    course = evaluation.course
    following = None if course is None else course.following
    status = inherited_status(current.plan.status, evaluation.content, following)
    place = Place(current.episode.id, current.plan.revision + 1, status, accepted_option(status, following))
    return Revision(
        changed_episode(current.episode, episode, evaluation, course, now),
        new_plan(place, evaluation, service.knowledge, now),
    )


async def save(connection: Connection, who: Requester, current: Current, new: Revision) -> None:
    """Write a revision in the place of the present plan."""
    await save_revision(connection, who.tenant, current.plan.id, new.episode, new.plan)
