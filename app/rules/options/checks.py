"""What is asked of every drug before it may be suggested: allergy, tolerance, lists, cancer, interactions."""

from collections.abc import Iterator

from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import Interaction
from app.rules.rule import Block, Caution, Condition, Finding, rule

SPECIALIST = "a specialist has decided on it"


@rule("allergy_to_suggested_drug", cites=("P-drug-limits",))
def allergy(facts: Facts, drug: str) -> Iterator[Finding]:
    """Is a hypersensitivity or an intolerance to the drug recorded?"""
    if drug in (facts.medicines.hypersensitive or ()):
        yield Block("HYPERSENSITIVITY", f"A hypersensitivity to {drug} is recorded.")
    elif drug in (facts.medicines.intolerant or ()):
        yield Caution("INTOLERANCE_RECORDED", f"An intolerance of {drug} is recorded: ask what happened.")


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
    """Were the prior treatments sent, so that an earlier intolerance of the drug can be excluded?"""
    if facts.medicines.not_tolerated is None:
        yield Condition(
            "PRIOR_TREATMENTS_UNKNOWN",
            f"Without the prior treatments, an earlier intolerance of {drug} cannot be excluded.",
            withholds=(drug,),
            until="the prior treatments have been sent ([] says none)",
        )


@rule("malignancy_and_suggested_drug", cites=("P-steroid-choice",))
def malignancy(facts: Facts, drug: str) -> Iterator[Condition]:
    """Does the patient have or had a malignancy, so that only a specialist may choose this drug?"""
    if "malignancy" in (facts.episode.comorbidities or ()):
        yield Condition(
            "MALIGNANCY",
            f"With a malignancy, {drug} is a specialist decision; no dose is produced.",
            withholds=(drug,),
            until=SPECIALIST,
            specialist=True,
        )


@rule("interactions_of_suggested_drug", cites=("P-interactions",))
def interactions(facts: Facts, kb: KnowledgeBase, drug: str) -> Iterator[Finding]:
    """Does a running medication interact with the suggested drug?"""
    if not facts.medicines.running:
        return
    for row, partner in kb.interactions_by_drug[drug]:
        names = facts.medicines.partners(drug, partner)
        if names:
            yield _finding(row, drug, names)


def _finding(row: Interaction, drug: str, names: tuple[str, ...]) -> Finding:
    kind = Block if row.effect == "block" else Caution
    return kind(row.code, f"{drug} with {', '.join(names)}: {row.text} {row.action}", cites=row.cites)
