"""Doses of a proposal on the days they hold."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.facts.proposal import Fall, Level, Proposed, falls

START, LATER = date(2026, 3, 10), date(2026, 4, 10)


def drug(*levels: tuple[date, int], running: int | None = 0, **changes: Any) -> Proposed:
    whole: dict[str, Any] = {
        "name": "prednisone",
        "substances": ("prednisone",),
        "classes": frozenset({"systemic_glucocorticoid"}),
        "start_on": START,
        "levels": tuple(Level(day, Decimal(mg)) for day, mg in levels),
        "replaces": (),
        "running_mg": None if running is None else Decimal(running),
        "frequency": None,
        "formulation": None,
        "strength_mg": None,
        "rxnorm": None,
        "ramp": False,
    }
    return Proposed(**{**whole, **changes})


def test_a_drug_is_given_unless_it_stops_up_to_the_first_day() -> None:
    assert drug((START, 30)).given
    assert drug((LATER, 0)).given
    assert not drug((START, 0)).given


def test_a_drug_without_any_dose_is_given_at_an_unknown_one() -> None:
    assert drug().given
    assert drug(running=None).mg is None


def test_the_dose_at_first_is_the_running_one_until_a_taper_begins() -> None:
    assert drug((LATER, 20), running=30).mg == 30
    assert drug((START, 20), running=30).mg == 20
    assert drug((LATER, 20), running=None).mg == 20


def test_the_highest_dose_may_come_later() -> None:
    assert drug((START, 20), (LATER, 40)).highest_mg == 40
    assert drug(running=10).highest_mg == 10


def test_only_a_last_level_of_nothing_is_a_stop() -> None:
    assert drug((START, 30), (LATER, 0)).stop_on == LATER
    assert drug((START, 0), (LATER, 30)).stop_on is None
    assert drug().stop_on is None


def test_an_extended_release_product_is_known_by_its_name_or_by_the_order() -> None:
    assert drug(substances=("tacrolimus_extended_release", "tacrolimus")).extended_release
    assert drug(formulation="extended_release").extended_release
    assert not drug(formulation="immediate_release").extended_release


def test_a_dose_holds_from_its_day_on() -> None:
    course = drug((START, 30), (LATER, 20), running=40)
    assert [course.on(day) for day in (date(2026, 3, 9), START, date(2026, 4, 9), LATER)] == [40, 30, 30, 20]
    assert drug((START, 30), running=None).on(date(2026, 3, 9)) == 30
    assert drug(running=None).on(START) == 0


def test_a_fall_knows_since_when_the_dose_before_was_taken() -> None:
    assert drug((START, 30), (LATER, 20)).falls == (Fall(LATER, Decimal(30), Decimal(20), START),)
    assert drug((START, 30), running=40).falls == (Fall(START, Decimal(40), Decimal(30), None),)


def test_the_running_dose_goes_on_without_a_new_beginning() -> None:
    assert drug((START, 30), (LATER, 20), running=30).falls[0].since is None


def test_an_unknown_running_dose_makes_no_fall() -> None:
    assert drug((START, 30), running=None).falls == ()
    assert drug(running=None).falls == ()


def test_a_switch_between_drugs_that_count_together_is_no_fall() -> None:
    old, new = drug((START, 0), running=40), drug((START, 40), name="prednisolone")
    assert falls((old, new)) == ()
    assert falls((old, drug((START, 30))))[0].mg == 10
