"""What is said beside an assessment and on the plan it writes: what was assumed, what to ask, what not to do."""

from collections.abc import Iterator
from itertools import chain

from app.clinical.progress import Course, Visit
from app.clinical.remark import Remark
from app.clinical.vocabulary import GateDecision, Response
from app.facts.course import FAILING, current_level, latest_response
from app.facts.facts import Facts
from app.rules.plan.wording import plain
from app.rules.rule import Notice, rule

_ASK_ADHERENCE: frozenset[Response | None] = FAILING | {"relapse", "loss_of_remission"}


def remarks(course: Course, visit: Visit, response: Response, decision: GateDecision | None) -> tuple[Remark, ...]:
    """Return the findings of an assessment, in a fixed order."""
    found = chain(
        option_assumed(course),
        ask_adherence(response, confirmed=visit.adherence_confirmed),
        findings_not_sent(visit),
        hold_review(decision),
    )
    return tuple(notice.remark() for notice in found)


def course_notices(facts: Facts, decision: GateDecision | None) -> tuple[Notice, ...]:
    """Return what the course adds to the alerts of a plan."""
    course = facts.course
    if course is None:
        return ()
    response = latest_response(course)
    confirmed = course.visits[-1].adherence_confirmed if course.visits else None
    return (
        *hold_review(decision),
        *option_assumed(course),
        *(ask_adherence(response, confirmed=confirmed) if response else ()),
        *steroid_under_way(course),
    )


@rule("option_assumed", cites=("P-assessment", "P-principles"))
def option_assumed(course: Course) -> Iterator[Notice]:
    """Has nobody accepted an option, so that one has to be assumed?"""
    if course.following is None:
        yield Notice(
            "OPTION_UNKNOWN", "No option is accepted and none is recommended: what is taken is not known here."
        )
    elif not course.following.accepted:
        yield Notice(
            "OPTION_ASSUMED",
            f"No option is accepted: results are read as if the recommended {course.following.option_id} were taken.",
        )


@rule("adherence_before_escalation", cites=("K06", "P-assessment"))
def ask_adherence(response: Response | None, *, confirmed: bool | None) -> Iterator[Notice]:
    """Does the result ask for more treatment although it is not confirmed that the drugs are taken?"""
    if response in _ASK_ADHERENCE and confirmed is not True:
        told = "is denied" if confirmed is False else "was not asked about"
        yield Notice("ASK_ADHERENCE", f"Adherence {told}: settle it before treatment is stepped up.")


@rule("findings_not_sent", cites=("P-gates", "P-principles"))
def findings_not_sent(visit: Visit) -> Iterator[Notice]:
    """Were clinical findings not sent with the assessment?"""
    if visit.findings is None:
        yield Notice(
            "FINDINGS_NOT_SENT", "Send findings ([] says that none is present): without them no step can be taken."
        )


@rule("hold_review", cites=("S40", "C07", "P-hold"))
def hold_review(decision: GateDecision | None) -> Iterator[Notice]:
    """Has a dose been held so long that the regimen must be reviewed?"""
    if decision == "review":
        yield Notice(
            "HOLD_REVIEW",
            "The dose has been held to its limit: review the regimen and decide on a second line before going on.",
            severity="critical",
        )


@rule("steroid_under_way", cites=("S35", "ESE24", "P-current-steroid"))
def steroid_under_way(course: Course) -> Iterator[Notice]:
    """Is a steroid being taken that must not be stopped suddenly, whatever this plan shows?"""
    level = current_level(course)
    mg = None if level is None else level.doses.get("prednisone")
    if mg is not None and course.following is not None:
        taken = "accepted" if course.following.accepted else "assumed"
        yield Notice(
            "STEROID_UNDER_WAY",
            f"Prednisone {plain(mg)} mg/d is the {taken} dose of the present step: it is never stopped suddenly, and "
            "reduced only step by step.",
            severity="info",
        )
