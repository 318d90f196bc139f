"""Tablets are chosen exactly; a brute force over every small combination agrees."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.taper import TabletCount
from app.taper.tablets import Tablet, choose_tablets, makeable_doses, nearest_makeable

D = Decimal
US = tuple(Tablet(D(mg)) for mg in ("1", "2.5", "5", "10", "20", "50"))
UK = tuple(Tablet(D(mg)) for mg in ("1", "2.5", "5", "10", "20", "25", "30"))
AZATHIOPRINE = (Tablet(D(25)), Tablet(D(50), halvable=True))


def chosen(dose: str | Decimal, strengths: tuple[Tablet, ...]) -> list[tuple[Decimal, Decimal]] | None:
    """Return strength and count of each tablet."""
    tablets = choose_tablets(D(dose), strengths)
    return None if tablets is None else [(item.strength_mg, item.count) for item in tablets]


def mg_of(tablets: tuple[TabletCount, ...]) -> Decimal:
    return sum((item.strength_mg * item.count for item in tablets), D(0))


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        ("4", [("1", 4)]),
        ("8", [("5", 1), ("1", 3)]),
        ("9", [("5", 1), ("1", 4)]),
        ("12.5", [("10", 1), ("2.5", 1)]),
        ("17.5", [("10", 1), ("5", 1), ("2.5", 1)]),
        ("40", [("20", 2)]),
        ("45", [("20", 2), ("5", 1)]),
        ("60", [("50", 1), ("10", 1)]),
    ],
)
def test_the_reference_doses_are_made_of_the_reference_tablets(dose: str, expected: list[tuple[str, int]]) -> None:
    assert chosen(dose, US) == [(D(mg), D(count)) for mg, count in expected]


@pytest.mark.parametrize("strengths", [US, UK])
@pytest.mark.parametrize("dose", ["0.5", "1.5"])
def test_half_a_milligram_and_one_and_a_half_are_not_made_of_whole_tablets(
    dose: str, strengths: tuple[Tablet, ...]
) -> None:
    assert chosen(dose, strengths) is None


def test_two_tablets_beat_three_where_taking_the_largest_first_fails() -> None:
    assert chosen("45", UK) == [(D(25), D(1)), (D(20), D(1))]


def test_fewest_strengths_decide_between_equally_many_tablets() -> None:
    assert chosen("30", tuple(Tablet(D(mg)) for mg in (10, 15, 20))) == [(D(15), D(2))]


def test_the_larger_strength_decides_between_equals() -> None:
    assert chosen("30", tuple(Tablet(D(mg)) for mg in (5, 10, 20, 25))) == [(D(25), D(1)), (D(5), D(1))]


def test_a_whole_tablet_is_preferred_to_a_half() -> None:
    assert chosen("75", AZATHIOPRINE) == [(D(50), D(1)), (D(25), D(1))]


def test_no_tablet_is_halved_however_many_whole_ones_it_takes() -> None:
    assert chosen("150", (Tablet(D(1)), Tablet(D(300), halvable=True))) == [(D(1), D(150))]


def test_a_scored_tablet_is_halved_where_whole_ones_do_not_make_the_dose() -> None:
    assert chosen("75", (Tablet(D(50), halvable=True),)) == [(D(50), D("1.5"))]
    assert chosen("75", (Tablet(D(50)),)) is None


def test_a_dose_of_nothing_needs_no_tablets() -> None:
    assert choose_tablets(D(0), US) == ()


def test_without_tablets_nothing_is_made() -> None:
    assert choose_tablets(D(5), ()) is None
    assert nearest_makeable(D(5), D(1), D(10), ()) is None


def test_a_dose_of_more_cells_than_the_grid_holds_is_not_made() -> None:
    fine = (Tablet(D("0.001")),)
    assert chosen("10", fine) == [(D("0.001"), D(10000))]
    assert chosen("10.001", fine) is None
    assert nearest_makeable(D("10.0005"), D(9), D("10.001"), fine) is None


def test_two_strengths_may_have_half_the_cells_of_one() -> None:
    fine = (Tablet(D("0.001")), Tablet(D("0.002")))
    assert chosen("5", fine) == [(D("0.002"), D(2500))]
    assert chosen("5.001", fine) is None
    assert nearest_makeable(D(5), D(4), D(5), fine) == D(5)
    assert nearest_makeable(D(5), D(4), D("5.001"), fine) is None


def test_a_strength_named_twice_is_one_strength() -> None:
    assert chosen("10", (Tablet(D("0.001")), Tablet(D("0.001")))) == [(D("0.001"), D(10000))]


def test_the_smallest_number_a_request_may_hold_does_no_harm() -> None:
    assert choose_tablets(D(1000), (Tablet(D("5E-324")),)) is None


def test_the_nearest_dose_is_makeable_and_within_its_bounds() -> None:
    seven = (Tablet(D(7)),)
    assert nearest_makeable(D(20), D(20), D(30), seven) == D(21)
    assert nearest_makeable(D(20), D(10), D(30), seven) == D(21)
    assert nearest_makeable(D(16), D(10), D(30), seven) == D(14)
    assert nearest_makeable(D(10), D(8), D(13), seven) is None
    two_and_five = (Tablet(D(2)), Tablet(D(5)))
    assert nearest_makeable(D(3), D(1), D(9), two_and_five) == D(4)
    assert nearest_makeable(D(3), D(3), D(3), two_and_five) is None
    assert nearest_makeable(D(5), D(5), D(9), two_and_five) == D(5)
    assert nearest_makeable(D("2.6"), D(1), D(4), (Tablet(D("2.5")),)) == D("2.5")


def test_the_higher_of_two_equally_near_doses_comes_down_more_slowly() -> None:
    assert nearest_makeable(D(15), D(0), D(30), (Tablet(D(10)),)) == D(20)


def cheapest(strengths: tuple[Tablet, ...]) -> dict[Decimal, tuple[Decimal, ...]]:
    """Return dose -> the best cost of every combination of at most eight tablets and up to 60 mg."""
    best: dict[Decimal, tuple[Decimal, ...]] = {}
    ordered = sorted(strengths, reverse=True)
    halves = [
        [D(n) / 2 for n in range(int(min(D(60) / item.mg, D(8)) * 2) + 1) if n % 2 == 0 or item.halvable]
        for item in ordered
    ]
    for counts in product(*halves):
        dose = sum((item.mg * count for item, count in zip(ordered, counts, strict=True)), D(0))
        if dose <= 60:
            cost = (
                D(sum(count % 1 != 0 for count in counts)),
                sum(counts, D(0)),
                D(sum(count > 0 for count in counts)),
                *(-count for count in counts),
            )
            best[dose] = min(best.get(dose, cost), cost)
    return best


@pytest.mark.parametrize(
    "strengths",
    [
        tuple(Tablet(D(mg)) for mg in ("1", "5", "10", "20")),
        tuple(Tablet(D(mg)) for mg in ("2.5", "5", "20", "25", "30")),
        (Tablet(D(5), halvable=True), Tablet(D(20), halvable=True), Tablet(D("2.5"))),
        (Tablet(D(1), halvable=True), Tablet(D(5)), Tablet(D(25), halvable=True)),
    ],
)
def test_brute_force_agrees_for_every_half_milligram_up_to_sixty(strengths: tuple[Tablet, ...]) -> None:
    best = cheapest(strengths)
    for dose in (D(halves) / 2 for halves in range(1, 121)):
        found = choose_tablets(dose, strengths)
        if found is None or any(item.count > 8 for item in found):
            # Brute force looks at combinations of at most eight tablets a strength.
            assert found or dose not in best
            continue
        counts = {item.strength_mg: item.count for item in found}
        assert tuple(-counts.get(item.mg, D(0)) for item in sorted(strengths, reverse=True)) == best[dose][3:]


STRENGTHS = st.sets(st.sampled_from(["0.5", "1", "2.5", "3", "5", "10", "20", "25", "50"]), min_size=1, max_size=6).map(
    lambda sizes: tuple(Tablet(D(mg), halvable=mg in ("1", "5", "50")) for mg in sorted(sizes))
)
DOSES = st.integers(1, 480).map(lambda quarters: D(quarters) / 4)


@given(DOSES, STRENGTHS)
def test_the_tablets_chosen_make_exactly_the_dose(dose: Decimal, strengths: tuple[Tablet, ...]) -> None:
    tablets = choose_tablets(dose, strengths)
    halvable = {item.mg for item in strengths if item.halvable}
    if tablets is not None:
        assert mg_of(tablets) == dose
        assert all(item.count % 1 == 0 or item.strength_mg in halvable for item in tablets)
        assert [item.strength_mg for item in tablets] == sorted((item.strength_mg for item in tablets), reverse=True)


@given(DOSES, STRENGTHS, STRENGTHS)
def test_another_strength_at_hand_never_costs_more(
    dose: Decimal, strengths: tuple[Tablet, ...], more: tuple[Tablet, ...]
) -> None:
    few, many = choose_tablets(dose, strengths), choose_tablets(dose, (*strengths, *more))
    if few is not None:
        assert many is not None
        assert cost(many) <= cost(few)


def cost(tablets: tuple[TabletCount, ...]) -> tuple[int, Decimal, int]:
    return (sum(item.count % 1 != 0 for item in tablets), sum((item.count for item in tablets), D(0)), len(tablets))


@given(DOSES, STRENGTHS, DOSES)
def test_a_makeable_dose_is_its_own_nearest(dose: Decimal, strengths: tuple[Tablet, ...], spread: Decimal) -> None:
    nearest = nearest_makeable(dose, max(dose - spread, D(0)), dose + spread, strengths)
    if choose_tablets(dose, strengths) is not None:
        assert nearest == dose
    if nearest is not None:
        assert abs(nearest - dose) <= spread
        assert choose_tablets(nearest, strengths) is not None


def test_every_makeable_dose_of_a_range_is_listed_unless_there_are_too_many_to_weigh() -> None:
    one = (Tablet(D(1)),)
    assert makeable_doses(D(9998), D(10000), one) == (D(9998), D(9999), D(10000))
    assert makeable_doses(D(9999), D(10001), one) == ()
    assert makeable_doses(D(1), D(5), ()) == ()
