"""New results against a course: the response, the gates of the next step, and the course as it goes on from here."""

from dataclasses import dataclass
from typing import Literal

from app.clinical.episode import Episode
from app.clinical.progress import AssessmentContent, Course, Override, Reclassified, StepTaken, TaperGate, Visit
from app.clinical.vocabulary import GateDecision
from app.facts.course import level_index
from app.knowledge.base import KnowledgeBase
from app.planning.gate import ask_gates, review_on
from app.planning.reading import Reader
from app.rules.course.compare import Pair
from app.rules.course.remarks import remarks
from app.rules.course.response import Reading, View
from app.rules.plan.three_valued import Answer
from app.taper.gates import GateOutcome

_REMISSION = "biochemical_remission"


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
    course: Course


def assess(episode: Episode, before: Course, visit: Visit, kb: KnowledgeBase) -> Assessed:
    """Return the assessment of a visit. The episode holds every result known, the new ones among them.

    Only the latest of all visits can take a step: an earlier one is read, but no dose changes after the fact.
    """
    reader = Reader(episode, kb)
    moment = _ask(reader, before, visit)
    course = _stepped(moment) if moment.decision == "step" else moment.course
    again = reader.again(course)
    return Assessed(_content(moment, before, course, _changes(course, again), kb), again)


def _ask(reader: Reader, before: Course, visit: Visit) -> _Moment:
    view = reader.view(visit, before)
    reading = reader.read(view)
    read = visit.model_copy(update={"response": reading.response})
    overridden = passes_remission(visit.override)
    known = _with_visit(before, read)
    outcome = ask_gates(
        known, visit.on, view.labs, reader.kb, improving=_improving(view, reader.kb), overridden=overridden
    )
    decision = _decision(outcome, latest=known.visits[-1] is read)
    return _Moment(
        visit,
        view,
        reading,
        outcome,
        decision,
        _with_visit(before, read.model_copy(update={"gate_decision": decision})),
    )


def _decision(outcome: GateOutcome | None, *, latest: bool) -> GateDecision | None:
    if outcome is None:
        return None
    return "hold" if outcome.decision == "step" and not latest else outcome.decision


def passes_remission(override: Override | None) -> bool:
    """Whether a clinician gave a reason to step before full remission."""
    return override is not None and override.gate in (None, _REMISSION)


def _improving(view: View, kb: KnowledgeBase) -> Answer:
    """Whether a transaminase fell beyond noise and nothing rose; None where neither can be compared."""
    enzymes = [view.pairs["alt"], view.pairs["ast"]]
    if not any(item.known for item in enzymes):
        return None
    better = any(item.improved(kb) for item in enzymes)
    return better and not any(item.worsened(kb) for item in view.pairs.values())


def _with_visit(course: Course, visit: Visit) -> Course:
    """Return the course with one visit more, in the order of the days; of one day the later sent comes later."""
    visits = sorted((*course.visits, visit), key=lambda item: item.on)
    return course.model_copy(update={"visits": tuple(visits)})


def _stepped(moment: _Moment) -> Course:
    course, gates = moment.course, moment.outcome.gates if moment.outcome else ()
    by: Literal["gates", "override"] = "gates" if all(gate.met for gate in gates) else "override"
    step = StepTaken(index=level_index(course) + 1, starts_on=moment.visit.on, by=by)
    return course.model_copy(update={"steps": (*course.steps, step)})


def _changes(course: Course, again: Course) -> tuple[Reclassified, ...]:
    """Return the earlier assessments that results sent since make read differently."""
    return tuple(
        Reclassified(assessed_on=old.on, field="response", was=str(old.response), now=str(new.response))
        for old, new in zip(course.visits, again.visits, strict=True)
        if old.response != new.response
    )


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
    because = outcome.because if decision == outcome.decision else "A later assessment stands: assess again for a step."
    return TaperGate(
        decision=decision,
        gates=outcome.gates,
        because=because,
        next_review_on=review_on(outcome, course, moment.visit.on, kb),
        citations=outcome.citations,
    )


def _told(item: Pair) -> bool:
    return item.before.known or item.now.known
