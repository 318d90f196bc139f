"""What the proposed drugs do to each other and to what goes on beside them."""

from collections.abc import Iterator
from itertools import combinations

from app.clinical.vocabulary import Severity
from app.facts.medicine_facts import Running
from app.facts.proposal import ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import Interaction
from app.rules.critique.patient import LIVE_VACCINE
from app.rules.critique.steroid import PREDNISONE
from app.rules.options import calcineurin
from app.rules.plan.wording import listed
from app.rules.rule import Caution, Notice, rule

# Their level follows every change of a CYP3A inhibitor or inducer.
_LEVELLED = ("calcineurin_inhibitor", "mtor_inhibitor")


@rule("critique_interactions", cites=("P-interactions", "P-invariants", "P-critique"))
def interactions(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Does a proposed drug interact with another one, or with a medication that goes on?"""
    for row, names in _meetings(proposal, kb):
        if row.partner != LIVE_VACCINE:
            severity: Severity = "critical" if row.effect == "block" else "warning"
            yield Notice(row.code, f"{' with '.join(names)}: {row.text} {row.action}", row.cites, severity=severity)


def _meetings(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[tuple[Interaction, list[str]]]:
    """Yield each row with the names of the two that meet, or of the one that holds both; one at least is proposed."""
    taken = proposal.after.medicines
    for drug in kb.drugs:
        for item in taken.matching(drug):
            for row, partner in kb.interactions_by_drug[drug]:
                for other in taken.matching(partner):
                    if proposal.proposes(item) or proposal.proposes(other):
                        yield row, sorted({item.name, other.name})


@rule("critique_same_drug_twice", cites=("C26", "P-invariants", "P-critique"))
def same_drug_twice(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Would one drug be taken under two names?"""
    for one, other in combinations(proposal.after.medicines.matching(*kb.drugs), 2):
        # What the proposal adds stands last.
        if proposal.proposes(other) and _drugs(one) & _drugs(other):
            yield Notice(
                "SAME_DRUG_TWICE",
                f"{listed((one.name, other.name))} are the same drug, or count as one: their doses add up. Stop one.",
                severity="critical",
            )


def _drugs(item: Running) -> frozenset[tuple[str, ...]]:
    """Return the substances of a medication as what they count as: prednisone and prednisolone are one (C26)."""
    return frozenset(PREDNISONE if key in PREDNISONE else (key,) for key in item.substances)


def fading(proposal: ProposalFacts) -> tuple[Caution, ...]:
    """Return what is said of a CYP3A inhibitor or inducer stopped lately, beside a drug that is dosed by its level."""
    return calcineurin.recently_stopped(proposal.after) if proposal.after.medicines.takes(*_LEVELLED) else ()
