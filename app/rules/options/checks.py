"""What is asked of every drug before it may be suggested: allergy, tolerance, lists, cancer, interactions, kidneys."""

from collections.abc import Iterator
from decimal import Decimal

from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import Interaction
from app.rules.options.draft import plain
from app.rules.rule import Block, Caution, Condition, Finding, rule

SPECIALIST = "a specialist has decided on it"
_KIN = (
    frozenset({"azathioprine", "mercaptopurine", "tioguanine"}),
    frozenset({"prednisone", "prednisolone"}),
)


def kin(drug: str) -> frozenset[str]:
    """Return the drug with the substances it shares reactions with."""
    return next((family for family in _KIN if drug in family), frozenset({drug}))


@rule("allergy_to_suggested_drug", cites=("P-drug-limits",))
def allergy(facts: Facts, drug: str) -> Iterator[Finding]:
    """Is a hypersensitivity or an intolerance to the drug recorded?"""
    if kin(drug) & (facts.medicines.hypersensitive or frozenset()):
        yield Block("HYPERSENSITIVITY", f"A hypersensitivity to {drug} or its kin is recorded.")
    elif kin(drug) & (facts.medicines.intolerant or frozenset()):
        yield Caution("INTOLERANCE_RECORDED", f"An intolerance of {drug} or its kin is recorded: ask what happened.")


def not_tolerated(facts: Facts, drug: str) -> bool:
    """Whether the drug or its kin is recorded as not tolerated, as prior treatment or in the allergy list."""
    return bool(kin(drug) & (facts.medicines.known_not_tolerated | (facts.medicines.intolerant or frozenset())))


@rule("lists_needed_for_suggested_drug", cites=("P-absent-lists",))
def lists(facts: Facts, drug: str) -> Iterator[Condition]:
    """Were the medication and allergy lists sent, so that interactions and allergies can be excluded?"""
    if facts.medicines.running is None:
        yield Condition(
            "MEDICATIONS_UNKNOWN",
            f"Without the medication list, interactions of {drug} cannot be excluded.",
            withholds=(drug,),
            until="the medication list has been sent ([] says none)",
        )
    if facts.medicines.hypersensitive is None:
        yield Condition(
            "ALLERGIES_UNKNOWN",
            f"Without the allergy list, an allergy to {drug} cannot be excluded.",
            withholds=(drug,),
            until="the allergy list has been sent ([] says none)",
        )


@rule("prior_treatments_needed_for_suggested_drug", cites=("P-principles",))
def history(facts: Facts, drug: str) -> Iterator[Condition]:
    """Were the prior treatments and how the drug was tolerated sent, so that an intolerance can be excluded?"""
    if kin(drug) & facts.medicines.tolerance_unknown:
        yield Condition(
            "TOLERANCE_UNKNOWN",
            f"{drug.capitalize()} or its kin was given before; whether it was tolerated is unknown.",
            withholds=(drug,),
            until=f"it is known whether {drug} was tolerated (prior_treatments[].tolerated)",
        )
    if facts.episode.prior_treatments is None:
        yield Condition(
            "PRIOR_TREATMENTS_UNKNOWN",
            f"Without the prior treatments, an earlier intolerance of {drug} cannot be excluded.",
            withholds=(drug,),
            until="the prior treatments have been sent ([] says none)",
        )
    elif facts.medicines.not_tolerated is None:
        yield Condition(
            "PRIOR_TREATMENT_NOT_KNOWN",
            f"An earlier treatment that was not tolerated has a name that is not known here; it may be {drug}.",
            withholds=(drug,),
            until="the prior treatment that was not tolerated is named by its substance",
        )


def has_malignancy(facts: Facts) -> bool:
    """Whether a malignancy is recorded: as comorbidity, as liver cancer or as the reason tacrolimus was stopped."""
    course = facts.episode.tacrolimus
    stopped_for_it = course is not None and course.stop_reason == "malignancy"
    liver_cancer = bool(facts.episode.condition.hepatocellular_carcinoma)
    return "malignancy" in (facts.episode.comorbidities or ()) or liver_cancer or stopped_for_it


@rule("malignancy_and_suggested_drug", cites=("P-steroid-choice",))
def malignancy(facts: Facts, drug: str) -> Iterator[Condition]:
    """Is a malignancy recorded anywhere, so that only a specialist may choose this drug, or is it not excluded?"""
    if has_malignancy(facts):
        yield Condition(
            "MALIGNANCY",
            f"With a malignancy, {drug} is a specialist decision; no dose is produced.",
            withholds=(drug,),
            until=SPECIALIST,
            specialist=True,
        )
    elif facts.episode.comorbidities is None:
        yield Condition(
            "COMORBIDITIES_UNKNOWN",
            f"Without the comorbidities, a malignancy, which forbids {drug} here, cannot be excluded.",
            withholds=(drug,),
            until="the comorbidities have been sent ([] says none)",
        )


@rule("interactions_of_suggested_drug", cites=("P-interactions",))
def interactions(facts: Facts, kb: KnowledgeBase, drug: str) -> Iterator[Finding]:
    """Does a running medication interact with the suggested drug?"""
    for row, partner in kb.interactions_by_drug[drug]:
        names = facts.medicines.partners(drug, partner)
        if names:
            yield _finding(row, drug, names)


@rule("live_vaccine_given", cites=("VACC22", "P-drug-limits", "P-interactions"))
def live_vaccine_given(facts: Facts, kb: KnowledgeBase, drug: str) -> Iterator[Finding]:
    """Was a live vaccine given so recently that the drug can let it cause disease?

    The steroid of a flare is weighed against it; every other drug waits.
    """
    names = ", ".join(item.name for item in facts.medicines.recently("live_vaccine"))
    days = kb.whole("recent_stop_days")
    if names and drug in kin("prednisone"):
        text = f"{names} was given within {days} days: an infection specialist weighs the steroid against the flare."
        yield Caution("LIVE_VACCINE_GIVEN", text)
    elif names:
        yield Condition(
            "LIVE_VACCINE_GIVEN",
            f"{names}, a live vaccine, was given within {days} days: {drug} can let it cause disease.",
            withholds=(drug,),
            until=f"{days} days have passed since the vaccine, or an infection specialist agrees",
        )


def kidneys_below(facts: Facts, limit: Decimal) -> bool | None:
    """Whether kidney function is below an eGFR of `limit` mL/min/1.73 m2; None when it is not known.

    On dialysis creatinine shows no kidney function: it is below every limit.
    """
    if facts.episode.patient.dialysis:
        return True
    egfr = facts.scores["egfr_ckd_epi_2021"].raw
    return None if egfr is None else egfr < limit


def _finding(row: Interaction, drug: str, names: tuple[str, ...]) -> Finding:
    kind = Block if row.effect == "block" else Caution
    return kind(row.code, f"{drug} with {', '.join(names)}: {row.text} {row.action}", cites=row.cites)


def already_running(
    facts: Facts, option_id: OptionId, drug: str, mg: Decimal | None, unplanned: Condition
) -> Iterator[Condition]:
    """Yield what a drug that runs already waits for: `unplanned`, unless the option that starts it is followed.

    Then it is the treatment itself, at `mg` per day or at a dose that nobody sent; only another dose is told.
    """
    listed = facts.medicines.dose(drug)
    if not facts.follows(option_id):
        yield unplanned
    elif listed is not None and listed != mg:
        planned = "no dose" if mg is None else f"{plain(mg)} mg/d"
        yield Condition(
            "DOSE_DIFFERS_FROM_PLAN",
            f"{drug.capitalize()} {plain(listed)} mg/d is listed, this plan has {planned}: a clinician decides on the "
            "dose.",
            withholds=(drug,),
            until="a clinician has set the dose",
        )
