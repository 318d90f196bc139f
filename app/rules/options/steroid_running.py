"""The steroid that runs already: its dose beside that of an option, and other steroids that come on top."""

from collections.abc import Iterator
from decimal import Decimal

from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.rules.options.draft import plain
from app.rules.rule import Condition, rule

DRUG = "prednisone"
_EQUIVALENT = ("prednisone", "prednisolone")


@rule("current_steroid_higher", cites=("P-current-steroid", "S35"))
def current_steroid_higher(facts: Facts, start: Decimal) -> Iterator[Condition]:
    """Does the patient already take more prednisone than this option starts with, listed or by the treatment followed?

    `start` is the highest dose that the option begins with.

    Listed and followed are read as the same drug, so the higher of the two counts.
    """
    running = max(_running(facts), default=None)
    if running is not None and running > start:
        yield Condition(
            "CURRENT_STEROID_HIGHER",
            f"Prednisone {plain(running)} mg/d is running, above {plain(start)} mg/d: a flare is no moment to reduce.",
            withholds=(DRUG,),
            until="a clinician has set the steroid dose",
        )
    elif any(item.dose_mg_per_day is None for item in facts.medicines.matching(*_EQUIVALENT)):
        yield Condition(
            "CURRENT_STEROID_UNKNOWN",
            "A steroid is running at an unknown dose: send dose_mg_per_day.",
            withholds=(DRUG,),
            until="the running steroid dose is known",
        )


def _running(facts: Facts) -> Iterator[Decimal]:
    return (mg for mg in (facts.medicines.dose(*_EQUIVALENT), followed_dose(facts)) if mg is not None)


def followed_dose(facts: Facts) -> Decimal | None:
    """Return the prednisone of the treatment followed, mg per day; None where no schedule of it is followed."""
    return facts.level.doses.get(DRUG) if facts.level else None


@rule("other_steroid_running", cites=("C26", "P-current-steroid"))
def other_steroid(facts: Facts) -> Iterator[Condition]:
    """Is another systemic steroid running, whose dose would come on top?"""
    steroids = facts.medicines.matching("systemic_glucocorticoid")
    names = [item.name for item in steroids if not set(item.substances) & set(_EQUIVALENT)]
    if names:
        yield Condition(
            "OTHER_STEROID_RUNNING",
            f"{', '.join(names)} is running: a clinician decides which steroid goes on, at which dose.",
            withholds=(DRUG,),
            until="a clinician has chosen one steroid",
        )


def highest_dose(facts: Facts, option_id: OptionId, start: Decimal) -> Decimal:
    """Return the highest dose of an option, mg per day; once it is followed, that of its own schedule counts as well.

    A steroid that was higher when the option was chosen goes on by its steps: it does not stand against itself.
    """
    following = facts.following
    path = following.path[:1] if following is not None and facts.follows(option_id) else ()
    return max((start, *(level.doses[DRUG] for level in path if DRUG in level.doses)))
