from decimal import Decimal

import pytest

from app.facts.fibrosis import fib_4


@pytest.mark.parametrize(
    ("age", "ast", "alt", "platelets", "expected"),
    [
        (50, "40", "25", "200", "2.00"),
        (52, "120", "160", "210", "2.35"),
        (40, "30", "36", "160", "1.25"),
        (61, "33", "100", "150", "1.34"),
        (1, "1", "1", "200", "0.01"),
    ],
)
def test_fib_4_is_reported_to_two_places_half_up(age: int, ast: str, alt: str, platelets: str, expected: str) -> None:
    assert fib_4(age, Decimal(ast), Decimal(alt), Decimal(platelets)).value == Decimal(expected)


def test_the_unrounded_value_is_kept() -> None:
    assert fib_4(61, Decimal(33), Decimal(100), Decimal(150)).raw == Decimal("1.342")
