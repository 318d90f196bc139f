"""What is said beside one dose level."""

from collections.abc import Iterator

from app.clinical.remark import Remark
from app.knowledge.base import KnowledgeBase
from app.taper.levels import Level
from app.taper.steps import STEROIDS
from app.taper.stock import Fit
from app.taper.wording import plain, remark

_FIT_FLAGS: dict[Fit, tuple[str, str]] = {
    "rounded": (
        "DOSE_ROUNDED_TO_TABLETS",
        "{drug}: the step is smaller than usual, to the nearest dose that the listed tablets make.",
    ),
    "unmakeable": (
        "DOSE_NOT_MAKEABLE",
        "{drug}: the listed tablets do not make this dose; another strength has to be dispensed.",
    ),
}


def flags_of(level: Level, kb: KnowledgeBase) -> tuple[Remark, ...]:
    """Return the flags of a dose level that hold whatever the patient weighs."""
    return (*_fits(level), *_adrenal(level, kb))


def _fits(level: Level) -> Iterator[Remark]:
    for drug, amount in level.amounts.items():
        if amount.fit in _FIT_FLAGS:
            code, text = _FIT_FLAGS[amount.fit]
            yield remark(code, text.format(drug=drug.capitalize()), "P-tablets")


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
