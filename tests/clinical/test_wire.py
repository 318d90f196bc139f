"""Numbers, days and instants of the wire: read exactly, bounded, and told in one way."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from app.clinical.episode import Condition
from app.clinical.wire import Day, Instant, Number, Wire, number


class Sample(Wire):
    dose: Annotated[Decimal, number(ge=1, lt=10)] | None = None
    value: Number | None = None
    day: Day | None = None
    at: Instant | None = None


def read(**properties: Any) -> Sample:
    return Sample.model_validate_json(json.dumps(properties))


def refused(**properties: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        read(**properties)
    return str(caught.value.errors()[0]["type"])


@pytest.mark.parametrize("text", ["0.1", "7.25", "1e2", "100"])
def test_a_number_is_read_exactly_and_written_as_a_number(text: str) -> None:
    sample = Sample.model_validate_json(f'{{"value": {text}}}')
    assert sample.value == Decimal(text)
    assert json.loads(sample.model_dump_json())["value"] == float(text)


@pytest.mark.parametrize(("dose", "taken"), [(0.9, False), (1, True), (9.9, True), (10, False)])
def test_a_bound_holds_on_the_bound(dose: float, taken: bool) -> None:
    assert (read(dose=dose).dose == Decimal(str(dose))) if taken else refused(dose=dose)


@pytest.mark.parametrize("day", ["2026-3-1", "2026-02-30", "1899-12-31", "2026-03-01\n", "20260301"])
def test_what_is_no_day_of_the_calendar_is_refused(day: str) -> None:
    assert refused(day=day) == "day"


@pytest.mark.parametrize("at", ["2026-03-01T06:00:00", "2026-03-01", "2026-02-30T06:00:00Z"])
def test_an_instant_needs_a_day_that_exists_and_a_zone(at: str) -> None:
    assert refused(at=at) == "instant"


def test_days_and_instants_come_out_as_they_came_in() -> None:
    sample = read(day="2026-03-01", at="2026-03-01T06:00:00Z")
    assert (sample.day, sample.at) == (date(2026, 3, 1), datetime(2026, 3, 1, 6, tzinfo=UTC))
    told = json.loads(sample.model_dump_json())
    assert (told["day"], told["at"]) == ("2026-03-01", "2026-03-01T06:00:00Z")


def test_the_contract_tells_bounds_and_shapes() -> None:
    properties = Sample.model_json_schema()["properties"]
    assert {"type": "number", "minimum": 1, "exclusiveMaximum": 10} in properties["dose"]["anyOf"]
    assert {"type": "number"} in properties["value"]["anyOf"]
    assert properties["day"]["anyOf"][0]["format"] == "date"
    assert properties["at"]["anyOf"][0]["format"] == "date-time"


def grade(text: str) -> int | None:
    """Read a whole number from JSON."""
    return Condition.model_validate_json(f'{{"code": "uveitis", "encephalopathy_grade": {text}}}').encephalopathy_grade


@pytest.mark.parametrize(("text", "read"), [("0", 0), ("4", 4), ("4.0", 4), ("40e-1", 4), ("-0.0", 0), ("null", None)])
def test_a_whole_number_is_read_however_json_writes_it(text: str, read: int | None) -> None:
    assert grade(text) == read
    assert type(grade(text)) is type(read)


@pytest.mark.parametrize("text", ["4.5", "5.0", "-1.0", '"4"', "true", "1e300", "1e400", "[4]"])
def test_anything_else_is_refused_for_a_whole_number(text: str) -> None:
    with pytest.raises(ValidationError):
        grade(text)
