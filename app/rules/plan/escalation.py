"""The ladder after a failure in hepatitis: second line, then names for the specialist."""

from collections.abc import Iterable
from typing import Literal

from app.clinical.course import Escalation
from app.clinical.option import Option
from app.clinical.vocabulary import OptionId, Standing
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks

_CITES = ("S17", "S38", "S39", "S40", "S41", "S42", "C13", "C15", "C16", "P-second-line")
_CLOSED: dict[OptionId, frozenset[Standing]] = {
    "add_mycophenolate": frozenset({"blocked", "recommended"}),
    # Not indicated says that it did not work, or that its reason is gone: failure elsewhere does not change that.
    "tacrolimus_restart": frozenset({"blocked", "recommended", "not_indicated"}),
    "switch_cyclosporine": frozenset({"blocked", "recommended"}),
    # Names for a specialist, never recommended and never closed.
    "third_line": frozenset(),
}


@asks("escalation_ladder", cites=_CITES)
def escalation(facts: Facts, kb: KnowledgeBase, options: Iterable[Option]) -> tuple[Escalation, ...]:
    """What comes next if the treatment fails?

    Rungs that are blocked or already recommended are left out; without options (referral, emergency) or in remission
    there is no ladder.
    """
    standings = {option.id: option.standing for option in options}
    if facts.episode.condition.context == "in_remission":
        return ()
    return tuple(
        rung
        for rung in _rungs(kb)
        if rung.option_id in standings and standings[rung.option_id] not in _CLOSED[rung.option_id]
    )


def _rungs(kb: KnowledgeBase) -> tuple[Escalation, ...]:
    months = kb.whole("escalation_months_without_response")
    return (
        _rung(
            "second",
            "add_mycophenolate",
            f"No complete response after {months} months, or a hold that has reached its review limit. "
            "It replaces azathioprine.",
            ("S40", "C16", "K06"),
        ),
        _rung(
            "second",
            "tacrolimus_restart",
            "Standard therapy has failed, adherence was checked, and tacrolimus worked before.",
            ("S17", "C13"),
        ),
        _rung(
            "second",
            "switch_cyclosporine",
            "Tacrolimus was not tolerated. The two share their mechanism, so a rebound may not be prevented.",
            ("S38", "S39", "S41", "C15"),
        ),
        _rung(
            "third",
            "third_line",
            "Second line has failed: methotrexate, cyclophosphamide or sirolimus, chosen and dosed by a specialist.",
            ("S42",),
        ),
    )


def _rung(line: Literal["second", "third"], option_id: OptionId, trigger: str, cites: tuple[str, ...]) -> Escalation:
    return Escalation(line=line, option_id=option_id, trigger=trigger, citations=(*cites, "P-second-line"))
