"""The steroid that an option of another drug contains: what speaks against it holds back the option, not the drug."""

from collections.abc import Iterator

from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.rules.options import checks
from app.rules.options.draft import gather
from app.rules.options.steroid import not_tolerated
from app.rules.options.steroid_running import DRUG
from app.rules.rule import Caution, Condition, Finding, rule


@rule("allergy_to_steroid_beside", cites=("P-drug-limits",))
def allergy(facts: Facts) -> Iterator[Finding]:
    """Is a hypersensitivity or an intolerance to the steroid beside the suggested drug recorded?"""
    if checks.kin(DRUG) & (facts.medicines.hypersensitive or frozenset()):
        yield Condition(
            "STEROID_HYPERSENSITIVITY",
            f"A hypersensitivity to {DRUG} or its kin is recorded, and this option contains it: a specialist decides "
            "what takes its place.",
            withholds=(DRUG,),
            until="a specialist has decided what takes its place",
            specialist=True,
        )
    elif checks.kin(DRUG) & (facts.medicines.intolerant or frozenset()):
        yield Caution("INTOLERANCE_RECORDED", f"An intolerance of {DRUG} or its kin is recorded: ask what happened.")


def steroid_beside(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    """Return what is found about the steroid: allergy, tolerance, interactions."""
    return gather(allergy(facts), checks.interactions(facts, kb, DRUG), not_tolerated(facts))
