"""The dose levels of a schedule and the day each begins: one a month, or the month's reduction in smaller steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.clinical.vocabulary import StepStyle
from app.facts.dates import one_month_after
from app.knowledge.base import KnowledgeBase
from app.taper.steps import STEROIDS, Descent
from app.taper.stock import Amount


@dataclass(frozen=True, slots=True)
class Level:
    """The doses from one day on; `stuck` are drugs above their floor of which no lower dose can be made in one step."""

    starts_on: date
    amounts: dict[str, Amount]
    stuck: tuple[str, ...] = ()

    @property
    def doses(self) -> dict[str, Decimal]:
        """The mg per day of each drug."""
        return {drug: amount.mg for drug, amount in self.amounts.items()}


@dataclass(frozen=True, slots=True)
class AdrenalLimits:
    """How fast a steroid may fall for the adrenal glands: mg per reduction and days between two (ESE24)."""

    kb: KnowledgeBase

    def largest(self, mg: Decimal) -> Decimal:
        """Return the largest single reduction in mg from a daily dose."""
        if mg > self.kb.number("adrenal_high_above_mg"):
            return self.kb.number("adrenal_step_high_mg")
        middle = mg > self.kb.number("adrenal_middle_above_mg")
        return self.kb.number("adrenal_step_middle_mg" if middle else "adrenal_step_low_mg")

    def interval(self, mg: Decimal) -> int:
        """Return for how many days at least a daily dose is kept."""
        low = mg <= self.kb.number("adrenal_physiological_mg")
        return self.kb.whole("adrenal_physiological_interval_days" if low else "adrenal_interval_days")

    def lowest_after(self, mg: Decimal, days: int) -> Decimal:
        """Return how far a daily dose may have come down after so many days, each reduction as early as allowed."""
        while mg > 0 and days >= self.interval(mg):
            mg, days = mg - self.largest(mg), days - self.interval(mg)
        return mg

    def reductions(self, descent: Descent, previous: Amount, target: Amount, days: int) -> list[Amount]:
        """Return the doses from `previous` down to `target` within a month of `days`, as far as the limits allow."""
        kept, doses = self.interval(previous.mg), [previous]
        # A dose that has to be kept for longer than the first one lasts for what is left of this month.
        while doses[-1].mg > target.mg and len(doses) * kept <= days and self.interval(doses[-1].mg) == kept:
            aim = doses[-1].mg - self.largest(doses[-1].mg)
            lower = target if aim <= target.mg else descent.stock.step_to(aim, doses[-1].mg)
            if lower is None:
                break
            doses.append(lower)
        return doses[1:]


def levels(descents: tuple[Descent, ...], start_on: date, style: StepStyle, kb: KnowledgeBase) -> tuple[Level, ...]:
    """Return every level from the start down to the floor of each drug, or to where its tablets make no step."""
    way = _Way(descents, style, AdrenalLimits(kb))
    found = [Level(start_on, {descent.drug: descent.first for descent in descents})]
    day, month = start_on, 0
    while way.goes_on(found[-1]):
        day, month = one_month_after(day), month + 1
        last = found[-1].amounts
        whole = Level(day, {item.drug: item.after(last[item.drug], month) for item in descents})
        steps = _in_parts(whole, found[-1], descents, way.limits) if style == "split" else [whole]
        found += [
            level for level, before in zip(steps, [found[-1], *steps], strict=False) if level.doses != before.doses
        ]
    return tuple(replace(level, stuck=way.stuck(level)) for level in found)


@dataclass(frozen=True, slots=True)
class _Way:
    """How far each drug can fall from a level in one step."""

    descents: tuple[Descent, ...]
    style: StepStyle
    limits: AdrenalLimits

    def goes_on(self, level: Level) -> bool:
        """Whether any drug can."""
        return any(self._falls(descent, level) for descent in self.descents)

    def stuck(self, level: Level) -> tuple[str, ...]:
        """Return the drugs that cannot although their floor is lower."""
        above = (descent for descent in self.descents if level.doses[descent.drug] > descent.floor)
        return tuple(descent.drug for descent in above if not self._falls(descent, level))

    def _falls(self, descent: Descent, level: Level) -> bool:
        mg = level.doses[descent.drug]
        in_parts = self.style == "split" and descent.drug in STEROIDS
        return descent.falls_from(mg, min(descent.step, self.limits.largest(mg)) if in_parts else descent.step)


def _in_parts(whole: Level, last: Level, descents: tuple[Descent, ...], limits: AdrenalLimits) -> list[Level]:
    """Return a month's level in parts: the steroid in even smaller steps, every other drug on the month's first day.

    The first part begins when the monthly style would take the whole step, so no day has a lower dose than that style.
    """
    steroid = next((descent for descent in descents if descent.drug in STEROIDS), None)
    if steroid is None:
        return [whole]
    days = (one_month_after(whole.starts_on) - whole.starts_on).days
    before, after = last.amounts[steroid.drug], whole.amounts[steroid.drug]
    kept = (whole.starts_on - last.starts_on).days < limits.interval(before.mg)
    doses = [before] if kept else limits.reductions(steroid, before, after, days) or [before]
    return spread_evenly(whole.starts_on, days, [{**whole.amounts, steroid.drug: amount} for amount in doses])


def spread_evenly(start_on: date, days: int, doses: Sequence[dict[str, Amount]]) -> list[Level]:
    """Return a level for each of `doses`, all of one length but for a day, within so many `days` from the start."""
    first = start_on.toordinal()
    return [Level(date.fromordinal(first + days * place // len(doses)), amounts) for place, amounts in enumerate(doses)]
