"""A clinician's decision about the present plan of an episode: kept for good, with what follows from it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from app.clinical.progress import Decision, DecisionRequest
from app.errors import NotFound, PlanSuperseded, PlanWithdrawn
from app.facts.faults import Fault
from app.store.connection import Connection
from app.store.decisions import decisions_of_plan, save_decision
from app.store.revision import episode_of, set_course, set_plan_status
from app.store.rows import Attempt, Current, NewDecision, Requester, Written
from app.usecases.access import access
from app.usecases.answers import plan_body, plan_etag
from app.usecases.decision_outcomes import Outcome, settle
from app.usecases.decision_question import Question, put
from app.usecases.once import once
from app.usecases.records import course_text
from app.usecases.revision import held, save
from app.usecases.service import Service
from app.usecases.versions import check_version


async def decide_plan(
    service: Service,
    who: Requester,
    plan_id: UUID,
    request: DecisionRequest,
    if_match: str | None = None,
    attempt: Attempt | None = None,
) -> Written:
    """Keep a decision and what follows from it; everything is committed when this returns."""
    now = service.clock()
    async with access(service, who, "decide", "plan", plan_id) as entry:

        async def keep(connection: Connection) -> Written:
            current = await _present(connection, who, plan_id)
            entry.concerns(episode_id=current.episode.id)
            check_version(if_match, plan_etag(current.plan))
            earlier = await decisions_of_plan(connection, who.tenant, plan_id)
            question = put(current, request, tuple(Decision.model_validate_json(one) for one in earlier), now)
            outcome = settle(service, question, now)
            decision = _decision(question, who, now)
            await save_decision(connection, who.tenant, _kept(decision, current, now))
            await _apply(connection, who, current, outcome)
            entry.concerns(related=_made(decision, outcome))
            return _answer(decision, current, outcome)

        return await once(service, entry, attempt, keep)


async def _present(connection: Connection, who: Requester, plan_id: UUID) -> Current:
    """Return the episode of the plan, held; raise unless the plan is its present one and still open."""
    episode_id = await episode_of(connection, who.tenant, plan_id)
    if episode_id is None:
        raise NotFound
    current = await held(connection, who, episode_id)
    if current.plan.id != plan_id:
        message = f"The present plan of the episode is {current.plan.id}, revision {current.plan.revision}"
        raise PlanSuperseded([Fault("", "PLAN_SUPERSEDED", message)])
    if current.plan.status == "withdrawn":
        raise PlanWithdrawn
    return current


def _decision(question: Question, who: Requester, now: datetime) -> Decision:
    request, current = question.request, question.current
    return Decision(
        id=str(uuid7()),
        episode_id=str(current.episode.id),
        plan_id=str(current.plan.id),
        action=request.action,
        option_id=request.option_id,
        reason_code=request.reason_code,
        note=request.note,
        override=question.override,
        decided_on=question.decided_on,
        decided_by=who.subject,
        created_at=now,
    )


def _kept(decision: Decision, current: Current, now: datetime) -> NewDecision:
    return NewDecision(
        id=UUID(decision.id),
        episode_id=current.episode.id,
        plan_id=current.plan.id,
        action=decision.action,
        decided_on=decision.decided_on,
        created_at=now,
        document=decision.model_dump_json(),
    )


def _made(decision: Decision, outcome: Outcome) -> tuple[UUID, ...]:
    """Return the ids of what is written: the decision, and the plan where it leads to a new one."""
    decided = UUID(decision.id)
    return (decided,) if outcome.revision is None else (decided, outcome.revision.plan.record.id)


async def _apply(connection: Connection, who: Requester, current: Current, outcome: Outcome) -> None:
    if outcome.revision is not None:
        await save(connection, who, current, outcome.revision)
        return
    await set_plan_status(connection, who.tenant, current.plan.id, outcome.status)
    await set_course(connection, who.tenant, current.episode.id, course_text(outcome.course))


def _answer(decision: Decision, current: Current, outcome: Outcome) -> Written:
    changed = replace(current.plan, status=outcome.status)
    plan = changed if outcome.revision is None else outcome.revision.plan.record
    body = b'{"decision":%s,"plan":%s}' % (decision.model_dump_json().encode(), plan_body(plan))
    return Written(plan.episode_id, plan.id, plan_etag(plan), body)
