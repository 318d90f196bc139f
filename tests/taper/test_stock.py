"""What a site can dispense of a drug, and how a day is divided into intakes."""

from decimal import Decimal

import pytest

from app.clinical.episode import Site
from app.clinical.taper import TabletCount
from app.knowledge.base import KnowledgeBase
from app.taper.stock import Choices, Stock, choices_of, stock_of
from app.taper.tablets import Tablet

D = Decimal


def pairs(tablets: tuple[TabletCount, ...] | None) -> list[tuple[Decimal, Decimal]] | None:
    return None if tablets is None else [(item.strength_mg, item.count) for item in tablets]


def test_an_episode_without_a_site_chooses_nothing() -> None:
    assert choices_of(None) == Choices()
    assert choices_of(Site()) == Choices()


def test_the_choices_of_a_site_are_taken_over() -> None:
    site = Site(tablet_strengths={"prednisone": (D(5),)}, half_tablets=True, step_style="split")
    assert choices_of(site) == Choices((("prednisone", (D(5),)),), half_tablets=True, step_style="split")


def test_only_a_scored_marketed_tablet_is_halved(kb: KnowledgeBase) -> None:
    halvable = {tablet.mg for tablet in stock_of("azathioprine", kb, Choices()).tablets if tablet.halvable}
    assert halvable == {D(50)}
    assert not any(tablet.halvable for tablet in stock_of("prednisone", kb, Choices()).tablets)


def test_a_strength_the_site_names_is_halved_only_where_the_marketed_one_is_scored(kb: KnowledgeBase) -> None:
    choices = Choices((("azathioprine", (D(50), D(100))),))
    assert stock_of("azathioprine", kb, choices).tablets == (Tablet(D(50), halvable=True), Tablet(D(100)))


def test_a_site_that_halves_tablets_halves_all_of_them(kb: KnowledgeBase) -> None:
    choices = Choices((("prednisone", (D(5), D(20))),), half_tablets=True)
    assert all(tablet.halvable for tablet in stock_of("prednisone", kb, choices).tablets)


def test_a_capsule_is_never_halved(kb: KnowledgeBase) -> None:
    assert not any(tablet.halvable for tablet in stock_of("tacrolimus", kb, Choices(half_tablets=True)).tablets)


def test_a_site_without_the_drug_makes_no_dose(kb: KnowledgeBase) -> None:
    amount = stock_of("prednisone", kb, Choices((("prednisone", ()),))).exactly(D(20))
    assert (amount.fit, amount.tablets) == ("unmakeable", ())


@pytest.mark.parametrize(
    ("mg", "expected"),
    [
        ("0.5", [("0.5", 1)]),
        ("1", [("0.5", 2)]),
        ("2.5", [("1", 2), ("0.5", 1)]),
        ("3", [("1", 2), ("0.5", 2)]),
        ("4.5", [("1", 4), ("0.5", 1)]),
        ("10", [("5", 2)]),
    ],
)
def test_a_twice_daily_dose_is_made_of_two_intakes_the_larger_in_the_morning(
    mg: str, expected: list[tuple[str, int]], kb: KnowledgeBase
) -> None:
    assert pairs(stock_of("tacrolimus", kb, Choices()).day(D(mg))) == [(D(size), D(count)) for size, count in expected]


@pytest.mark.parametrize(
    ("drug", "mg", "expected"),
    [
        ("prednisone", "30", [("20", 1), ("10", 1)]),
        ("cyclosporine", "150", [("50", 2), ("25", 2)]),
        ("mycophenolate", "1500", [("500", 2), ("250", 2)]),
    ],
)
def test_a_drug_is_divided_into_the_intakes_it_is_taken_in(
    drug: str, mg: str, expected: list[tuple[str, int]], kb: KnowledgeBase
) -> None:
    assert pairs(stock_of(drug, kb, Choices()).day(D(mg))) == [(D(size), D(count)) for size, count in expected]


def test_the_intakes_of_a_day_are_counted_together() -> None:
    small, whole = Tablet(D(1)), Tablet(D("2.5"))
    assert pairs(Stock((small, whole)).day(D("2.5"))) == [(D("2.5"), D(1))]
    assert pairs(Stock((small,), intakes=3).day(D(4))) == [(D(1), D(4))]
    assert pairs(Stock((small, Tablet(D(2)), Tablet(D(3))), intakes=2).day(D(5))) == [(D(3), D(1)), (D(2), D(1))]


def test_a_day_whose_shares_cannot_be_made_is_not_made(kb: KnowledgeBase) -> None:
    assert stock_of("tacrolimus", kb, Choices()).day(D("1.75")) is None
    assert Stock((Tablet(D(2)), Tablet(D(3))), intakes=2).day(D(2)) == (TabletCount(strength_mg=D(2), count=D(1)),)
    assert Stock((), intakes=2).day(D(2)) is None


def test_a_step_goes_to_the_nearest_dose_above_its_limit() -> None:
    amount = Stock((Tablet(D(7)),)).step_to(D(20), D(30))
    assert amount is not None
    assert (amount.mg, amount.fit, pairs(amount.tablets)) == (D(21), "rounded", [(D(7), D(3))])


def test_a_step_that_tablets_make_is_taken_as_it_is() -> None:
    amount = Stock((Tablet(D(5)),)).step_to(D(20), D(30))
    assert amount is not None
    assert (amount.mg, amount.fit, pairs(amount.tablets)) == (D(20), "exact", [(D(5), D(4))])


def test_a_step_that_would_stay_where_it_is_is_none() -> None:
    assert Stock((Tablet(D(30)),)).step_to(D(20), D(30)) is None
    assert Stock(()).step_to(D(20), D(30)) is None


def test_a_step_goes_to_the_next_dose_whose_intakes_can_be_made() -> None:
    """Of 2 and 7 mg a day of 7 mg is made at once but not in two intakes; 8 mg is 4 and 4."""
    stock = Stock((Tablet(D(2)), Tablet(D(7))), intakes=2)
    assert stock.step_to(D("6.5"), D("7.5")) is None
    assert stock.step_to(D("6.5"), D(8)) is None
    amount = stock.step_to(D("6.5"), D(9))
    assert amount is not None
    assert (amount.mg, amount.fit, pairs(amount.tablets)) == (D(8), "rounded", [(D(2), D(4))])


@pytest.mark.parametrize(
    ("mg", "expected"),
    [
        (21, (21, "exact")),
        ("21.5", (21, "lowered")),
        ("20.5", (14, "lowered")),
        (7, (7, "exact")),
        (6, (6, "unmakeable")),
    ],
)
def test_a_start_is_the_dose_or_the_nearest_lower_one(mg: object, expected: tuple[float, str]) -> None:
    amount = Stock((Tablet(D(7)),)).start(D(str(mg)))
    assert (float(amount.mg), amount.fit) == expected
    assert bool(amount.tablets) is (amount.fit != "unmakeable")


def test_a_start_is_lowered_to_a_dose_whose_intakes_can_be_made() -> None:
    amount = Stock((Tablet(D(2)), Tablet(D(7))), intakes=2).start(D("7.5"))
    assert (amount.mg, amount.fit, pairs(amount.tablets)) == (D(6), "lowered", [(D(2), D(3))])
