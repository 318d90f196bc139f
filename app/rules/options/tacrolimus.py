"""Rule T: may tacrolimus be restarted, should it come first, and at which dose."""

from collections.abc import Iterator
from decimal import Decimal

from app.clinical.medicine import Tacrolimus
from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.options import checks
from app.rules.options.draft import Arithmetic, Dose, Draft, floor_to, gather, plain
from app.rules.options.steroid import current_steroid_higher, followed_dose, highest_dose, in_remission, other_steroid
from app.rules.options.steroid_beside import steroid_beside
from app.rules.options.tacrolimus_safety import DRUG, safety
from app.rules.rule import Block, Condition, NotIndicated, Reason, rule

_RULE = "tacrolimus_dose"
_OPTION: OptionId = "tacrolimus_restart"
_CITES = ("S10", "C03", "P-rule-t")
_HARMFUL = ("malignancy", "thrombotic_microangiopathy", "posterior_reversible_encephalopathy", "nephrotoxicity")
_FUTILE = ("lack_of_efficacy", "paradoxical_autoimmunity")
_UNCERTAIN = ("neurotoxicity", "infection", "intolerance", "pregnancy")
_UNKNOWN = (None, "unknown")


def _course(facts: Facts) -> Tacrolimus:
    return facts.episode.tacrolimus or Tacrolimus()


def good_response(facts: Facts) -> bool | None:
    """Whether tacrolimus controlled the disease before; None when unknown, or when the prior treatments deny it."""
    response = _course(facts).response
    good = None if response in _UNKNOWN else response in ("complete", "partial")
    return None if good and DRUG in facts.medicines.known_insufficient else good


def severe_or_refractory(facts: Facts) -> bool | None:
    """Whether the disease is severe or refractory; None when it cannot be told."""
    known = (facts.severity.severe, facts.refractory)
    return True if True in known else None if None in known else False


@rule("tacrolimus_not_indicated", cites=("S03", "S12", "C13", "P-rule-t"))
def not_indicated(facts: Facts) -> Iterator[NotIndicated]:
    """Did tacrolimus fail before, or is the reason it was given gone?"""
    course = _course(facts)
    if good_response(facts) is False:
        yield NotIndicated("NO_EARLIER_RESPONSE", "Tacrolimus did not control the disease before.")
    if course.indication_still_valid is False:
        yield NotIndicated("INDICATION_GONE", "The reason tacrolimus was given no longer holds.")
    if course.stop_reason in _FUTILE:
        yield NotIndicated("STOPPED_AS_FUTILE", f"Tacrolimus was stopped for {_words(course.stop_reason)}.")


@rule("tacrolimus_stopped_for_harm", cites=("C13", "P-rule-t"))
def stopped_for_harm(facts: Facts) -> Iterator[Block]:
    """Was tacrolimus stopped for a harm that forbids a restart?"""
    reason = _course(facts).stop_reason
    if reason in _HARMFUL:
        yield Block("STOPPED_FOR_HARM", f"Tacrolimus was stopped for {_words(reason)}.")


@rule("tacrolimus_history_unclear", cites=("C13", "P-rule-t"))
def history(facts: Facts) -> Iterator[Condition]:
    """Is it unknown how tacrolimus worked or why it was stopped, or was it stopped for a side effect?"""
    course = _course(facts)
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


@rule("tacrolimus_needs_weight", cites=("S10", "P-rule-t"))
def weight(facts: Facts) -> Iterator[Condition]:
    """Is the body weight known?"""
    if facts.weight is None:
        yield Condition(
            "WEIGHT_MISSING",
            "The dose is calculated from body weight.",
            withholds=(DRUG,),
            until="the body weight is known",
        )


@rule("tacrolimus_acute_severe", cites=("P-disposition", "C03"))
def acute_severe(facts: Facts, kb: KnowledgeBase) -> Iterator[Condition]:
    """Is this an acute severe hepatitis, or not excluded, in which tacrolimus is a transplant-team decision?"""
    if facts.hepatitis and not _acute_severe_excluded(facts, kb):
        yield Condition(
            "ACUTE_SEVERE",
            "Acute severe hepatitis, or not excluded: tacrolimus is a decision of the transplant team in hospital.",
            withholds=(DRUG,),
            until="the transplant team has decided",
            specialist=True,
        )


def _acute_severe_excluded(facts: Facts, kb: KnowledgeBase) -> bool:
    """Whether bilirubin or INR is known and not past the limit that both of them pass in an acute severe hepatitis."""
    bilirubin, inr = facts.lab("bilirubin_total"), facts.lab("inr")
    mild_bilirubin = bilirubin is not None and bilirubin <= kb.number("severity_bilirubin_above")
    mild_inr = inr is not None and inr < kb.number("severity_inr_from")
    return mild_bilirubin or mild_inr


@rule("tacrolimus_need_unclear", cites=("S12", "C13"))
def need_unclear(facts: Facts) -> Iterator[Condition]:
    """Is it unknown whether the disease is severe or refractory?"""
    if severe_or_refractory(facts) is None:
        yield Condition(
            "SEVERITY_UNKNOWN", "Whether the flare is severe or refractory is unknown: it decides on tacrolimus first."
        )


@rule("tacrolimus_already_running", cites=("P-invariants",))
def already_running(facts: Facts, mg: Decimal | None) -> Iterator[Condition]:
    """Is tacrolimus still running, by the medication list or by its own stop date?

    The restart that is followed is what runs; `mg` is its dose per day.
    """
    stopped_on = _course(facts).stopped_on
    listed = facts.medicines.takes(DRUG) and not checks.listed_as_followed(facts, _OPTION, DRUG, mg)
    if listed or (stopped_on is not None and stopped_on > facts.start_on):
        yield checks.differs_from_plan(facts, _OPTION, DRUG, mg) or Condition(
            "ALREADY_RUNNING",
            "Tacrolimus is still running on the first treatment day: reconcile the list before a restart.",
            withholds=(DRUG,),
            until="the medication list is reconciled",
        )


@rule("tacrolimus_first", cites=("S03", "S12", "S13", "S17", "C13"))
def reasons(facts: Facts) -> Iterator[Reason]:
    """What speaks for tacrolimus?"""
    if good_response(facts):
        yield Reason("EARLIER_RESPONSE", f"The disease responded before ({_course(facts).response} response).")
    if facts.severity.severe:
        yield Reason("SEVERE", "The flare is severe.")
    if facts.refractory:
        yield Reason("REFRACTORY", "Prednisone with azathioprine was insufficient before.")
    if good_response(facts) and severe_or_refractory(facts) is False:
        yield Reason("NEITHER_SEVERE_NOR_REFRACTORY", "Neither severe nor refractory: standard treatment comes first.")


@asks(_RULE, cites=_CITES)
def dose(facts: Facts, kb: KnowledgeBase) -> Dose:
    """How much tacrolimus does rule T give, in two equal doses?"""
    if facts.weight is None:
        return Dose(DRUG)
    sums, intakes = Arithmetic(_RULE, _CITES), kb.number("tacrolimus_intakes")
    rate, grid = kb.number("tacrolimus_mg_per_kg"), kb.number("tacrolimus_grid_mg")
    low, high = kb.number("tacrolimus_min_mg"), kb.number("tacrolimus_max_mg")
    raw = rate * facts.weight
    sums.line(f"{plain(rate)} mg/kg x body weight", raw, "mg/d")
    clamped = min(max(raw, low), high)
    sums.line(f"kept within {plain(low)}-{plain(high)} mg/d", clamped, "mg/d")
    each = floor_to(clamped / intakes, grid)
    sums.line(f"half of it, rounded down to {plain(grid)} mg, every 12 hours", each, "mg")
    sums.line("lost to rounding", clamped - each * intakes, "mg/d")
    return Dose(DRUG, mg_per_day=each * intakes, intakes=int(intakes), calculation=tuple(sums.lines))


@asks("tacrolimus_steroid", cites=("S14", "C11", "P-options"))
def low_dose_steroid(facts: Facts, kb: KnowledgeBase) -> Dose:
    """Within which range does a clinician enter the low-dose steroid beside tacrolimus?

    More than that goes on by the schedule that is followed: a second line does not cut it.
    """
    if _steroid_kept(facts, kb) > kb.number("tacrolimus_steroid_high_mg"):
        return Dose("prednisone", until="the steroid that is taken goes on by its own steps")
    return Dose(
        "prednisone",
        low=kb.number("tacrolimus_steroid_low_mg"),
        high=kb.number("tacrolimus_steroid_high_mg"),
        until="a clinician has entered a low dose within the range; there is no default",
    )


def _steroid_kept(facts: Facts, kb: KnowledgeBase) -> Decimal:
    """Return up to which dose, mg per day, a steroid that is taken is not reduced by this option."""
    highest, followed = highest_dose(facts, _OPTION, kb.number("tacrolimus_steroid_high_mg")), followed_dose(facts)
    return highest if followed is None else max(highest, followed)


def restart(facts: Facts, kb: KnowledgeBase) -> Draft:
    """Return the tacrolimus option with its findings and dose."""
    findings = gather(
        reasons(facts),
        in_remission(facts),
        not_indicated(facts),
        stopped_for_harm(facts),
        checks.allergy(facts, DRUG),
        checks.interactions(facts, kb, DRUG),
        checks.live_vaccine_given(facts, kb, DRUG),
        history(facts),
        weight(facts),
        acute_severe(facts, kb),
        need_unclear(facts),
        already_running(facts, dose(facts, kb).mg_per_day),
        current_steroid_higher(facts, _steroid_kept(facts, kb)),
        other_steroid(facts),
        steroid_beside(facts, kb),
        checks.malignancy(facts, DRUG),
        checks.lists(facts, DRUG),
        safety(facts, kb),
    )
    specialist = any(item.code == "SPECIALIST_DOSE" for item in findings)
    amount = Dose(DRUG, until="a specialist has set the dose") if specialist else dose(facts, kb)
    return Draft(
        _OPTION,
        "Restart tacrolimus",
        ("S03", "S10", "S12", "S14", "S17"),
        findings,
        (amount, low_dose_steroid(facts, kb)),
        favoured=bool(severe_or_refractory(facts)),
        specialist_dose=specialist or any(isinstance(item, Condition) and item.specialist for item in findings),
    )


def _words(code: str | None) -> str:
    return str(code).replace("_", " ")
