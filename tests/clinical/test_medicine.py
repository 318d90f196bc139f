"""Who the patient is: the age is given once."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders import episode


@pytest.mark.parametrize(
    "age", [{"age_years": 52, "birth_date": "1974-01-01"}, {"age_years": None, "birth_date": None}]
)
def test_the_age_is_given_once(age: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        episode(patient=age)
    assert caught.value.errors()[0]["type"] == "age"


def test_a_birth_date_stands_for_the_age() -> None:
    assert episode(patient={"age_years": None, "birth_date": "1974-01-01"}).patient.age_years is None
