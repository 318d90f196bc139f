"""A decision put to the present plan: what it is about, and what speaks against it before anything is decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.clinical.episode import Episode
from app.clinical.plan import PlanContent
from app.clinical.progress import Course, Decision, DecisionRequest, Override
from app.errors import InvalidDecision, PlanExpired
from app.facts.dates import zone_of
from app.facts.faults import Fault
from app.facts.new_results import find_override_faults
from app.store.rows import Current
from app.usecases.revision import content_of, course_of, facts_of


@dataclass(frozen=True, slots=True)
class Question:
    """A decision and all that it is about. `earlier` are the decisions about this plan before it, oldest first."""

    current: Current
    facts: Episode
    content: PlanContent
    course: Course
    request: DecisionRequest
    earlier: tuple[Decision, ...]
    decided_on: date

    @property
    def override(self) -> Override | None:
        """The reason to pass a gate, also where it was sent as the reason of the decision itself."""
        request = self.request
        if request.override is not None or request.action != "override" or request.reason_code is None:
            return request.override
        return Override(gate=None, reason_code=request.reason_code, note=request.note)


def put(current: Current, request: DecisionRequest, earlier: tuple[Decision, ...], now: datetime) -> Question:
    """Return the question, or raise InvalidDecision or PlanExpired."""
    facts = facts_of(current)
    question = Question(
        current=current,
        facts=facts,
        content=content_of(current),
        course=course_of(current) or Course(),
        request=request,
        earlier=earlier,
        decided_on=request.decided_on or now.astimezone(zone_of(facts.site)).date(),
    )
    _refuse(question)
    return question


def _refuse(question: Question) -> None:
    faults = tuple(_faults(question))
    if faults:
        raise InvalidDecision(faults)
    last = question.content.valid_until
    if question.decided_on > last and not question.current.plan.retrospective:
        message = f"The plan was valid until {last}: send an assessment or changed facts for a new one"
        raise PlanExpired([Fault("/decided_on", "PLAN_EXPIRED", message)])


def _faults(question: Question) -> Iterator[Fault]:
    request, first = question.request, question.content.as_of
    if request.action == "accept" and request.option_id is None:
        yield Fault("/option_id", "OPTION_MISSING", "Name the option that is accepted")
    if request.action == "override" and question.override is None:
        yield Fault("/override", "REASON_MISSING", "Send `override` with a `reason_code`")
    if request.reason_code == "other" and not (request.note or "").strip():
        yield Fault("/note", "NOTE_MISSING", "The reason `other` needs a note that says which")
    if request.decided_on is not None and request.decided_on < first:
        yield Fault("/decided_on", "DECIDED_BEFORE_PLAN", f"The plan is for {first}; no decision lies before it")
    yield from find_override_faults(request.override, "/override")
