"""New results and findings in, a reading of them and the next plan revision out; all are kept or none."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from app.clinical.progress import AssessmentHeader, AssessmentRequest, Course, Visit
from app.errors import InvalidEpisode
from app.facts.dates import zone_of
from app.facts.new_results import find_assessment_faults, is_latest, with_results
from app.facts.prepare import prepare_facts
from app.planning.acceptance import assumed
from app.planning.assess import assess
from app.planning.document import join_header
from app.store.assessments import save_assessment
from app.store.connection import Connection
from app.store.rows import Attempt, Current, NewAssessment, Requester, Written
from app.usecases.access import access
from app.usecases.answers import episode_etag, plan_body
from app.usecases.evaluation import evaluate
from app.usecases.once import once
from app.usecases.revision import Revision, content_of, course_of, facts_of, held, revision, save
from app.usecases.service import Service
from app.usecases.versions import check_version


@dataclass(frozen=True, slots=True)
class _Assessed:
    """An assessment as answered, with what it writes."""

    header: AssessmentHeader
    document: bytes
    revision: Revision


async def assess_episode(
    service: Service,
    who: Requester,
    episode_id: UUID,
    request: AssessmentRequest,
    if_match: str | None = None,
    attempt: Attempt | None = None,
) -> Written:
    """Read an assessment against the course and keep it with the plan it writes; committed when this returns."""
    now = service.clock()
    async with access(service, who, "create", "assessment") as entry:
        entry.concerns(episode_id=episode_id)

        async def keep(connection: Connection) -> Written:
            current = await held(connection, who, episode_id)
            check_version(if_match, episode_etag(current.episode))
            done = _assess(service, current, request, now)
            await save(connection, who, current, done.revision)
            await save_assessment(connection, who.tenant, _kept(done, who, request))
            entry.concerns(UUID(done.header.id), related=(done.revision.plan.record.id,))
            return _answer(done)

        return await once(service, entry, attempt, keep)


def _answer(done: _Assessed) -> Written:
    episode, plan = done.revision.episode.record, done.revision.plan.record
    body = b'{"assessment":%s,"plan":%s}' % (done.document, plan_body(plan))
    return Written(episode.id, plan.id, episode_etag(episode), body)


def _assess(service: Service, current: Current, request: AssessmentRequest, now: datetime) -> _Assessed:
    known, kb = facts_of(current), service.knowledge
    faults = find_assessment_faults(request, known, now.astimezone(zone_of(known.site)).date(), kb)
    if faults:
        raise InvalidEpisode(faults)
    course = course_of(current) or Course()
    if course.following is None:
        course = assumed(content_of(current), prepare_facts(known, kb), course, kb)
    episode = with_results(known, request, latest=is_latest(request.assessed_on, course))
    found = assess(episode, course, _visit(request), kb)
    new = revision(service, current, episode, evaluate(episode, kb, now, found.course), now)
    header = _header(current, new, now)
    return _Assessed(header, join_header(header, found.content.model_dump_json().encode()), new)


def _visit(request: AssessmentRequest) -> Visit:
    return Visit(
        on=request.assessed_on,
        kind="assessment",
        findings=request.findings,
        adherence_confirmed=request.adherence_confirmed,
        override=request.override,
        response=None,
        gate_decision=None,
    )


def _header(current: Current, new: Revision, now: datetime) -> AssessmentHeader:
    return AssessmentHeader(
        id=str(uuid7()), episode_id=str(current.episode.id), plan_id=str(new.plan.record.id), created_at=now
    )


def _kept(done: _Assessed, who: Requester, request: AssessmentRequest) -> NewAssessment:
    return NewAssessment(
        id=UUID(done.header.id),
        episode_id=done.revision.episode.record.id,
        plan_id=done.revision.plan.record.id,
        assessed_on=request.assessed_on,
        created_at=done.header.created_at,
        created_by=who.subject,
        request=request.model_dump_json(exclude_unset=True),
        document=done.document.decode(),
    )
