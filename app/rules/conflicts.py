"""Which contradictions of the sources matter for this plan and have to be shown on it."""

from collections.abc import Callable

from app.clinical.remark import ConflictShown
from app.rules.situation import Situation

_TIER_OF_PLAIN_RELAPSE = ("T1", "T2")


def conflicts_shown(situation: Situation) -> tuple[ConflictShown, ...]:
    """Return the conflicts whose subject is on the plan, in their order."""
    shown = situation.kb.conflicts_shown
    return tuple(conflict for key, conflict in shown.items() if SHOWN_WHEN[key](situation))


def _always(_situation: Situation) -> bool:
    return True


def _hepatitis(situation: Situation) -> bool:
    return situation.facts.hepatitis


def _other_condition(situation: Situation) -> bool:
    return not situation.facts.hepatitis


def _planned(situation: Situation) -> bool:
    return situation.disposition == "plan"


def _steroid(situation: Situation) -> bool:
    return situation.offered("prednisone_azathioprine", "prednisone_monotherapy") is not False


def _azathioprine(situation: Situation) -> bool:
    return situation.offered("prednisone_azathioprine") is not False


def _tacrolimus(situation: Situation) -> bool:
    return situation.offered("tacrolimus_restart") is not False


def _plain_relapse(situation: Situation) -> bool:
    facts = situation.facts
    relapse = facts.episode.condition.context == "relapse_after_withdrawal"
    return _planned(situation) and relapse and facts.severity.tier in _TIER_OF_PLAIN_RELAPSE


def _cyclosporine(situation: Situation) -> bool:
    return situation.offered("switch_cyclosporine") is not False


def _mycophenolate(situation: Situation) -> bool:
    return situation.offered("add_mycophenolate") is not False


def _graft(situation: Situation) -> bool:
    return situation.facts.episode.condition.graft in ("liver", "kidney", "other")


def _budesonide(situation: Situation) -> bool:
    return bool(situation.facts.medicines.takes("budesonide", "prednisolone"))


SHOWN_WHEN: dict[str, Callable[[Situation], bool]] = {
    "C01": _always,
    # Tacrolimus is the subject of every plan, at least as the drug that was stopped.
    "C02": _always,
    "C03": _tacrolimus,
    "C04": _azathioprine,
    "C05": _azathioprine,
    "C06": _steroid,
    "C07": _steroid,
    "C08": _steroid,
    "C09": _plain_relapse,
    "C10": _steroid,
    "C11": _steroid,
    "C12": _planned,
    "C13": _planned,
    # The verdict on S18 names the 92 % on every plan, and never alone.
    "C14": _always,
    "C15": _cyclosporine,
    "C16": _mycophenolate,
    "C17": _hepatitis,
    "C18": _always,
    "C19": _hepatitis,
    "C20": _always,
    "C21": _other_condition,
    "C22": _graft,
    "C23": _hepatitis,
    "C24": _planned,
    "C25": _hepatitis,
    "C26": _budesonide,
}
