"""A tacrolimus dose that is changed because a level was held against the range of the other matrix."""

from collections.abc import Iterator
from decimal import Decimal

from app.clinical.vocabulary import Severity
from app.facts.facts import LabFact
from app.facts.proposal import ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.rules.critique.tacrolimus_stop import DRUG
from app.rules.rule import Notice, rule


@rule("critique_trough_misread", cites=("S11", "S25", "C02", "K10", "P-trough"))
def trough_misread(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is the dose changed as if a level in whole blood were one in plasma, or the other way round?"""
    level, change = proposal.before.labs["tacrolimus_level"], _change(proposal)
    if level.value is None or change is None:
        return
    if level.matrix == "whole_blood" and change < 0 and level.value <= kb.number("trough_whole_blood_high"):
        yield _notice(level, "lowered although the level in whole blood is not too high", "warning", kb)
    if level.matrix == "plasma" and change > 0 and level.value >= kb.number("trough_plasma_low"):
        yield _notice(level, "raised although the level in plasma is not too low", "critical", kb)


def _notice(level: LabFact, what: str, severity: Severity, kb: KnowledgeBase) -> Notice:
    low, high = kb.number("trough_plasma_low"), kb.number("trough_plasma_high")
    return Notice(
        "TROUGH_MISREAD",
        f"Tacrolimus would be {what} ({level.as_sent}). The source's {low}-{high} ng/mL belong to plasma alone, its "
        "other figures to whole blood; the two differ many times over. Settle the matrix before any change.",
        severity=severity,
    )


def _change(proposal: ProposalFacts) -> Decimal | None:
    """Return by how much the daily dose changes on the first day.

    None when the present dose is unknown, when tacrolimus is not touched, and for an end, which is judged by itself.
    """
    items = [item for item in proposal.giving(DRUG) if item.stop_on is None]
    changes = [item.mg - item.running_mg for item in items if item.mg is not None and item.running_mg]
    return sum(changes, Decimal(0)) if changes else None
