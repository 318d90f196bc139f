"""What kind of answer this is: an emergency, a referral, too little data, or a plan."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.clinical.vocabulary import Disposition
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.rules.red_flags import RedFlagFound, red_flags
from app.rules.scope import OutOfScope, out_of_scope


@dataclass(frozen=True, slots=True)
class Triage:
    """The disposition with what led to it; red flags come before everything, scope before data."""

    disposition: Disposition
    red_flags: tuple[RedFlagFound, ...]
    out_of_scope: tuple[OutOfScope, ...]


def triage(facts: Facts, kb: KnowledgeBase) -> Triage:
    """Return the disposition of this episode."""
    flags, outside = red_flags(facts, kb), out_of_scope(facts, kb)
    return Triage(_disposition(facts, flags, outside), flags, outside)


def _disposition(facts: Facts, flags: tuple[RedFlagFound, ...], outside: tuple[OutOfScope, ...]) -> Disposition:
    if flags:
        return "emergency"
    if outside:
        return "refer"
    if not (facts.labs["alt"].known or facts.labs["ast"].known):
        return "insufficient_data"
    return "plan"


def valid_until(as_of: date, disposition: Disposition, kb: KnowledgeBase) -> date:
    """Return the last day on which the plan may be acted on."""
    name = "emergency_validity_days" if disposition == "emergency" else "plan_validity_days"
    return as_of + timedelta(days=kb.whole(name))
