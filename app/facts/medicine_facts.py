"""Medications, allergies and earlier treatments as rules read them: names resolved to substances and classes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Running:
    """A medication resolved to substances: running on the first treatment day, or stopped shortly before.

    `index` is its place in the list sent. `started_on` may lie after the day of the plan: it is planned then.
    """

    name: str
    substances: tuple[str, ...]
    classes: frozenset[str]
    dose_mg_per_day: Decimal | None
    index: int
    started_on: date | None = None
    stopped_on: date | None = None

    def is_any_of(self, *keys: str) -> bool:
        """Whether it is, contains or belongs to one of the substance keys or classes."""
        return any(key in self.substances or key in self.classes for key in keys)


@dataclass(frozen=True, slots=True)
class MedicineFacts:
    """Medication, allergy and exposure facts; None where the list they come from was not sent.

    Sets hold substance keys and classes. An allergy without a recorded reaction counts as hypersensitivity.
    `exposed` joins prior treatments and medications that had begun before `start_on`; `response_unknown` holds prior
    treatments without a recorded response, `tolerance_unknown` those of which nobody says whether they were tolerated.
    `not_tolerated`, `insufficient` and `response_unknown` are None too where a name that nobody knows got that answer:
    it may be any drug. `known_not_tolerated` and `known_insufficient` hold what is certain even then.
    `within_washout` holds calcineurin and mTOR inhibitors stopped less than two days before `start_on`.
    `recent` holds whatever was stopped so shortly before `start_on` that its effect may still be there.
    `unscreened` holds free names that no table knows; they are reported, never ignored. Those of the allergy list
    stand in `unscreened_allergies` once more.
    """

    running: tuple[Running, ...] | None
    unscreened: tuple[str, ...]
    within_washout: frozenset[str]
    hypersensitive: frozenset[str] | None
    intolerant: frozenset[str] | None
    not_tolerated: frozenset[str] | None
    insufficient: frozenset[str] | None
    exposed: frozenset[str] | None
    response_unknown: frozenset[str] | None = None
    tolerance_unknown: frozenset[str] = frozenset()
    recent: tuple[Running, ...] = ()
    known_not_tolerated: frozenset[str] = frozenset()
    known_insufficient: frozenset[str] = frozenset()
    unscreened_allergies: tuple[str, ...] = ()

    def takes(self, *keys: str) -> bool | None:
        """Whether any running medication is, contains or belongs to one of the substance keys or classes."""
        return None if self.running is None else any(item.is_any_of(*keys) for item in self.running)

    def matching(self, *keys: str) -> tuple[Running, ...]:
        """The running medications that are, contain or belong to one of the substance keys or classes."""
        return tuple(item for item in self.running or () if item.is_any_of(*keys))

    def recently(self, *keys: str) -> tuple[Running, ...]:
        """The medications stopped a short time ago that are, contain or belong to one of the keys or classes."""
        return tuple(item for item in self.recent if item.is_any_of(*keys))

    def running_names(self, *keys: str) -> tuple[str, ...]:
        """The names, as sent, of running medications that match one of the keys or classes."""
        return tuple(item.name for item in self.matching(*keys))

    def partners(self, drug: str, key: str) -> tuple[str, ...]:
        """The names, as sent, of running medications other than `drug` itself that are or belong to `key`."""
        return tuple(item.name for item in self.running or () if drug not in item.substances and item.is_any_of(key))

    def dose(self, *keys: str) -> Decimal | None:
        """The summed running daily dose in mg of the substances named; None when none of them has a known dose."""
        wanted = set(keys)
        doses = [
            item.dose_mg_per_day
            for item in self.running or ()
            if wanted & set(item.substances) and item.dose_mg_per_day is not None
        ]
        return sum(doses, Decimal(0)) if doses else None
