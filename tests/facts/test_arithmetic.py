from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.facts.arithmetic import clamp, half_up, natural_log, power

POSITIVE = st.decimals(min_value="0.01", max_value="1000", places=3)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.5", "1"), ("1.5", "2"), ("2.5", "3"), ("14.49", "14"), ("14.5", "15"), ("-0.5", "-1"), ("8.0", "8")],
)
def test_halves_go_up_and_never_to_the_even_neighbour(value: str, rounded: str) -> None:
    assert half_up(Decimal(value)) == Decimal(rounded)


def test_rounding_takes_a_step() -> None:
    assert half_up(Decimal("2.345"), Decimal("0.01")) == Decimal("2.35")


@given(st.decimals(min_value=-10_000, max_value=10_000, places=4))
def test_rounding_moves_a_value_by_half_a_step_at_most(value: Decimal) -> None:
    assert abs(half_up(value) - value) <= Decimal("0.5")


@pytest.mark.parametrize(("value", "kept"), [("0.9", "1"), ("1", "1"), ("2", "2"), ("4", "4"), ("4.1", "4")])
def test_a_value_is_moved_into_its_bounds(value: str, kept: str) -> None:
    assert clamp(Decimal(value), Decimal(1), Decimal(4)) == Decimal(kept)


@given(POSITIVE, POSITIVE)
def test_the_logarithm_of_a_product_is_the_sum_of_the_logarithms(one: Decimal, other: Decimal) -> None:
    assert abs(natural_log(one * other) - natural_log(one) - natural_log(other)) < Decimal("1e-20")


@given(POSITIVE, st.integers(min_value=1, max_value=5))
def test_a_whole_power_is_repeated_multiplication(base: Decimal, exponent: int) -> None:
    product = Decimal(1)
    for _ in range(exponent):
        product *= base
    assert abs(power(base, Decimal(exponent)) / product - 1) < Decimal("1e-20")


def test_the_caller_s_context_does_not_change_a_logarithm() -> None:
    natural_log.cache_clear()
    with localcontext(prec=5):
        narrow = natural_log(Decimal("1.7"))
    natural_log.cache_clear()
    assert narrow == natural_log(Decimal("1.7"))
