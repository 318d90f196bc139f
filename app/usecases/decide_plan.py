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
from app.store.revision import episode_of, set_course, set_plan_status, show_accepted, show_first
from app.store.rows import Attempt, Current, NewDecision, PlanRecord, Requester, Written
from app.usecases.access import access
from app.usecases.answers import plan_body, plan_etag
from app.usecases.decision_outcomes import Outcome, settle
from app.usecases.decision_question import Question, put
from app.usecases.once import once
from app.usecases.records import course_text, due_rows
from app.usecases.revision import first_of, held, save
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
            plan = await _apply(service, connection, who, decision, current, outcome)
            entry.concerns(related=_made(decision, outcome))
            body = b'{"decision":%s,"plan":%s}' % (decision.model_dump_json().encode(), plan_body(plan))
            return Written(plan.episode_id, plan.id, plan_etag(plan), body)

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


async def _apply(
    service: Service, connection: Connection, who: Requester, decision: Decision, current: Current, outcome: Outcome
) -> PlanRecord:
    """Write what follows from a decision that is kept already; return the plan as it is shown from now on."""
    if outcome.revision is not None:
        await save(connection, who, current, outcome.revision)
        return outcome.revision.plan.record
    shown = await _show(service, connection, who, decision, current, outcome)
    await set_plan_status(connection, who.tenant, shown.id, outcome.status, outcome.option_id)
    await set_course(connection, who.tenant, current.episode.id, course_text(outcome.course))
    return replace(shown, status=outcome.status, accepted_option_id=outcome.option_id)


async def _show(
    service: Service, connection: Connection, who: Requester, decision: Decision, current: Current, outcome: Outcome
) -> PlanRecord:
    """Let the plan say what the acceptance makes of it, or what it said before one that is taken back."""
    new = outcome.accepted
    if new is not None:
        await show_accepted(connection, who.tenant, UUID(decision.id), new)
        return replace(current.plan, document=new.document, output_digest=new.output_digest)
    first = None if outcome.status == "accepted" else first_of(current)
    if first is None:
        return current.plan
    due = due_rows(first, service.knowledge)
    await show_first(connection, who.tenant, current.plan.id, current.episode.id, due)
    return replace(current.plan, document=current.first or "", output_digest=first.output_digest)
