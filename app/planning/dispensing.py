"""A dose against what the site stocks: made as it is, rounded down to what can be made, or withheld."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from app.clinical.taper import TabletCount
from app.knowledge.base import KnowledgeBase
from app.rules.options.draft import Dose, Draft, plain
from app.rules.rule import Condition, DoseCaution, Finding, rule
from app.taper.stock import Choices, stock_of
from app.taper.tablets import choose_tablets, nearest_makeable

# The lower end of a start dose. Rounding to tablets never passes it: too little is no smaller risk than none.
_LEAST = {"prednisone": "prednisone_combination_mg", "tacrolimus": "tacrolimus_min_mg"}


@dataclass(frozen=True, slots=True)
class Dispensing:
    """Fits doses to one site."""

    kb: KnowledgeBase
    choices: Choices

    def fit(self, draft: Draft) -> Draft:
        """Return the option with doses that can be made, and with what had to be said about them."""
        fitted = tuple(self.made(dose) for dose in draft.doses)
        said = tuple(finding for old, new in zip(draft.doses, fitted, strict=True) for finding in tablets_fit(old, new))
        return replace(draft, doses=fitted, findings=(*draft.findings, *said)) if said else draft

    def made(self, dose: Dose) -> Dose:
        """Return the dose, rounded down where its tablets do not make it; null where no tablets do."""
        if dose.mg_per_day is None or self._intake(dose, dose.mg_per_day) is not None:
            return dose
        return replace(dose, mg_per_day=self._below(dose, dose.mg_per_day))

    def tablets(self, dose: Dose) -> tuple[TabletCount, ...]:
        """Return the tablets for one day of a fitted dose: those of one intake, as often as it is taken."""
        one = None if dose.mg_per_day is None else self._intake(dose, dose.mg_per_day)
        return tuple(item.model_copy(update={"count": item.count * (dose.intakes or 1)}) for item in one or ())

    def _intake(self, dose: Dose, mg: Decimal) -> tuple[TabletCount, ...] | None:
        """Return the tablets of one intake when `mg` a day are taken in equal parts; None when none make it."""
        return choose_tablets(mg / (dose.intakes or 1), stock_of(dose.drug, self.kb, self.choices).tablets)

    def _below(self, dose: Dose, mg: Decimal) -> Decimal | None:
        """Return the largest makeable daily dose below `mg`, the same at every intake; None for too little."""
        each, smallest = mg / (dose.intakes or 1), Decimal(0)
        nearest = nearest_makeable(each, smallest, each, stock_of(dose.drug, self.kb, self.choices).tablets)
        found = nearest * (dose.intakes or 1) if nearest else None
        return None if found is None or self._too_little(dose.drug, found, mg) else found

    def _too_little(self, drug: str, found: Decimal, mg: Decimal) -> bool:
        """Whether rounding `mg` would pass the lower end of the drug's start dose."""
        return drug in _LEAST and found < self.kb.number(_LEAST[drug]) <= mg


@rule("dose_made_of_tablets", cites=("P-tablets",))
def tablets_fit(wanted: Dose, made: Dose) -> Iterator[Finding]:
    """Can the dose be made of the site's tablets?"""
    if wanted.mg_per_day is None or made.mg_per_day == wanted.mg_per_day:
        return
    if made.mg_per_day is None:
        yield Condition(
            "DOSE_NOT_MAKEABLE",
            f"{wanted.drug} {plain(wanted.mg_per_day)} mg/d cannot be made of the site's tablets.",
            withholds=(wanted.drug,),
            until="the site has tablets that make the dose",
        )
    else:
        yield DoseCaution(
            "DOSE_ROUNDED_TO_TABLETS",
            f"{wanted.drug} {plain(wanted.mg_per_day)} mg/d cannot be made of the site's tablets: "
            f"{plain(made.mg_per_day)} mg/d is the next lower dose that can.",
            drug=wanted.drug,
        )
