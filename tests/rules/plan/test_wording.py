from decimal import Decimal

import pytest

from app.rules.plan.wording import listed, plain


@pytest.mark.parametrize(
    ("value", "expected"), [("0.60", "0.6"), ("1.0", "1"), ("20", "20"), ("1E+2", "100"), ("0", "0"), (".5", "0.5")]
)
def test_a_number_has_a_leading_zero_and_no_trailing_one(value: str, expected: str) -> None:
    assert plain(Decimal(value)) == expected


def test_items_are_listed_in_their_order() -> None:
    assert listed(["b", "a"]) == "b, a"
