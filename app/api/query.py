"""Values in the query of an address: text of the same shape as in a body."""

import json
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter, WithJsonSchema

from app.clinical.wire import Day

_DAY = TypeAdapter[date](Day)


def _day(text: object) -> date:
    return _DAY.validate_json(json.dumps(text))


QueryDay = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY.json_schema())]
"""A calendar day, YYYY-MM-DD; an instant or a number is refused."""
