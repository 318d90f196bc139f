"""New results against a course: the response, the gates of the next step, and the course as it goes on from here."""

from dataclasses import dataclass
from typing import Literal

from app.clinical.episode import Episode
from app.clinical.progress import AssessmentContent, Course, Reclassified, StepTaken, TaperGate, Visit
from app.clinical.vocabulary import GateDecision
from app.facts.course import level_index
from app.knowledge.base import KnowledgeBase
from app.planning.decide import goes_on_today
from app.planning.gate import review_on
from app.planning.hindsight import changed_responses, steps_again
from app.planning.reading import Reader, passes_remission, replaced
from app.rules.course.compare import Pair
from app.rules.course.remarks import remarks
from app.rules.course.response import Reading, View
from app.taper.gates import GateOutcome


@dataclass(frozen=True, slots=True)
class Assessed:
    """What was found, and the course with it. A step that the gates allow has been taken in `course`."""

    content: AssessmentContent
    course: Course


@dataclass(frozen=True, slots=True)
class _Moment:
    """One visit with all that was asked at it. `decision` is None without a schedule; `course` holds the visit."""

    visit: Visit
    view: View
    reading: Reading
    outcome: GateOutcome | None
    decision: GateDecision | None
    because: str
    course: Course


def assess(episode: Episode, before: Course, visit: Visit, kb: KnowledgeBase) -> Assessed:
    """Return the assessment of a visit. The episode holds every result known, the new ones among them.

    Only the latest of all visits can take a step: an earlier one is read, but no dose changes after the fact. Earlier
    visits are read again first, because results sent since may be of their time.
    """
    reader = Reader(episode, kb)
    moment = _ask(reader, reader.again(before), visit)
    course = reader.again(_stepped(moment) if moment.decision == "step" else moment.course)
    course, gates = steps_again(reader, course)
    changes = (*changed_responses(before, course, moment.visit), *gates)
    return Assessed(_content(moment, before, course, changes, kb), course)


def _ask(reader: Reader, before: Course, visit: Visit) -> _Moment:
    view = reader.view(visit, before)
    reading = reader.read(view)
    response = reading.response if visit.kind == "assessment" else None
    read = visit.model_copy(update={"response": response, "worse": reader.worse(visit.on, before)})
    course = _with_visit(before, read)
    outcome = reader.gates(view, course, overridden=passes_remission(read.override))
    decision, because = _decided(reader, outcome, course, read)
    decided = read.model_copy(update={"gate_decision": decision})
    return _Moment(decided, view, reading, outcome, decision, because, replaced(course, read, decided))


def _decided(
    reader: Reader, outcome: GateOutcome | None, course: Course, visit: Visit
) -> tuple[GateDecision | None, str]:
    """Return what is done and why: a step is held after the fact, and while the option may not go on as it is."""
    if outcome is None:
        return None, ""
    if outcome.decision != "step":
        return outcome.decision, outcome.because
    if course.visits[-1] is not visit:
        return "hold", "A later visit stands: assess again for a step."
    if not goes_on_today(reader.on_day_of(visit), reader.kb, course):
        return "hold", "No step while the option followed is blocked or short of a dose: the plan says why."
    return outcome.decision, outcome.because


def _with_visit(course: Course, visit: Visit) -> Course:
    """Return the course with one visit more, in the order of the days; of one day the later sent comes later."""
    visits = sorted((*course.visits, visit), key=lambda item: item.on)
    return course.model_copy(update={"visits": tuple(visits)})


def _stepped(moment: _Moment) -> Course:
    course, gates = moment.course, moment.outcome.gates if moment.outcome else ()
    by: Literal["gates", "override"] = "gates" if all(gate.met for gate in gates) else "override"
    step = StepTaken(index=level_index(course) + 1, starts_on=moment.visit.on, by=by)
    return course.model_copy(update={"steps": (*course.steps, step)})


def _content(
    moment: _Moment, before: Course, course: Course, changes: tuple[Reclassified, ...], kb: KnowledgeBase
) -> AssessmentContent:
    following, visit = before.following, moment.visit
    return AssessmentContent(
        assessed_on=visit.on,
        option_id=following.option_id if following else None,
        day=moment.view.day if following else None,
        response=moment.reading.response,
        because=moment.reading.because,
        citations=moment.reading.citations,
        basis=tuple(item.change() for item in moment.view.pairs.values() if _told(item)),
        taper_gate=_gate(moment, course, kb),
        findings=remarks(course, visit, moment.reading.response, moment.decision),
        changes=changes,
    )


def _gate(moment: _Moment, course: Course, kb: KnowledgeBase) -> TaperGate | None:
    outcome, decision = moment.outcome, moment.decision
    if outcome is None or decision is None:
        return None
    return TaperGate(
        decision=decision,
        gates=outcome.gates,
        because=moment.because,
        next_review_on=review_on(outcome, course, moment.visit.on, kb),
        citations=outcome.citations,
    )


def _told(item: Pair) -> bool:
    return item.before.known or item.now.known
