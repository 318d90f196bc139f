"""Levels and their days: one a month, or the month's reduction in smaller steps within the adrenal limits."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.vocabulary import StepStyle
from app.knowledge.base import KnowledgeBase
from app.taper.levels import AdrenalLimits, Level, levels
from app.taper.steps import Descent
from app.taper.stock import Amount, Choices, Stock, stock_of
from app.taper.tablets import Tablet

D = Decimal
START = date(2026, 3, 10)


def prednisone(start: object, floor: object, kb: KnowledgeBase, step: object = 10, sizes: str = "") -> Descent:
    stock = Stock(tuple(Tablet(D(mg)) for mg in sizes.split())) if sizes else stock_of("prednisone", kb, Choices())
    lowest = min(D(str(floor)), stock.start(D(str(start))).mg)
    return Descent("prednisone", D(str(start)), D(str(step)), lowest, stock)


def way(
    descent: Descent, kb: KnowledgeBase, style: StepStyle = "split", start: date = START
) -> list[tuple[date, float]]:
    return [(level.starts_on, float(level.amounts[descent.drug].mg)) for level in levels((descent,), start, style, kb)]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 1, 31), [date(2026, 3, 2), date(2026, 4, 2)]),
        (date(2026, 3, 10), [date(2026, 4, 10), date(2026, 5, 10)]),
        (date(2026, 2, 1), [date(2026, 3, 3), date(2026, 4, 3)]),
        (date(2028, 1, 30), [date(2028, 2, 29), date(2028, 3, 30)]),
        (date(2026, 12, 31), [date(2027, 1, 31), date(2027, 3, 2)]),
    ],
)
def test_a_month_is_counted_from_the_step_before(start: date, expected: list[date], kb: KnowledgeBase) -> None:
    assert [day for day, _ in way(prednisone(30, 10, kb), kb, "monthly", start)] == [start, *expected]


def test_split_takes_two_steps_of_five_above_twenty(kb: KnowledgeBase) -> None:
    assert way(prednisone(40, 20, kb), kb) == [
        (date(2026, 3, 10), 40),
        (date(2026, 4, 10), 35),
        (date(2026, 4, 25), 30),
        (date(2026, 5, 10), 25),
        (date(2026, 5, 25), 20),
    ]


def test_split_takes_four_steps_of_two_and_a_half_from_twenty(kb: KnowledgeBase) -> None:
    assert way(prednisone(20, 10, kb), kb) == [
        (date(2026, 3, 10), 20),
        (date(2026, 4, 10), 17.5),
        (date(2026, 4, 17), 15),
        (date(2026, 4, 25), 12.5),
        (date(2026, 5, 2), 10),
    ]


def test_split_needs_longer_where_a_month_is_too_short_for_the_adrenal_limits(kb: KnowledgeBase) -> None:
    assert [mg for _, mg in way(prednisone(15, 5, kb), kb)] == [15, 12.5, 10, 9, 8, 7, 6, 5]


def test_split_keeps_a_physiological_dose_for_four_weeks(kb: KnowledgeBase) -> None:
    found = way(prednisone(6, 3, kb), kb)
    assert [mg for _, mg in found] == [6, 5, 4, 3]
    assert all((later - day).days >= 28 for (day, _), (later, _) in pairwise(found[1:]))


def test_split_leaves_the_other_drug_on_the_first_day_of_the_month(kb: KnowledgeBase) -> None:
    azathioprine = Descent("azathioprine", D(100), D(50), D(50), stock_of("azathioprine", kb, Choices()))
    found = levels((prednisone(30, 20, kb), azathioprine), START, "split", kb)
    assert [(level.starts_on.day, float(level.amounts["azathioprine"].mg)) for level in found] == [
        (10, 100),
        (10, 50),
        (25, 50),
    ]


def test_split_goes_on_with_the_other_drug_while_the_steroid_is_kept(kb: KnowledgeBase) -> None:
    azathioprine = Descent("azathioprine", D(200), D(50), D(50), stock_of("azathioprine", kb, Choices()))
    found = levels((prednisone(7, 4, kb), azathioprine), START, "split", kb)
    assert [tuple(float(amount.mg) for amount in level.amounts.values()) for level in found] == [
        (7, 200),
        (6, 150),
        (5, 150),
        (5, 100),
        (4, 50),
    ]


def test_split_without_a_steroid_is_monthly(kb: KnowledgeBase) -> None:
    azathioprine = Descent("azathioprine", D(150), D(50), D(50), stock_of("azathioprine", kb, Choices()))
    assert way(azathioprine, kb) == way(azathioprine, kb, "monthly")


def test_split_with_coarse_tablets_ends_where_they_make_no_step(kb: KnowledgeBase) -> None:
    found = levels((prednisone(30, 10, kb, sizes="5"),), START, "split", kb)
    assert [level.doses["prednisone"] for level in found] == [30, 25, 20]
    assert [level.stuck for level in found] == [(), (), ("prednisone",)]
    monthly = levels((prednisone(30, 10, kb, sizes="5"),), START, "monthly", kb)
    assert [level.doses["prednisone"] for level in monthly] == [30, 20, 10]
    assert not any(level.stuck for level in monthly)


def test_split_ends_within_a_month_where_tablets_make_no_further_step(kb: KnowledgeBase) -> None:
    found = levels((prednisone(25, 10, kb, sizes="5"),), START, "split", kb)
    assert [level.doses["prednisone"] for level in found] == [25, 20]
    assert found[-1].stuck == ("prednisone",)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ("20", [(60, True)]),
        ("11", [(55, True)]),
        ("10", [(60, False), (50, False), (40, False), (30, False), (20, False)]),
        ("9", [(54, False), (45, False), (36, False), (27, True)]),
    ],
)
def test_where_tablets_make_no_dose_within_a_step_the_dose_is_kept(
    sizes: str, expected: list[tuple[float, bool]], kb: KnowledgeBase
) -> None:
    """The last step of 9 mg tablets would end at 18 mg, below the floor."""
    found = levels((prednisone(60, 20, kb, sizes=sizes),), START, "monthly", kb)
    assert [(float(level.doses["prednisone"]), bool(level.stuck)) for level in found] == expected


def test_a_drug_that_cannot_fall_does_not_hold_the_other(kb: KnowledgeBase) -> None:
    azathioprine = Descent("azathioprine", D(100), D(50), D(50), Stock((Tablet(D(100)),)))
    found = levels((prednisone(30, 10, kb), azathioprine), START, "monthly", kb)
    assert [level.doses for level in found] == [{"prednisone": mg, "azathioprine": 100} for mg in (30, 20, 10)]
    assert {level.stuck for level in found} == {("azathioprine",)}


def test_a_drug_waits_for_its_curve_also_where_tablets_make_no_dose_on_it(kb: KnowledgeBase) -> None:
    """On the curve of 150 mg the first month's dose is 100 mg: 125 mg is kept until 75 mg is due."""
    stock = Stock((Tablet(D(75)), Tablet(D(125))))
    azathioprine = Descent("azathioprine", D(125), D(50), D(75), stock, curve=D(150))
    found = levels((prednisone(30, 10, kb), azathioprine), START, "monthly", kb)
    assert [level.doses["azathioprine"] for level in found] == [125, 125, 75]
    assert not any(level.stuck for level in found)


@pytest.mark.parametrize(
    ("before", "target", "days", "expected"),
    [
        (40, 20, 13, [35]),
        (40, 20, 14, [35, 30]),
        (12, 11, 31, [11]),
        (26, 21, 31, [21]),
    ],
)
def test_within_a_month_a_dose_is_lowered_as_often_as_the_limits_allow_and_to_its_target_at_most(
    before: int, target: int, days: int, expected: list[int], kb: KnowledgeBase
) -> None:
    descent = prednisone(before, target, kb)
    aim = Amount(D(target), (), "rounded")
    found = AdrenalLimits(kb).reductions(descent, descent.first, aim, days)
    assert [amount.mg for amount in found] == expected
    assert (aim in found) is (expected[-1] == target)


def dose_on(day: date, found: tuple[Level, ...]) -> Decimal:
    return [level.amounts["prednisone"].mg for level in found if level.starts_on <= day][-1]


STARTS = st.integers(1, 160).map(lambda halves: D(halves) / 2)
SIZES = st.sets(st.sampled_from(["1", "2.5", "3", "5", "7", "10", "20"]), min_size=1).map(
    lambda sizes: " ".join(sorted(sizes))
)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(STARTS, STARTS, SIZES, DAYS, st.sampled_from(["monthly", "split"]), st.sampled_from([2, 5, 10]))
def test_a_schedule_only_goes_down_within_its_limits_and_ends_at_its_floor(
    kb: KnowledgeBase, one: Decimal, other: Decimal, sizes: str, start: date, style: StepStyle, step: int
) -> None:
    descent = prednisone(max(one, other), min(one, other), kb, step, sizes)
    found = levels((descent,), start, style, kb)
    doses = [level.amounts["prednisone"].mg for level in found]
    assert doses[-1] == descent.floor or found[-1].stuck == ("prednisone",)
    assert all(before > after for before, after in pairwise(doses))
    assert all(before - after <= step for before, after in pairwise(doses))
    assert all(
        level.amounts["prednisone"].tablets or level.amounts["prednisone"].fit == "unmakeable" for level in found
    )
    assert len(found) == 1 or "unmakeable" not in {level.amounts["prednisone"].fit for level in found}


@given(STARTS, STARTS, SIZES, DAYS)
def test_split_never_falls_faster_than_the_adrenal_limits(
    kb: KnowledgeBase, one: Decimal, other: Decimal, sizes: str, start: date
) -> None:
    found = levels((prednisone(max(one, other), min(one, other), kb, sizes=sizes),), start, "split", kb)
    limits = AdrenalLimits(kb)
    for last, level in pairwise(found):
        before, after = last.amounts["prednisone"].mg, level.amounts["prednisone"].mg
        assert before - after <= limits.largest(before)
        assert (level.starts_on - last.starts_on).days >= limits.interval(before)


@given(STARTS, STARTS, SIZES, DAYS)
def test_split_is_never_below_the_monthly_style_on_any_day(
    kb: KnowledgeBase, one: Decimal, other: Decimal, sizes: str, start: date
) -> None:
    descent = prednisone(max(one, other), min(one, other), kb, sizes=sizes)
    split, monthly = (levels((descent,), start, style, kb) for style in ("split", "monthly"))
    days = {level.starts_on for level in (*split, *monthly)}
    assert all(dose_on(day, split) >= dose_on(day, monthly) for day in days)


@given(STARTS, STARTS, SIZES, DAYS, st.sampled_from(["monthly", "split"]))
def test_the_same_question_has_the_same_answer(
    kb: KnowledgeBase, one: Decimal, other: Decimal, sizes: str, start: date, style: StepStyle
) -> None:
    descent = prednisone(max(one, other), min(one, other), kb, sizes=sizes)
    assert levels((descent,), start, style, kb) == levels((descent,), start, style, kb)


@pytest.mark.parametrize(
    ("mg", "days", "lowest"),
    [
        (40, 6, 40),
        (40, 7, 35),
        (40, 13, 35),
        (40, 14, 30),
        (20, 28, 10),
        (10, 31, 6),
        (5, 27, 5),
        (5, 28, 4),
        (1, 56, 0),
    ],
)
def test_the_lowest_dose_after_some_days_takes_every_reduction_as_early_as_allowed(
    mg: int, days: int, lowest: int, kb: KnowledgeBase
) -> None:
    assert AdrenalLimits(kb).lowest_after(D(mg), days) == lowest
