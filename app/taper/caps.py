"""The highest daily doses that a schedule comes down from without a reason, by drug and condition."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.clinical.vocabulary import ConditionCode
from app.knowledge.base import KnowledgeBase
from app.taper.steps import COUNTS_AS
from app.taper.wording import plain

_STEROID = "prednisone"
_HIGHEST = {_STEROID: "steroid_cap_mg", "mycophenolate": "critique_mycophenolate_max_mg"}
# Where guidance knows a higher steroid dose than in hepatitis; every other condition keeps the strictest one.
_HIGHEST_STEROID: dict[ConditionCode, str] = {
    "lupus_nephritis": "steroid_cap_lupus_nephritis_mg",
    "minimal_change_disease": "steroid_cap_minimal_change_disease_mg",
    "focal_segmental_glomerulosclerosis": "steroid_cap_focal_segmental_glomerulosclerosis_mg",
}
_IN_HOSPITAL_FROM = {"myasthenia_gravis": "steroid_in_hospital_myasthenia_gravis_mg"}
_AZATHIOPRINE = "azathioprine"


@dataclass(frozen=True, slots=True)
class Excess:
    """A dose beyond its limit: a stable code, a sentence, and the sources of the limit."""

    code: str
    text: str
    citations: tuple[str, ...]


def excesses(drug: str, mg: Decimal, condition: ConditionCode, kb: KnowledgeBase) -> Iterator[Excess]:
    """Yield what a daily dose is too high for; nothing where no limit is known."""
    known_as = COUNTS_AS.get(drug, drug)
    highest = _HIGHEST.get(known_as)
    if known_as == _STEROID:
        highest = _HIGHEST_STEROID.get(condition, highest)
        yield from _in_hospital(drug, mg, condition, kb)
    if highest is not None and mg > kb.number(highest):
        text = f"{drug.capitalize()} is above {plain(kb.number(highest))} mg a day, the highest dose known here."
        yield Excess("DOSE_ABOVE_RANGE", text, kb.parameters[highest].cites)


def start_of(drug: str, mg: Decimal, weight_kg: Decimal | None, kb: KnowledgeBase) -> Decimal:
    """Return the daily dose that a schedule begins with: azathioprine at its ceiling at most, all else as sent."""
    if drug != _AZATHIOPRINE:
        return mg
    highest, grid = kb.number("azathioprine_max_mg"), kb.number("azathioprine_grid_mg")
    by_weight = highest if weight_kg is None else kb.number("azathioprine_max_mg_per_kg") * weight_kg
    return min(mg, highest, by_weight // grid * grid)


def _in_hospital(drug: str, mg: Decimal, condition: ConditionCode, kb: KnowledgeBase) -> Iterator[Excess]:
    limit = _IN_HOSPITAL_FROM.get(condition)
    if limit is not None and mg >= kb.number(limit):
        text = (
            f"{drug.capitalize()} {plain(kb.number(limit))} mg a day or more can bring on a myasthenic crisis: "
            "it is not begun outside hospital."
        )
        yield Excess("HIGH_START_IN_MYASTHENIA", text, kb.parameters[limit].cites)
