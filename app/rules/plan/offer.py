"""What a plan offers: which options can be chosen or may become so, and what they would start."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.clinical.option import Option
from app.clinical.vocabulary import OptionId, Standing

_OPEN: frozenset[Standing] = frozenset({"recommended", "alternative", "conditional"})
STEROIDS = ("prednisone", "prednisolone")


@dataclass(frozen=True, slots=True)
class Offer:
    """The options that are recommended, alternative or conditional.

    `drugs` are theirs, with or without a dose yet; `steroid_mg` is their highest prednisone dose in mg per day.
    """

    options: frozenset[OptionId]
    drugs: frozenset[str]
    steroid_mg: Decimal

    @classmethod
    def of(cls, options: Iterable[Option]) -> "Offer":
        """Read the offer off the arranged options."""
        considered = [option for option in options if option.standing in _OPEN]
        drugs = [item for option in considered for item in option.medications]
        steroids = [
            item.dose_mg_per_day for item in drugs if item.drug in STEROIDS and item.dose_mg_per_day is not None
        ]
        return cls(
            options=frozenset(option.id for option in considered),
            drugs=frozenset(item.drug for item in drugs),
            steroid_mg=max(steroids, default=Decimal(0)),
        )
