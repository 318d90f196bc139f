"""What follows from a decision: another status, a course that goes on differently, or a step that is taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.clinical.course import Task
from app.clinical.option import Option
from app.clinical.plan import PlanContent
from app.clinical.progress import Course, Override, Visit
from app.clinical.vocabulary import OptionId, PlanStatus
from app.errors import HardGateOpen, OptionClosed, PlanAccepted, PlanExpired, StepNotOpen
from app.facts.faults import Fault
from app.facts.new_results import with_later_dates
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.planning.acceptance import accepted, accepted_option, assumed, declined, option_named
from app.planning.assess import assess
from app.planning.decide import decide
from app.rules.plan.tasks import open_gates
from app.store.rows import AcceptedPlan
from app.usecases.decision_question import Question
from app.usecases.evaluation import evaluate, with_joined
from app.usecases.records import accepted_plan
from app.usecases.revision import Revision, revision
from app.usecases.service import Service


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision changes: the plan's status and the course, or a whole revision where a step is taken.

    An acceptance says what the plan says from now on; until it is taken back.
    """

    status: PlanStatus
    course: Course
    revision: Revision | None = None
    accepted: AcceptedPlan | None = None

    @property
    def option_id(self) -> OptionId | None:
        """The option that is accepted then."""
        return accepted_option(self.status, self.course.following)


def settle(service: Service, question: Question, now: datetime) -> Outcome:
    """Return what follows from a decision, or raise the Conflict that stops it."""
    if question.request.action == "accept":
        return _accept(service, question)
    if question.request.action == "decline":
        return _decline(question)
    gates = list(_overridden_gates(question))
    return _unchanged(question) if gates else _step(service, question, now)


def _unchanged(question: Question) -> Outcome:
    return Outcome(question.current.plan.status, question.course)


def _accept(service: Service, question: Question) -> Outcome:
    option = option_named(question.content, question.request.option_id)
    if option is None:
        message = "The plan does not offer this option: it is blocked, not indicated or not listed"
        raise OptionClosed([Fault("/option_id", "OPTION_NOT_AVAILABLE", message)])
    _refuse_second(question, option)
    _refuse_gates(question, option)
    kb = service.versions.of_digest(question.content.knowledge.digest) or service.knowledge
    course = accepted(option, question.content, prepare_facts(question.facts, kb), question.course, kb)
    if _shows(question.content, option):
        return Outcome("accepted", course)
    content = decide(question.facts, kb, course)
    _refuse_changed(question, option, content, kb)
    joint, content = with_joined(question.facts, course, content, kb)
    goes_on = joint or course
    return Outcome("accepted", goes_on, accepted=accepted_plan(question.current.plan, goes_on, content, kb))


def _shows(content: PlanContent, option: Option) -> bool:
    """Whether schedule, tests and headline of a plan are those of the option already."""
    scheduled = None if content.taper is None else content.taper.option_id
    return scheduled == option.id or (scheduled is None and option.standing == "recommended")


def _refuse_changed(question: Question, option: Option, content: PlanContent, kb: KnowledgeBase) -> None:
    """What is accepted is what was read: a plan of an earlier version whose doses are decided otherwise now is old."""
    before = question.content
    if (before.engine, before.knowledge) == (content.engine, content.knowledge):
        return
    again = decide(question.facts, kb, question.course)
    now = next((item for item in again.options if item.id == option.id), None)
    if now is None or (now.medications, now.taper) != (option.medications, option.taper):
        message = "This option is dosed otherwise since the service was updated: send changed facts for a new plan"
        raise PlanExpired([Fault("/option_id", "PLAN_EXPIRED", message)])


def _refuse_second(question: Question, option: Option) -> None:
    """One option at a time: what was accepted for this revision is declined before another is accepted.

    A revision that only inherited its acceptance may be given another option: that is a change of treatment.
    """
    if question.current.plan.status != "accepted":
        return
    following = question.course.following
    decided = any(item.action == "accept" for item in question.earlier)
    if decided or (following is not None and following.option_id == option.id):
        message = "An option of this plan is accepted already: decline it before another is accepted"
        raise PlanAccepted([Fault("/option_id", "PLAN_ALREADY_ACCEPTED", message)])


def _refuse_gates(question: Question, option: Option) -> None:
    overrides = (question.override, *_earlier_overrides(question, option))
    passed = {override.gate for override in overrides if override is not None}
    gates = () if None in passed else open_gates(question.content.tasks, option.id)
    shut = [task for task in gates if task.code not in passed]
    if shut:
        text = "{}: do it and send the changed facts, or override with a reason"
        raise HardGateOpen(Fault("/override", task.code, text.format(task.title)) for task in shut)


def _earlier_overrides(question: Question, option: Option) -> Iterator[Override]:
    """Yield the overrides of this plan's gates: those that name a gate, and those of every gate of this option."""
    for item in question.earlier:
        override = item.override if item.action == "override" else None
        if override is not None and (item.option_id == option.id or (not item.option_id and override.gate)):
            yield override


def _overridden_gates(question: Question) -> Iterator[Task]:
    """Yield the open hard gates that an override is about; without any it is about the next step.

    It names a gate, or the option whose gates it passes while that option is not followed yet.
    """
    override, option_id, following = question.override, question.request.option_id, question.course.following
    if override is not None and override.gate is not None:
        yield from (task for task in question.content.tasks if task.gate == "hard" and task.code == override.gate)
    elif option_id is not None and (following is None or following.option_id != option_id):
        yield from open_gates(question.content.tasks, option_id)


def _decline(question: Question) -> Outcome:
    option_id, plan = question.request.option_id, question.current.plan
    following = question.course.following
    if option_id is None:
        return Outcome("withdrawn", declined(question.course))
    if plan.status == "accepted" and following is not None and following.option_id == option_id:
        return Outcome("draft", declined(question.course))
    return _unchanged(question)


def _step(service: Service, question: Question, now: datetime) -> Outcome:
    """Take the next step on improvement, on the results that are known; refuse where another gate is closed."""
    kb = service.knowledge
    course = assumed(question.content, prepare_facts(question.facts, kb), question.course, kb)
    found = assess(question.facts, course, _visit(question, course), kb)
    gate = found.content.taper_gate
    if gate is None or gate.decision != "step":
        shut = () if gate is None else (item for item in gate.gates if item.met is not True)
        raise StepNotOpen(Fault("/override", item.code, item.detail) for item in shut)
    episode = with_later_dates(question.facts, question.decided_on)
    new = revision(service, question.current, episode, evaluate(episode, kb, now, found.course), now)
    return Outcome(new.plan.record.status, found.course, new)


def _visit(question: Question, course: Course) -> Visit:
    """Return the override as a visit: what was found last still stands, nothing new was looked for."""
    last = course.visits[-1] if course.visits else None
    return Visit(
        on=question.decided_on,
        kind="override",
        findings=last.findings if last else None,
        adherence_confirmed=last.adherence_confirmed if last else None,
        override=question.override,
        response=None,
        gate_decision=None,
    )
