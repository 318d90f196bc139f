"""How far each drug comes down in one month: the source's own steps, floors and curve."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from app.clinical.vocabulary import OptionId
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.taper.stock import Amount, Choices, Stock, stock_of

STEROIDS = ("prednisone", "prednisolone")
# Prednisone and prednisolone count milligram for milligram (C26); other drugs stand for themselves.
COUNTS_AS = {"prednisolone": "prednisone"}
_FLOORS: dict[OptionId, dict[str, str]] = {
    "prednisone_monotherapy": {"prednisone": "taper_floor_prednisone_monotherapy_mg"},
    "prednisone_azathioprine": {
        "prednisone": "taper_floor_prednisone_combination_mg",
        "azathioprine": "taper_floor_azathioprine_mg",
    },
}
SCHEDULED_OPTIONS = frozenset(_FLOORS)
_STEPS = {"prednisone": "taper_prednisone_step_mg", "azathioprine": "taper_azathioprine_step_mg"}


@dataclass(frozen=True)
class Descent:
    """The way down of one drug: at most `step` mg a month, never below `floor`.

    `curve` is the dose from which the source counts its steps: a start capped below it waits until the curve is there.
    """

    drug: str
    start: Decimal
    step: Decimal
    floor: Decimal
    stock: Stock
    curve: Decimal | None = None

    @cached_property
    def first(self) -> Amount:
        """The start dose, or the nearest lower one that the tablets make."""
        return self.stock.start(self.start)

    def after(self, previous: Amount, month: int) -> Amount:
        """Return the dose of `month` (1 is the first step) that follows `previous`; the same where none can be made."""
        return self.stock.step_to(self._target(previous.mg, month), previous.mg) or self.stock.exactly(previous.mg)

    def falls_from(self, mg: Decimal, most: Decimal) -> bool:
        """Whether the tablets make a dose below `mg`, by `most` mg at most and not below the floor."""
        return mg > self.floor and self.stock.step_to(max(self.floor, mg - most), mg) is not None

    def _target(self, previous: Decimal, month: int) -> Decimal:
        lowest = max(self.floor, previous - self.step)
        if self.curve is None:
            return lowest
        return max(lowest, min(previous, self.curve - self.step * month))


def source_option(drugs: Mapping[str, Decimal]) -> OptionId | None:
    """Return the option whose schedule the source gives for exactly these drugs; None when there is none."""
    names = {COUNTS_AS.get(drug, drug) for drug in drugs}
    return next(
        (option for option, floors in _FLOORS.items() if names == floors.keys() and len(drugs) == len(names)), None
    )


@asks("taper_source_steps", cites=("S06", "S07", "S08", "S09", "K09", "C05", "C06", "P-taper", "P-month"))
def source_descents(
    option: OptionId, doses: Mapping[str, Decimal], kb: KnowledgeBase, choices: Choices
) -> tuple[Descent, ...]:
    """How does each drug of an option come down, and where does it stop?

    A start below the floor is its own floor.
    """
    stocks = {drug: stock_of(drug, kb, choices) for drug in doses}
    return tuple(
        Descent(
            drug,
            start,
            source_step(drug, kb),
            min(stocks[drug].start(start).mg, source_floor(option, drug, kb)),
            stocks[drug],
            curve_of(drug, kb),
        )
        for drug, start in doses.items()
    )


def source_floor(option: OptionId, drug: str, kb: KnowledgeBase) -> Decimal:
    """Return the maintenance dose in mg per day at which the source's schedule ends (S09, read from K09: C06)."""
    return kb.number(_FLOORS[option][COUNTS_AS.get(drug, drug)])


def source_step(drug: str, kb: KnowledgeBase) -> Decimal:
    """Return the source's step in mg per month (S07, S08)."""
    return kb.number(_STEPS[COUNTS_AS.get(drug, drug)])


def curve_of(drug: str, kb: KnowledgeBase) -> Decimal | None:
    """Return the dose in mg per day from which the source counts a drug's steps; None where any start will do (C05)."""
    return kb.number("azathioprine_max_mg") if drug == "azathioprine" else None
