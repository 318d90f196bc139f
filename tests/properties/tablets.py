"""Tablets counted by trying, independent of the code that chooses them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.knowledge.base import KnowledgeBase


@dataclass(frozen=True)
class Stock:
    """Strengths in mg of one drug, and those of them that may be halved."""

    whole: frozenset[Decimal]
    halvable: frozenset[Decimal]

    def can_make(self, mg: float) -> bool:
        """Whether tablets, each strength halved at most once, add up to a dose."""
        target = exact(mg)
        starts = {Decimal(0)}
        for strength in self.halvable:
            starts |= {start + strength / 2 for start in starts}
        return any(self._reaches(start, target) for start in starts)

    def _reaches(self, start: Decimal, target: Decimal) -> bool:
        reached, frontier = {start}, {start}
        while frontier:
            frontier = {sum_ + mg for sum_ in frontier for mg in self.whole if sum_ + mg <= target} - reached
            reached |= frontier
        return target in reached


def stocked(drug: str, site: dict[str, Any], kb: KnowledgeBase) -> Stock:
    """Return the site's own strengths of a drug, else the marketed ones."""
    market = kb.drugs[drug]
    scored = frozenset(strength.mg for strength in market.strengths if strength.scored)
    own = (site.get("tablet_strengths") or {}).get(drug)
    strengths = frozenset(strength.mg for strength in market.strengths) if own is None else frozenset(map(exact, own))
    halvable = strengths if site.get("half_tablets") else strengths & scored
    return Stock(strengths, halvable if market.form == "tablet" else frozenset())


def made_of(tablets: list[dict[str, float]], mg: float, stock: Stock) -> bool:
    """Whether the tablets named are at hand, are whole or rightly halved, and add up to the dose."""
    counted = [(exact(tablet["strength_mg"]), exact(tablet["count"])) for tablet in tablets]
    at_hand = all(strength in stock.whole and count > 0 for strength, count in counted)
    divided = all(count % 1 == 0 or (strength in stock.halvable and count * 2 % 1 == 0) for strength, count in counted)
    return at_hand and divided and sum(strength * count for strength, count in counted) == exact(mg)


def exact(number: float) -> Decimal:
    """Return a JSON number as the decimal it was written as."""
    return Decimal(str(number))
