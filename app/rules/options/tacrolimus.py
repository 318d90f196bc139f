"""Rule T: may tacrolimus be restarted, should it come first, and at which dose."""

from collections.abc import Iterator
from decimal import Decimal

from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.options import checks
from app.rules.options.draft import Arithmetic, Dose, Draft, floor_to, gather, plain
from app.rules.options.steroid import in_remission
from app.rules.options.steroid_beside import steroid_beside
from app.rules.options.steroid_running import current_steroid_higher, followed_dose, highest_dose, other_steroid
from app.rules.options.tacrolimus_history import (
    first_course,
    history,
    need_unclear,
    not_indicated,
    reasons,
    severe_or_refractory,
    stopped_for_harm,
)
from app.rules.options.tacrolimus_safety import DRUG, safety
from app.rules.rule import Condition, rule

_RULE = "tacrolimus_dose"
_OPTION: OptionId = "tacrolimus_restart"
_CITES = ("S10", "C03", "P-rule-t")


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


@rule("tacrolimus_already_running", cites=("P-invariants",))
def already_running(facts: Facts, mg: Decimal | None) -> Iterator[Condition]:
    """Is tacrolimus still running, by the medication list or by its own stop date?

    The restart that is followed is what runs; `mg` is its dose per day.
    """
    stopped_on = first_course(facts).stopped_on
    unplanned = Condition(
        "ALREADY_RUNNING",
        "Tacrolimus is still running on the first treatment day: reconcile the list before a restart.",
        withholds=(DRUG,),
        until="the medication list is reconciled",
    )
    if facts.medicines.takes(DRUG):
        yield from checks.already_running(facts, _OPTION, DRUG, mg, unplanned)
    elif stopped_on is not None and stopped_on > facts.start_on:
        yield unplanned


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
    calculated = dose(facts, kb)
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
        already_running(facts, calculated.mg_per_day),
        current_steroid_higher(facts, _steroid_kept(facts, kb)),
        other_steroid(facts),
        steroid_beside(facts, kb),
        checks.malignancy(facts, DRUG),
        checks.lists(facts, DRUG),
        safety(facts, kb),
    )
    specialist = any(item.code == "SPECIALIST_DOSE" for item in findings)
    amount = Dose(DRUG, until="a specialist has set the dose") if specialist else calculated
    return Draft(
        _OPTION,
        "Restart tacrolimus",
        ("S03", "S10", "S12", "S14", "S17"),
        findings,
        (amount, low_dose_steroid(facts, kb)),
        favoured=bool(severe_or_refractory(facts)),
        specialist_dose=specialist or any(isinstance(item, Condition) and item.specialist for item in findings),
    )
