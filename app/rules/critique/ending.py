"""A proposal that ends every immunosuppression."""

from collections.abc import Iterator

from app.facts.proposal import ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.rules.critique.patient import IMMUNOSUPPRESSANTS
from app.rules.plan.duration import duration
from app.rules.rule import Notice, rule


@rule("critique_treatment_ended", cites=("S46", "S48", "C18", "C19", "P-duration"))
def treatment_ended(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Does the proposal leave hepatitis without any immunosuppressant before an end may be discussed?"""
    ends = [item.name for item in proposal.touching(*IMMUNOSUPPRESSANTS) if item.stop_on is not None]
    taken = proposal.after.medicines.matching(*IMMUNOSUPPRESSANTS)
    if not ends or any(item.stopped_on is None for item in taken) or not proposal.before.hepatitis:
        return
    outlook = duration(proposal.before, kb)
    if not outlook.withdrawal_proposed:
        yield Notice("TREATMENT_ENDED", f"No other drug that controls the disease is known to go on. {outlook.text}")
