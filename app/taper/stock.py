"""What the site can dispense of a drug, and how a day's dose is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from app.clinical.episode import Site
from app.clinical.taper import TabletCount
from app.clinical.vocabulary import StepStyle
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import DrugInfo
from app.taper.tablets import Tablet, choose_tablets, makeable_doses

# Drug key and its strengths in mg; pairs, not a mapping, so that schedules can be remembered by it.
Strengths = tuple[tuple[str, tuple[Decimal, ...]], ...]
Fit = Literal["exact", "rounded", "lowered", "unmakeable"]
_REMEMBERED = 2 * 100
_NOTHING = Decimal(0)
# Drugs taken in more than one intake a day, and the parameter that says in how many.
_INTAKES = {
    "tacrolimus": "tacrolimus_intakes",
    "cyclosporine": "cyclosporine_intakes",
    "mycophenolate": "mycophenolate_intakes",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the site or the clinician chose. `strengths` in mg per drug key; None takes the marketed ones."""

    strengths: Strengths | None = None
    half_tablets: bool = False
    step_style: StepStyle = "monthly"


def choices_of(site: Site | None) -> Choices:
    """Return the choices an episode carries; what it does not say stays at its default."""
    if site is None:
        return Choices()
    return Choices(paired(site.tablet_strengths), bool(site.half_tablets), site.step_style or "monthly")


def paired(strengths: Mapping[str, tuple[Decimal, ...]] | None) -> Strengths | None:
    """Return the strengths as choices hold them."""
    return None if strengths is None else tuple(strengths.items())


@dataclass(frozen=True, slots=True)
class Amount:
    """A dose in mg per day and the tablets for one day; empty tablets mean that none make it."""

    mg: Decimal
    tablets: tuple[TabletCount, ...]
    fit: Fit


@dataclass(frozen=True, slots=True)
class Stock:
    """The tablets of one drug and into how many intakes its day is divided."""

    tablets: tuple[Tablet, ...]
    intakes: int = 1

    def day(self, mg: Decimal) -> tuple[TabletCount, ...] | None:
        """Return the tablets for one day of `mg`; None when none make it.

        An uneven division puts the larger share in the morning.
        """
        if self.intakes == 1 or not self.tablets:
            return choose_tablets(mg, self.tablets)
        smallest = min(tablet.mg for tablet in self.tablets)
        later = mg / self.intakes // smallest * smallest
        first = choose_tablets(mg - later * (self.intakes - 1), self.tablets)
        others = choose_tablets(later, self.tablets)
        return None if first is None or others is None else _added(first, others, self.intakes - 1)

    def exactly(self, mg: Decimal) -> Amount:
        """Return the dose as it is, made of tablets where that is possible."""
        tablets = self.day(mg)
        return Amount(mg, tablets or (), "exact" if tablets is not None else "unmakeable")

    def start(self, mg: Decimal) -> Amount:
        """Return the dose, or the nearest lower one that tablets make; as it is, and marked, where there is none."""
        exact = self.exactly(mg)
        if exact.fit == "exact":
            return exact
        lower = (self.exactly(dose) for dose in reversed(makeable_doses(_NOTHING, mg, self.tablets)) if dose)
        return next((replace(found, fit="lowered") for found in lower if found.fit == "exact"), exact)

    def step_to(self, mg: Decimal, previous: Decimal) -> Amount | None:
        """Return the makeable dose nearest to `mg` that neither falls below it nor stays at `previous`.

        `mg` is the lowest dose the step limit allows. None where the tablets make no such dose.
        """
        exact = self.exactly(mg)
        if exact.fit == "exact":
            return exact
        higher = (self.exactly(dose) for dose in makeable_doses(mg, previous, self.tablets) if dose < previous)
        return next((replace(found, fit="rounded") for found in higher if found.fit == "exact"), None)


@lru_cache(maxsize=_REMEMBERED)
def stock_of(drug: str, kb: KnowledgeBase, choices: Choices) -> Stock:
    """Return what the site has of a drug: its own list where it gave one, otherwise the marketed strengths."""
    info = kb.drugs[drug]
    named = dict(choices.strengths or ()).get(drug)
    sizes = tuple(strength.mg for strength in info.strengths) if named is None else named
    scored = _halvable(info, every=choices.half_tablets)
    intakes = kb.whole(_INTAKES[drug]) if drug in _INTAKES else 1
    return Stock(tuple(Tablet(mg, scored is None or mg in scored) for mg in sizes), intakes)


def _halvable(info: DrugInfo, *, every: bool) -> frozenset[Decimal] | None:
    """Return the strengths that may be halved, None for every one. Only tablets are: capsules are never split."""
    if info.form != "tablet":
        return frozenset()
    return None if every else frozenset(strength.mg for strength in info.strengths if strength.scored)


def _added(first: tuple[TabletCount, ...], others: tuple[TabletCount, ...], times: int) -> tuple[TabletCount, ...]:
    """Return the tablets of the first intake and `times` further ones together, larger strengths first."""
    counts = {tablet.strength_mg: tablet.count for tablet in first}
    for tablet in others:
        counts[tablet.strength_mg] = counts.get(tablet.strength_mg, Decimal(0)) + tablet.count * times
    return tuple(TabletCount(strength_mg=mg, count=count) for mg, count in sorted(counts.items(), reverse=True))
