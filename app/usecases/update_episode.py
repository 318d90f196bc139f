"""Changed facts in, the next plan revision out; the caller must have seen the present version."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from app.clinical.episode import Episode
from app.clinical.progress import Course
from app.errors import InvalidEpisode
from app.facts.dates import resolved_dates, with_dates
from app.facts.new_results import find_course_faults, with_later_dates
from app.planning.reading import Reader
from app.store.rows import Current, Requester, Written
from app.usecases.access import access
from app.usecases.answers import episode_and_plan, episode_etag
from app.usecases.evaluation import evaluate
from app.usecases.revision import Revision, course_of, held, revision, save
from app.usecases.service import Service
from app.usecases.versions import require_version


async def update_episode(
    service: Service, who: Requester, episode_id: UUID, patch: dict[str, Any], if_match: str | None
) -> Written:
    """Merge a patch (RFC 7396) into the facts and plan anew at once; committed when this returns.

    Raises pydantic's ValidationError where the merged facts are no episode.
    """
    now = service.clock()
    async with access(service, who, "update", "episode", episode_id) as entry, entry.writing() as connection:
        entry.concerns(episode_id=episode_id)
        current = await held(connection, who, episode_id)
        require_version(if_match, episode_etag(current.episode))
        new = _changed(service, current, patch, now)
        await save(connection, who, current, new)
        entry.concerns(related=(new.plan.record.id,))
    episode, plan = new.episode.record, new.plan.record
    return Written(episode.id, plan.id, episode_etag(episode), episode_and_plan(episode, plan))


def _changed(service: Service, current: Current, patch: dict[str, Any], now: datetime) -> Revision:
    merged = json.dumps(merge(json.loads(current.episode.document), patch))
    sent, course, kb = Episode.model_validate_json(merged), course_of(current), service.knowledge
    faults = () if course is None else find_course_faults(sent, course)
    if faults:
        raise InvalidEpisode(faults)
    episode = _dated(sent, course, patch, now)
    if course is not None:
        course = Reader(episode, kb).again(_begun(course, episode, patch))
    return revision(service, current, sent, evaluate(episode, kb, now, course), now)


def _dated(sent: Episode, course: Course | None, patch: dict[str, Any], now: datetime) -> Episode:
    """Return the facts as of the day they name, no earlier than the course; a start that was named is kept to."""
    dated = with_dates(sent, now)
    as_of, _ = resolved_dates(dated)
    latest = max((visit.on for visit in course.visits), default=as_of) if course else as_of
    return dated if "start_on" in patch else with_later_dates(dated, latest)


def _begun(course: Course, episode: Episode, patch: dict[str, Any]) -> Course:
    """Return the course from the first day that the patch names, as long as nothing was found or stepped since."""
    if "start_on" not in patch or course.following is None or course.visits or course.steps:
        return course
    _, start_on = resolved_dates(episode)
    return course.model_copy(update={"following": course.following.model_copy(update={"start_on": start_on})})


def merge(target: Any, patch: Any) -> Any:
    """Return a JSON value changed by a merge patch: null removes, an object goes deeper, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged
