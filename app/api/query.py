"""Values in the query of an address: text of the same shape as in a body."""

import json
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter, WithJsonSchema

from app.clinical.wire import Day, Instant

_DAY = TypeAdapter[date](Day)
_INSTANT = TypeAdapter[datetime](Instant)


def _day(text: object) -> date:
    return _DAY.validate_json(json.dumps(text))


def _instant(text: object) -> datetime:
    return _INSTANT.validate_json(json.dumps(text))


QueryDay = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY.json_schema())]
"""A calendar day, YYYY-MM-DD; an instant or a number is refused."""

QueryInstant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema(_INSTANT.json_schema())]
"""An instant as RFC 3339 with its zone; a plus sign has to be written as %2B in an address."""
