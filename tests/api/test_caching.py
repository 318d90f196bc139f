"""Revalidation by entity tag."""

import pytest

from app.api.caching import holds


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ("", False),
        ('"b"', False),
        ("a", False),
    ],
)
def test_a_caller_holds_the_version_that_it_names(header: str, expected: bool) -> None:
    assert holds(header, '"a"') is expected
