"""An option before it is arranged: what was found about it and the doses it would have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from app.clinical.option import CalculationStep
from app.clinical.vocabulary import OptionId
from app.rules.rule import Block, Condition, Finding, NotIndicated

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Dose:
    """What a drug of an option would be given at. A null `mg_per_day` is withheld, never zero.

    `starts_on` is None for a dose that begins on the plan's own first day.
    """

    drug: str
    mg_per_day: Decimal | None = None
    intakes: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    until: str | None = None
    calculation: tuple[CalculationStep, ...] = ()
    starts_on: date | None = None

    def withheld(self, until: str | None) -> "Dose":
        """Return the drug without any number, and until when."""
        return Dose(self.drug, until=until)


@dataclass(frozen=True, slots=True)
class Draft:
    """An option with its findings. `favoured`: it would be recommended if nothing stood against it."""

    id: OptionId
    title: str
    cites: tuple[str, ...]
    findings: tuple[Finding, ...]
    doses: tuple[Dose, ...]
    favoured: bool = False
    specialist_dose: bool = False

    @property
    def blocked(self) -> bool:
        """Whether anything forbids the option."""
        return any(isinstance(finding, Block) for finding in self.findings)

    @property
    def not_indicated(self) -> bool:
        """Whether there is no indication."""
        return any(isinstance(finding, NotIndicated) for finding in self.findings)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What has to be supplied or settled first."""
        return tuple(finding for finding in self.findings if isinstance(finding, Condition))


@dataclass(slots=True)
class Arithmetic:
    """Collects the lines of a dose calculation, all resting on the same rule and sources."""

    rule: str
    cites: tuple[str, ...]
    lines: list[CalculationStep] = field(default_factory=list)

    def line(self, step: str, value: Decimal | None, unit: str, cites: Sequence[str] = ()) -> Decimal | None:
        """Write one line down and return its value."""
        citations = tuple(dict.fromkeys((*self.cites, *cites)))
        self.lines.append(CalculationStep(step=step, value=value, unit=unit, rule=self.rule, citations=citations))
        return value


def floor_to(value: Decimal, grid: Decimal) -> Decimal:
    """Round down to a multiple of `grid`."""
    return (value / grid).to_integral_value(ROUND_FLOOR) * grid


def per_kg(dose: Decimal | None, weight: Decimal | None) -> Decimal | None:
    """Return mg/kg per day to two decimals, half up; None without dose or weight."""
    if dose is None or weight is None:
        return None
    return (dose / weight).quantize(HUNDREDTH, ROUND_HALF_UP)


def gather(*groups: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of several rules in the order asked, each said once."""
    seen: dict[tuple[type[Finding], str, str], Finding] = {}
    for finding in (finding for group in groups for finding in group):
        seen.setdefault((type(finding), finding.code, finding.text), finding)
    return tuple(seen.values())


def plain(value: Decimal) -> str:
    """Write a number for people: no exponent, no trailing zero, always a leading digit."""
    return f"{value.normalize():f}"
