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
    if level.value is None:
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


def _change(proposal: ProposalFacts) -> Decimal:
    """Return by how many mg the daily dose changes on the first day.

    An unknown present dose counts as no change, and so does an end, which is judged by itself.
    """
    items = [item for item in proposal.giving(DRUG) if item.stop_on is None]
    return sum((item.on(item.start_on) - item.running_mg for item in items if item.running_mg), Decimal(0))
