"""What the body weight adds to a schedule: mg/kg per day and the range azathioprine should stay in.

The rest of a schedule does not depend on weight, so it is worked out once and shared by patients of any weight.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from app.clinical.remark import Remark
from app.clinical.taper import Taper, TaperStep
from app.facts.arithmetic import half_up
from app.knowledge.base import KnowledgeBase
from app.taper.wording import plain, remark

_DRUG = "azathioprine"
_HUNDREDTH = Decimal("0.01")
_WEIGHT_UNKNOWN = remark(
    "WEIGHT_UNKNOWN",
    "Without a body weight the azathioprine dose per kg could not be checked against its range.",
    "S02",
    "P-taper",
)


def weighed(taper: Taper, weight_kg: Decimal | None, kb: KnowledgeBase) -> Taper:
    """Return the schedule with mg/kg and the azathioprine flags; without a weight it says what could not be checked."""
    steps = tuple(_weighed(step, weight_kg, kb) for step in taper.steps)
    unchecked = weight_kg is None and _DRUG in taper.floor
    return taper.model_copy(
        update={"steps": steps, "advice": (*taper.advice, _WEIGHT_UNKNOWN) if unchecked else taper.advice}
    )


def over_ceiling(sent: Decimal, started: Decimal, kb: KnowledgeBase) -> Remark:
    """Return what is said beside a start that came down to its ceiling: what was sent, and the limit."""
    text = f"{plain(sent)} mg a day was sent; the schedule starts at {plain(started)} mg, the ceiling in steps of "
    return _ceiling_remark(f"{text}{plain(kb.number('azathioprine_grid_mg'))} mg.", kb)


def _weighed(step: TaperStep, weight_kg: Decimal | None, kb: KnowledgeBase) -> TaperStep:
    flags = _flags(step.doses[_DRUG], weight_kg, kb) if _DRUG in step.doses else ()
    per_kg = {drug: half_up(mg / weight_kg, _HUNDREDTH) for drug, mg in step.doses.items()} if weight_kg else {}
    return step.model_copy(update={"mg_per_kg": per_kg, "flags": (*step.flags, *flags)})


def _flags(mg: Decimal, weight_kg: Decimal | None, kb: KnowledgeBase) -> Iterator[Remark]:
    if weight_kg is not None and mg < kb.number("azathioprine_low_mg_per_kg") * weight_kg:
        yield _below_range(kb)
    ceiling = kb.number("azathioprine_max_mg")
    if mg > (ceiling if weight_kg is None else min(ceiling, kb.number("azathioprine_max_mg_per_kg") * weight_kg)):
        yield _over_ceiling(kb)


@lru_cache(maxsize=2)
def _below_range(kb: KnowledgeBase) -> Remark:
    low = plain(kb.number("azathioprine_low_mg_per_kg"))
    text = f"Azathioprine is below {low} mg/kg per day, the lower end of the source's own range."
    return remark("AZA_BELOW_1MGKG", text, "S02", "C05")


@lru_cache(maxsize=2)
def _over_ceiling(kb: KnowledgeBase) -> Remark:
    return _ceiling_remark("", kb)


def _ceiling_remark(more: str, kb: KnowledgeBase) -> Remark:
    most, per_kg = plain(kb.number("azathioprine_max_mg")), plain(kb.number("azathioprine_max_mg_per_kg"))
    text = f"Azathioprine exceeds its ceiling, the lower of {most} mg and {per_kg} mg/kg per day. {more}".rstrip()
    return remark("AZATHIOPRINE_OVER_CEILING", text, "S02", "S05", "C04")
