"""What the first course of tacrolimus says for and against a second: response, stop reason, need."""

from collections.abc import Iterator

from app.clinical.medicine import Tacrolimus
from app.facts.facts import Facts
from app.rules.options import checks
from app.rules.options.tacrolimus_safety import DRUG
from app.rules.rule import Block, Condition, NotIndicated, Reason, rule

_HARMFUL = ("malignancy", "thrombotic_microangiopathy", "posterior_reversible_encephalopathy", "nephrotoxicity")
_FUTILE = ("lack_of_efficacy", "paradoxical_autoimmunity")
_UNCERTAIN = ("neurotoxicity", "infection", "intolerance", "pregnancy")
_UNKNOWN = (None, "unknown")


def first_course(facts: Facts) -> Tacrolimus:
    """Return what is recorded of the course that was stopped; every answer null where nothing was sent."""
    return facts.episode.tacrolimus or Tacrolimus()


def good_response(facts: Facts) -> bool | None:
    """Whether tacrolimus controlled the disease before; None when unknown, or when the prior treatments deny it."""
    response = first_course(facts).response
    good = None if response in _UNKNOWN else response in ("complete", "partial")
    return None if good and DRUG in facts.medicines.known_insufficient else good


def severe_or_refractory(facts: Facts) -> bool | None:
    """Whether the disease is severe or refractory; None when it cannot be told."""
    known = (facts.severity.severe, facts.refractory)
    return True if True in known else None if None in known else False


@rule("tacrolimus_not_indicated", cites=("S03", "S12", "C13", "P-rule-t"))
def not_indicated(facts: Facts) -> Iterator[NotIndicated]:
    """Did tacrolimus fail before, or is the reason it was given gone?"""
    course = first_course(facts)
    if good_response(facts) is False:
        yield NotIndicated("NO_EARLIER_RESPONSE", "Tacrolimus did not control the disease before.")
    if course.indication_still_valid is False:
        yield NotIndicated("INDICATION_GONE", "The reason tacrolimus was given no longer holds.")
    if course.stop_reason in _FUTILE:
        yield NotIndicated("STOPPED_AS_FUTILE", f"Tacrolimus was stopped for {_words(course.stop_reason)}.")


@rule("tacrolimus_stopped_for_harm", cites=("C13", "P-rule-t"))
def stopped_for_harm(facts: Facts) -> Iterator[Block]:
    """Was tacrolimus stopped for a harm that forbids a restart?"""
    reason = first_course(facts).stop_reason
    if reason in _HARMFUL:
        yield Block("STOPPED_FOR_HARM", f"Tacrolimus was stopped for {_words(reason)}.")


@rule("tacrolimus_history_unclear", cites=("C13", "P-rule-t"))
def history(facts: Facts) -> Iterator[Condition]:
    """Is it unknown how tacrolimus worked or why it was stopped, or was it stopped for a side effect?"""
    course = first_course(facts)
    if course.response in _UNKNOWN:
        yield Condition("RESPONSE_UNKNOWN", "How the disease responded to tacrolimus is unknown.")
    elif good_response(facts) is None:
        yield Condition(
            "RESPONSE_CONTRADICTED",
            f"Tacrolimus is recorded with a {course.response} response and, among the prior treatments, as "
            "insufficient: say which holds.",
        )
    if course.stop_reason in _UNKNOWN:
        yield Condition(
            "STOP_REASON_UNKNOWN",
            "Why tacrolimus was stopped is unknown: it may have been a harm that forbids a restart.",
            withholds=(DRUG,),
            until="the reason tacrolimus was stopped is known",
        )
    if course.stop_reason in _UNCERTAIN or checks.not_tolerated(facts, DRUG):
        yield Condition(
            "STOPPED_FOR_SIDE_EFFECT",
            "Tacrolimus was stopped for a side effect or not tolerated: a specialist weighs a second try.",
            specialist=True,
        )


@rule("tacrolimus_need_unclear", cites=("S12", "C13"))
def need_unclear(facts: Facts) -> Iterator[Condition]:
    """Is it unknown whether the disease is severe or refractory?"""
    if severe_or_refractory(facts) is None:
        yield Condition(
            "SEVERITY_UNKNOWN", "Whether the flare is severe or refractory is unknown: it decides on tacrolimus first."
        )


@rule("tacrolimus_first", cites=("S03", "S12", "S13", "S17", "C13"))
def reasons(facts: Facts) -> Iterator[Reason]:
    """What speaks for tacrolimus?"""
    if good_response(facts):
        yield Reason("EARLIER_RESPONSE", f"The disease responded before ({first_course(facts).response} response).")
    if facts.severity.severe:
        yield Reason("SEVERE", "The flare is severe.")
    if facts.refractory:
        yield Reason("REFRACTORY", "Prednisone with azathioprine was insufficient before.")
    if good_response(facts) and severe_or_refractory(facts) is False:
        yield Reason("NEITHER_SEVERE_NOR_REFRACTORY", "Neither severe nor refractory: standard treatment comes first.")


def _words(code: str | None) -> str:
    return str(code).replace("_", " ")
