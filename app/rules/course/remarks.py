"""What is said beside an assessment and on the plan it writes: what was assumed, what to ask, what not to do."""

from collections.abc import Iterator, Mapping
from itertools import chain

from app.clinical.progress import Course, Visit
from app.clinical.remark import Remark
from app.clinical.vocabulary import GateDecision, OptionId, Response, Severity
from app.facts.course import FAILING, adherence, assessments, current_level, latest_response
from app.facts.facts import Facts
from app.rules.course.compare import TITLES
from app.rules.plan.wording import plain
from app.rules.rule import Notice, rule

_ASK_ADHERENCE: frozenset[Response | None] = FAILING | {"relapse", "loss_of_remission"}
_WITH_STEROID: frozenset[OptionId] = frozenset(
    {"prednisone_azathioprine", "prednisone_monotherapy", "tacrolimus_restart", "add_mycophenolate"}
)
_CALLS: Mapping[Response, str] = {
    "escalate_urgent": "Escalate now and contact the transplant centre: the liver is worse than when treatment began.",
    "escalate": "No test is better in the first weeks: treatment has to be stepped up.",
    "non_response": "The transaminases did not fall by half: treatment has to be stepped up.",
    "insufficient_response": "A complete response has not come in time: decide on the second line.",
    "relapse": "Relapse: the dose of the present step is no treatment for it. The schedule does not rise by itself.",
    "loss_of_remission": "Remission is lost: no step down. The schedule does not rise by itself.",
}


def remarks(course: Course, visit: Visit, response: Response, decision: GateDecision | None) -> tuple[Remark, ...]:
    """Return the findings of an assessment, in a fixed order."""
    found = chain(
        option_assumed(course),
        ask_adherence(response, confirmed=visit.adherence_confirmed),
        findings_not_sent(visit),
        override_without_effect(visit, decision),
        liver_function_worse(course),
        hold_review(decision),
    )
    return tuple(notice.remark() for notice in found)


def course_notices(facts: Facts, decision: GateDecision | None, *, blocked: bool = False) -> tuple[Notice, ...]:
    """Return what the course adds to the alerts of a plan. `blocked`: the option followed must not go on as it is."""
    course = facts.course
    if course is None:
        return ()
    return (
        *response_calls(course),
        *liver_function_worse(course),
        *hold_review(decision),
        *option_assumed(course),
        *ask_adherence(latest_response(course), confirmed=adherence(course)),
        *steroid_under_way(course, blocked=blocked),
    )


@rule("response_calls", cites=("S24", "S35", "S40", "S43", "K06", "K33", "P-assessment"))
def response_calls(course: Course) -> Iterator[Notice]:
    """Does the latest assessment call for more than the treatment that is followed?"""
    latest = latest_response(course)
    for response, text in _CALLS.items():
        if response == latest:
            severity: Severity = "critical" if response == "escalate_urgent" else "warning"
            yield Notice(response.upper(), text, severity=severity)


@rule("option_assumed", cites=("P-assessment", "P-principles"))
def option_assumed(course: Course) -> Iterator[Notice]:
    """Has nobody accepted an option, so that one has to be assumed?"""
    if course.following is None:
        yield Notice("OPTION_UNKNOWN", "No option is accepted or assumed: what is taken is not known here.")
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


@rule("override_without_effect", cites=("S07", "P-gates", "P-assessment"))
def override_without_effect(visit: Visit, decision: GateDecision | None) -> Iterator[Notice]:
    """Was a reason sent to pass a gate, and no step taken all the same?"""
    if visit.override is not None and decision != "step":
        yield Notice(
            "OVERRIDE_WITHOUT_EFFECT",
            "The override let no step through: a reason passes the gate biochemical_remission only, while tests "
            "improve and every other gate is open.",
        )


@rule("liver_function_worse", cites=("S35", "P-gates", "P-assessment"))
def liver_function_worse(course: Course) -> Iterator[Notice]:
    """Did bilirubin or INR rise above its limit since the visit, or the step, before the latest assessment?"""
    worse = assessments(course)[-1].worse if assessments(course) else ()
    if worse:
        yield Notice(
            "LIVER_FUNCTION_WORSE",
            f"{' and '.join(TITLES[name] for name in worse)} rose above the limit since the visit or step before: no "
            "step down until that is explained, even with AST, ALT and IgG at or below their limits.",
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
def steroid_under_way(course: Course, *, blocked: bool) -> Iterator[Notice]:
    """Is a steroid being taken that must not be stopped suddenly, whatever this plan shows?

    Where the option is blocked no dose of it is shown anywhere else: the steroid is told with more weight.
    """
    level = current_level(course)
    following = course.following
    severity: Severity = "warning" if blocked else "info"
    if following is None:
        return
    mg = None if level is None else level.doses.get("prednisone")
    if mg is not None:
        taken = "accepted" if following.accepted else "assumed"
        yield Notice(
            "STEROID_UNDER_WAY",
            f"Prednisone {plain(mg)} mg/d is the {taken} dose of the present step: it is never stopped suddenly, and "
            "reduced only step by step.",
            severity=severity,
        )
    elif following.option_id in _WITH_STEROID:
        yield Notice(
            "STEROID_UNDER_WAY",
            "The steroid beside this option is taken at a dose that is not known here: it is never stopped suddenly.",
            severity=severity,
        )
