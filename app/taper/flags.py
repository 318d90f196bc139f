"""What is said beside one dose level."""

from collections.abc import Iterator

from app.clinical.remark import Remark
from app.clinical.vocabulary import ConditionCode
from app.knowledge.base import KnowledgeBase
from app.taper.caps import excesses
from app.taper.levels import AdrenalLimits, Level
from app.taper.steps import STEROIDS
from app.taper.stock import Fit
from app.taper.wording import plain, remark

_FIT_FLAGS: dict[Fit, tuple[str, str]] = {
    "rounded": (
        "DOSE_ROUNDED_TO_TABLETS",
        "{drug}: the step is smaller than usual, to the nearest dose that the listed tablets make.",
    ),
    "lowered": (
        "DOSE_ROUNDED_TO_TABLETS",
        "{drug}: the listed tablets do not make the dose asked for; this is the nearest lower one that they make.",
    ),
    "unmakeable": (
        "DOSE_NOT_MAKEABLE",
        "{drug}: the listed tablets do not make this dose; another strength has to be dispensed.",
    ),
}


def flags_of(level: Level, before: Level | None, condition: ConditionCode, kb: KnowledgeBase) -> tuple[Remark, ...]:
    """Return the flags of a dose level, and of the step to it, that hold whatever the patient weighs."""
    fall = () if before is None else _fall(before, level, kb)
    return (*_fits(level), *_too_high(level, condition, kb), *_adrenal(level, kb), *fall)


def _fits(level: Level) -> Iterator[Remark]:
    for drug, amount in level.amounts.items():
        if amount.fit in _FIT_FLAGS:
            code, text = _FIT_FLAGS[amount.fit]
            yield remark(code, text.format(drug=drug.capitalize()), "P-tablets")
    for drug in level.stuck:
        text = (
            f"{drug.capitalize()}: the listed tablets make no lower dose within one step, so this dose is kept and no "
            "step is projected; another strength has to be dispensed first."
        )
        yield remark("STEP_NOT_MAKEABLE", text, "P-tablets")


def _too_high(level: Level, condition: ConditionCode, kb: KnowledgeBase) -> Iterator[Remark]:
    for drug, amount in level.amounts.items():
        for excess in excesses(drug, amount.mg, condition, kb):
            yield remark(excess.code, excess.text, *excess.citations)


def _fall(before: Level, level: Level, kb: KnowledgeBase) -> Iterator[Remark]:
    """Yield a step to less than the guideline's pace allows in the days the dose before it lasts."""
    days = (level.starts_on - before.starts_on).days
    for drug in (name for name in STEROIDS if name in before.amounts):
        lowest = AdrenalLimits(kb).lowest_after(before.amounts[drug].mg, days)
        if level.amounts[drug].mg < lowest:
            text = (
                f"{drug.capitalize()} falls faster than guidance allows for the adrenal glands: after {days} days at "
                f"the dose before it, {plain(lowest)} mg a day would be the lowest."
            )
            yield remark("STEP_BEYOND_ADRENAL_LIMIT", text, "ESE24")


def _adrenal(level: Level, kb: KnowledgeBase) -> Iterator[Remark]:
    doses = [level.amounts[drug].mg for drug in STEROIDS if drug in level.amounts]
    if not doses or doses[0] >= kb.number("adrenal_high_above_mg"):
        return
    text = (
        f"Below {_mg(kb, 'adrenal_high_above_mg')} a day adrenal recovery sets the pace: guidance reduces by "
        f"{_mg(kb, 'adrenal_step_middle_mg')} down to {_mg(kb, 'adrenal_middle_above_mg')}, then by "
        f"{_mg(kb, 'adrenal_step_low_mg')}, every {kb.whole('adrenal_interval_days')} to "
        f"{kb.whole('adrenal_physiological_interval_days')} days."
    )
    yield remark("ADRENAL_LIMITS", text, "ESE24")


def _mg(kb: KnowledgeBase, name: str) -> str:
    return f"{plain(kb.number(name))} mg"
