"""The schedules of the two steroid options, projected before any of them is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.clinical.taper import Taper
from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.planning.dispensing import Dispensing
from app.rules.options.draft import Dose
from app.taper.schedule import schedule_option


@dataclass(frozen=True, slots=True)
class Projections:
    """Schedules by option; an option whose doses are not all known has none."""

    schedules: dict[OptionId, Taper]

    def cumulative(self, option_id: OptionId) -> Decimal | None:
        """Prednisone in mg over the horizon, or None without a schedule."""
        taper = self.schedules.get(option_id)
        return None if taper is None else taper.cumulative_prednisone_mg


def project(doses: Mapping[OptionId, tuple[Dose, ...]], facts: Facts, dispensing: Dispensing) -> Projections:
    """Return the schedules of the options whose doses are all known."""
    return Projections(
        {
            option_id: _schedule(option_id, known, facts, dispensing)
            for option_id, known in ((option_id, _known(items)) for option_id, items in doses.items())
            if known is not None
        }
    )


def _known(doses: tuple[Dose, ...]) -> dict[str, Decimal] | None:
    known = {dose.drug: dose.mg_per_day for dose in doses if dose.mg_per_day is not None}
    return known if len(known) == len(doses) else None


def _schedule(option_id: OptionId, doses: dict[str, Decimal], facts: Facts, dispensing: Dispensing) -> Taper:
    return schedule_option(option_id, doses, facts.weight, facts.start_on, dispensing.kb, dispensing.choices)
