"""How to tell that a fact beside the laboratory results is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.facts.facts import Facts
from app.rules.options.checks import kin
from app.rules.plan.reproduction import may_conceive

_NOT_KNOWN = (None, "unknown")
_TOLERANCE_DECIDES = kin("azathioprine") | {"mycophenolate", "cyclosporine"}
_RESPONSE_DECIDES = kin("prednisone") | {"azathioprine", "mycophenolate"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the table. `lacks` tells that the fact is missing; `everywhere`: asked in every condition."""

    path: str
    lacks: Callable[[Facts], bool]
    needed_for: tuple[str, ...]
    effect: str
    how: str
    everywhere: bool = False


def unknown(path: str) -> Callable[[Facts], bool]:
    """Tell whether the field at a dotted path of the episode is absent, null or the word unknown."""
    names = path.split(".")

    def lacks(facts: Facts) -> bool:
        value: Any = facts.episode
        for name in names:
            value = getattr(value, name, None)
        return value in _NOT_KNOWN

    return lacks


def field(path: str, needed_for: tuple[str, ...], effect: str, how: str, *, everywhere: bool = False) -> Fact:
    """A row for a field whose own absence is what is missing."""
    return Fact(path, unknown(path), needed_for, effect, f"Send {path}: {how}.", everywhere)


def in_remission_without_start(facts: Facts) -> bool:
    """Whether the patient is in remission since an unknown day."""
    condition = facts.episode.condition
    return condition.context == "in_remission" and condition.remission_started_on is None


def pregnancy_unknown(facts: Facts) -> bool:
    """Whether a pregnancy can neither be told nor excluded."""
    return facts.may_be_pregnant is None


def needed_if_may_conceive(path: str) -> Callable[[Facts], bool]:
    """Tell whether a field is missing in a patient who may become pregnant."""
    lacks = unknown(path)
    return lambda facts: may_conceive(facts) and lacks(facts)


def steroid_dose_unknown(facts: Facts) -> bool:
    """Whether prednisone or prednisolone is running at a dose that nobody sent."""
    return any(item.dose_mg_per_day is None for item in facts.medicines.matching(*kin("prednisone")))


def organ_threat_unknown(facts: Facts) -> bool:
    """Whether a condition other than hepatitis may threaten an organ; in hepatitis the tier answers that."""
    return not facts.hepatitis and facts.episode.condition.organ_threatening is None


def tolerance_unknown(facts: Facts) -> bool:
    """Whether a drug was given before that is withheld until it is known to have been tolerated."""
    return bool(_TOLERANCE_DECIDES & facts.medicines.tolerance_unknown)


def response_unknown(facts: Facts) -> bool:
    """Whether a drug was given before whose failure would open the next line, and nobody says how it worked."""
    return bool(_RESPONSE_DECIDES & (facts.medicines.response_unknown or frozenset()))
