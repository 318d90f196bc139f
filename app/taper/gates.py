"""The conditions of a step: when it may be taken, held, or has to be reviewed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from app.clinical.taper import Gate
from app.clinical.vocabulary import Analyte, ConditionCode, GateDecision
from app.facts.facts import LabFact
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks

_REMISSION_TESTS: tuple[Analyte, ...] = ("ast", "alt", "igg")
_TITLES = {"ast": "AST", "alt": "ALT", "igg": "IgG"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a patient stands on the way down.

    `next_step_on` is None at the floor. `prednisone_mg` is the current daily dose, None without a steroid.
    `step_on_improvement`: a clinician steps before full remission and gave a reason (S07); it needs `improving`.
    """

    today: date
    dose_began_on: date
    next_step_on: date | None
    prednisone_mg: Decimal | None
    labs: Mapping[Analyte, LabFact]
    worsening: bool | None
    improving: bool | None = None
    step_on_improvement: bool = False


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """What the gates allow, with each gate as it stands and the sentence that says why.

    `review_from` is the first day on which holding the current dose any longer asks for a review (P-hold).
    """

    decision: GateDecision
    gates: tuple[Gate, ...]
    because: str
    citations: tuple[str, ...]
    review_from: date | None = None


def projected_gates(step_on: date, condition: ConditionCode, kb: KnowledgeBase) -> tuple[Gate, ...]:
    """Return the gates of a step that lies ahead: none of them can be told yet."""
    standing = _standing_gates(kb.whole("taper_labs_max_age_days"), hepatitis=condition == "autoimmune_hepatitis")
    return (Gate(code="date_reached", met=None, detail=f"Not before {step_on.isoformat()}."), *standing)


@lru_cache
def _standing_gates(days: int, *, hepatitis: bool) -> tuple[Gate, ...]:
    remission = (
        "AST, ALT and IgG at or below the laboratory's own upper limit."
        if hepatitis
        else "Remission as it is defined for this condition, confirmed by the treating specialist."
    )
    return (
        Gate(code="labs_current", met=None, detail=f"Results no older than {days} days on the day of the step."),
        Gate(code="biochemical_remission", met=None, detail=remission),
        Gate(code="no_worsening", met=None, detail="No clinical worsening since the last step."),
    )


@asks("taper_gates", cites=("S07", "S09", "S35", "C07", "P-gates", "P-hold"))
def evaluate_gates(standing: Standing, kb: KnowledgeBase) -> GateOutcome:
    """May the next step be taken on this day?

    What is unknown keeps a gate closed.
    """
    gates = (_date(standing), _labs_current(standing, kb), _remission(standing), _no_worsening(standing))
    if standing.next_step_on is None:
        return GateOutcome("floor", gates, "The floor is reached; no step below it is proposed.", ("S09", "P-taper"))
    closed = [gate for gate in gates if gate.met is not True and not _overridden(gate, standing)]
    if not closed:
        return GateOutcome("step", gates, _why_step(gates), ("S07", "S35", "P-gates"))
    because, review_from = " ".join(gate.detail for gate in closed), _review_from(standing, kb)
    if gates[0].met and review_from is not None and standing.today >= review_from:
        because = f"Held too long, review the regimen. {because}"
        return GateOutcome("review", gates, because, ("S40", "C07", "P-hold"), review_from)
    return GateOutcome("hold", gates, because, ("S35", "C07", "P-gates"), review_from)


def _why_step(gates: tuple[Gate, ...]) -> str:
    """Say of a step whether its gates are open, or which of them a clinician's reason passed."""
    passed = " ".join(gate.detail for gate in gates if gate.met is not True)
    return f"Step on improvement, for a clinician's reason: {passed}" if passed else "Every gate of the step is open."


def _overridden(gate: Gate, standing: Standing) -> bool:
    """Whether a clinician's reason opens the gate: known improvement short of remission, never missing results."""
    improving = standing.step_on_improvement and standing.improving is True
    return improving and gate.code == "biochemical_remission" and None not in _above_limits(standing).values()


def _review_from(standing: Standing, kb: KnowledgeBase) -> date | None:
    """Return the day after the last on which the current dose may be held, counted from the day it began."""
    dose = standing.prednisone_mg
    if dose is None or dose < kb.number("taper_hold_dose_mg"):
        return None
    high = dose > kb.number("taper_hold_high_dose_mg")
    days = kb.whole("taper_hold_high_dose_days" if high else "taper_hold_days")
    return standing.dose_began_on + timedelta(days=days + 1)


def _date(standing: Standing) -> Gate:
    if standing.next_step_on is None:
        return Gate(code="date_reached", met=None, detail="No further step is planned.")
    reached = standing.today >= standing.next_step_on
    when = "since" if reached else "not before"
    return Gate(code="date_reached", met=reached, detail=f"The step is due {when} {standing.next_step_on.isoformat()}.")


def _labs_current(standing: Standing, kb: KnowledgeBase) -> Gate:
    limit = kb.whole("taper_labs_max_age_days")
    ages = {name: _age(standing.labs.get(name)) for name in _REMISSION_TESTS}
    old = [name for name, age in ages.items() if age is not None and age > limit]
    missing = [name for name, age in ages.items() if age is None]
    if old:
        return Gate(code="labs_current", met=False, detail=f"{_names(old)} older than {limit} days.")
    if missing:
        return Gate(code="labs_current", met=None, detail=f"{_names(missing)} not known.")
    return Gate(code="labs_current", met=True, detail=f"AST, ALT and IgG are no older than {limit} days.")


def _age(lab: LabFact | None) -> int | None:
    """Return the age of a result in days; also a result too old to count tells how old it is."""
    return None if lab is None else lab.age_days


def _remission(standing: Standing) -> Gate:
    above = _above_limits(standing)
    high = [name for name, answer in above.items() if answer]
    unknown = [name for name, answer in above.items() if answer is None]
    if high:
        return Gate(code="biochemical_remission", met=False, detail=f"{_names(high)} above the upper limit.")
    if unknown:
        detail = f"Remission unverified: {_names(unknown)} missing, too old or without an upper limit."
        return Gate(code="biochemical_remission", met=None, detail=detail)
    return Gate(code="biochemical_remission", met=True, detail="AST, ALT and IgG are at or below their upper limits.")


def _above_limits(standing: Standing) -> dict[Analyte, bool | None]:
    return {name: lab.above_uln if (lab := standing.labs.get(name)) else None for name in _REMISSION_TESTS}


def _no_worsening(standing: Standing) -> Gate:
    texts = {
        True: "Clinical worsening.",
        False: "No clinical worsening.",
        None: "Clinical worsening was not asked about.",
    }
    met = None if standing.worsening is None else not standing.worsening
    return Gate(code="no_worsening", met=met, detail=texts[standing.worsening])


def _names(analytes: Iterable[str]) -> str:
    return ", ".join(_TITLES[name] for name in analytes)
