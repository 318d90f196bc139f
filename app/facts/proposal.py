"""A proposal as facts: what it sets on which day, and what the patient would take under it. Nothing here computes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.clinical.vocabulary import Formulation, Frequency
from app.facts.facts import Facts
from app.facts.medicine_facts import Running

_ZERO = Decimal(0)
_EXTENDED = "tacrolimus_extended_release"


@dataclass(frozen=True, slots=True)
class Level:
    """A daily dose in mg from a day on; 0 is a stop."""

    day: date
    mg: Decimal


@dataclass(frozen=True, slots=True)
class Fall:
    """A reduction on a day, in mg per day; `since` is the day the dose before it began, None when unknown."""

    day: date
    before: Decimal
    after: Decimal
    since: date | None

    @property
    def mg(self) -> Decimal:
        """By how much the daily dose falls."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Proposed:
    """One drug of the proposal, whose first day is `start_on`.

    `levels` are the doses the proposal sets, in the order of their days; `replaces` holds what runs of the same drug.
    `running_mg` is the dose it has now: 0 when it is known not to run, None when unknown. `ramp`: of its taper only
    the first dose and the last day were sent.
    """

    name: str
    substances: tuple[str, ...]
    classes: frozenset[str]
    start_on: date
    levels: tuple[Level, ...]
    replaces: tuple[Running, ...]
    running_mg: Decimal | None
    frequency: Frequency | None
    formulation: Formulation | None
    strength_mg: Decimal | None
    rxnorm: str | None
    ramp: bool

    def is_any_of(self, *keys: str) -> bool:
        """Whether it is, contains or belongs to one of the substance keys or classes."""
        return any(key in self.substances or key in self.classes for key in keys)

    @property
    def given(self) -> bool:
        """Whether the drug is taken under the proposal: it is not stopped up to the first day."""
        now = [level.mg for level in self.levels if level.day <= self.start_on]
        return not now or now[-1] > 0

    @property
    def begins(self) -> bool:
        """Whether the proposal starts it: nothing of it is known to run."""
        return self.given and not self.replaces

    @property
    def mg(self) -> Decimal | None:
        """The daily dose on the first day; before its taper begins the running one; None when unknown."""
        now = [level.mg for level in self.levels if level.day <= self.start_on]
        return now[-1] if now else self.running_mg or next((level.mg for level in self.levels), None)

    @property
    def highest_mg(self) -> Decimal | None:
        """The highest daily dose under the proposal; None when no dose is known."""
        doses = [level.mg for level in self.levels]
        return max(doses) if doses else self.mg

    @property
    def stop_on(self) -> date | None:
        """The day the drug ends; None when it goes on."""
        return self.levels[-1].day if self.levels and not self.levels[-1].mg else None

    @property
    def extended_release(self) -> bool:
        """Whether an extended-release product is named or chosen."""
        return self.formulation == "extended_release" or _EXTENDED in self.substances

    @property
    def falls(self) -> tuple[Fall, ...]:
        """Every reduction the proposal makes, the one from the running dose included."""
        return falls((self,))

    def on(self, day: date) -> Decimal:
        """Return the dose on a day; before the first level the running one, or that level where it is unknown."""
        doses = [level.mg for level in self.levels if level.day <= day]
        if doses:
            return doses[-1]
        first = self.levels[0].mg if self.levels else _ZERO
        return first if self.running_mg is None else self.running_mg


@dataclass(frozen=True)
class ProposalFacts:
    """The patient as sent, the patient under the proposal, and the drugs of the proposal.

    What stands in the medication list of `after` from `first_index` on comes from the proposal. `disagreeing` names
    drugs to which the medications and the taper of the proposal give different doses on the first day.
    """

    before: Facts
    after: Facts
    items: tuple[Proposed, ...]
    first_index: int
    disagreeing: tuple[str, ...]

    @property
    def given(self) -> tuple[Proposed, ...]:
        """The drugs that are taken under the proposal."""
        return tuple(item for item in self.items if item.given)

    def giving(self, *keys: str) -> tuple[Proposed, ...]:
        """The drugs taken under the proposal that are or belong to one of the keys."""
        return tuple(item for item in self.given if item.is_any_of(*keys))

    def touching(self, *keys: str) -> tuple[Proposed, ...]:
        """The drugs of the proposal, stops included, that are or belong to one of the keys."""
        return tuple(item for item in self.items if item.is_any_of(*keys))

    def proposes(self, item: Running) -> bool:
        """Whether something that is taken under the proposal comes from it."""
        return item.index >= self.first_index


def falls(items: tuple[Proposed, ...]) -> tuple[Fall, ...]:
    """Return the reductions of drugs that count together, milligram for milligram; a switch between them is none."""
    days = sorted({level.day for item in items for level in item.levels})
    found: list[Fall] = []
    before = sum((_running(item) for item in items), _ZERO)
    since = _running_since(items)
    for day in days:
        after = sum((item.on(day) for item in items), _ZERO)
        if after < before:
            found.append(Fall(day, before, after, since))
        if after != before:
            before, since = after, day
    return tuple(found)


def _running_since(items: tuple[Proposed, ...]) -> date | None:
    """Return since when the present dose is taken: the day the last of what runs began; None when one is unknown."""
    starts = [running.started_on for item in items for running in item.replaces]
    known = [start for start in starts if start is not None]
    return max(known, default=None) if len(known) == len(starts) else None


def _running(item: Proposed) -> Decimal:
    """Return the dose before the first level; where it is unknown the first level itself, which then is no fall."""
    first = item.levels[0].mg if item.levels else _ZERO
    return first if item.running_mg is None else item.running_mg
