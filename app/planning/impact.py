"""What a difference between two plans means for a patient: another disposition, recommendation, dose or verdict."""

from dataclasses import dataclass
from typing import Any

_DOSE = (
    "dose_mg_per_day",
    "dose_range_mg_per_day",
    "dose_mg_per_intake",
    "intakes_per_day",
    "starts_on",
    "tablets",
)
_LEVEL = ("starts_on", "ends_on", "doses", "tablets", "status")


@dataclass(frozen=True, slots=True)
class Impact:
    """Which of the things a clinician acts on are not the same; `verdicts` names the statements judged otherwise."""

    disposition: bool
    recommended_option: bool
    dose: bool
    verdicts: tuple[str, ...]


def impact(stored: Any, replayed: Any) -> Impact:
    """Return what changed between two plans as JSON. A dose changed also when its day, its tablets or its step did."""
    return Impact(
        disposition=stored.get("disposition") != replayed.get("disposition"),
        recommended_option=_recommended(stored) != _recommended(replayed),
        dose=_doses(stored) != _doses(replayed),
        verdicts=_other_verdicts(stored, replayed),
    )


def _recommended(plan: Any) -> list[str]:
    return [option.get("id") for option in plan.get("options", ()) if option.get("standing") == "recommended"]


def _doses(plan: Any) -> dict[tuple[Any, Any], Any]:
    """Return every dose shown by where it stands: the order of options does not matter, nor one that shows none."""
    options = plan.get("options", ())
    given = {
        (option.get("id"), drug.get("drug")): [drug.get(name) for name in _DOSE]
        for option in options
        for drug in option.get("medications", ())
    }
    tapers = {(option.get("id"), "taper"): _levels(option) for option in options} | {(None, "taper"): _levels(plan)}
    return {place: dose for place, dose in (given | tapers).items() if any(dose)}


def _levels(holder: Any) -> list[Any]:
    """Return the levels of the schedule of an option or of the whole plan."""
    return [[step.get(name) for name in _LEVEL] for step in (holder.get("taper") or {}).get("steps", ())]


def _other_verdicts(stored: Any, replayed: Any) -> tuple[str, ...]:
    was, now = _verdicts(stored), _verdicts(replayed)
    return tuple(sorted(key for key in was | now if was.get(key) != now.get(key)))


def _verdicts(plan: Any) -> dict[str, Any]:
    return {row.get("id"): row.get("verdict") for row in plan.get("statements", ())}
