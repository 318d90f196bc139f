"""Content negotiation."""

import pytest

from app.api.accept import accepts

JSON = "application/json"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("*/*", True),
        ("application/json", True),
        ("Application/JSON", True),
        ("application/*", True),
        ("text/html, application/json;q=0.1", True),
        ("application/json; charset=utf-8", True),
        ("application/json;q=1.0", True),
        ("application/json;q=odd", True),
        ("", True),
        (" , ", True),
        ("text/html", False),
        ("text/*", False),
        ("application/json;q=0", False),
        ("application/json;q=0.0, */*", False),
        ("application/*;q=0, */*", False),
        ("application/fhir+json", False),
    ],
)
def test_the_most_specific_range_decides(header: str, expected: bool) -> None:
    assert accepts(header, JSON) is expected
