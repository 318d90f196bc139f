"""How a value looks on the wire: what the contract publishes is exactly what is accepted.

Numbers are JSON numbers (never text, never booleans) and become ``Decimal``; days and instants
are text of one shape; text holds no U+0000. Values built in Python must already have the inner type.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

DAY_PATTERN = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
INSTANT_PATTERN = (
    r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
_DAY = re.compile(DAY_PATTERN, re.ASCII)
_INSTANT = re.compile(INSTANT_PATTERN, re.ASCII)


class Wire(BaseModel):
    """Base of every contract model: frozen, strict, no unknown properties."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


def json_number(value: Decimal) -> int | float:
    """Return the JSON number for a Decimal: an integer when it is one, otherwise the shortest float."""
    return int(value) if value == value.to_integral_value() else float(value)


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value)).normalize() + 0


@dataclass(frozen=True, slots=True)
class _Number:
    """A JSON number that becomes a Decimal; ``ge``, ``gt``, ``le`` and ``lt`` are published and enforced."""

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        number = core_schema.float_schema(
            strict=True, allow_inf_nan=False, ge=self.ge, gt=self.gt, le=self.le, lt=self.lt
        )
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(_decimal, number),
            python_schema=core_schema.is_instance_schema(Decimal),
            serialization=core_schema.plain_serializer_function_ser_schema(json_number, when_used="json"),
        )

    def __get_pydantic_json_schema__(
        self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        names = {"minimum": self.ge, "exclusiveMinimum": self.gt, "maximum": self.le, "exclusiveMaximum": self.lt}
        return {"type": "number"} | {name: limit for name, limit in names.items() if limit is not None}


@dataclass(frozen=True, slots=True)
class _Text:
    """Text of one shape that becomes a value through ``read``."""

    inner: type
    pattern: re.Pattern[str]
    format: str
    code: str
    message: str
    read: Callable[[str], Any]

    def parse(self, text: str) -> Any:
        """Return the value, or raise the one error that says what is expected."""
        if self.pattern.match(text) is None or text.endswith("\n"):
            raise PydanticCustomError(self.code, self.message)
        try:
            return self.read(text)
        except ValueError:
            raise PydanticCustomError(self.code, self.message) from None

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(self.parse, core_schema.str_schema(strict=True)),
            python_schema=core_schema.is_instance_schema(self.inner),
            serialization=core_schema.plain_serializer_function_ser_schema(_iso, when_used="json"),
        )

    def __get_pydantic_json_schema__(
        self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "format": self.format, "pattern": self.pattern.pattern}


def _iso(value: date) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


INTEGER = BeforeValidator(_whole)
"""Takes 5.0 for 5: to JSON they are one number, and the contract calls both an integer. Stands behind the bounds."""

Number = Annotated[Decimal, _Number()]
Positive = Annotated[Decimal, _Number(gt=0, le=1_000_000)]
NotNegative = Annotated[Decimal, _Number(ge=0, le=1_000_000)]

Day = Annotated[
    date,
    _Text(date, _DAY, "date", "day", "Write a calendar day as YYYY-MM-DD, between 1900 and 2199", date.fromisoformat),
]
Instant = Annotated[
    datetime,
    _Text(
        datetime,
        _INSTANT,
        "date-time",
        "instant",
        "Write an instant as RFC 3339 with a time zone, for example 2026-03-01T06:00:00Z",
        datetime.fromisoformat,
    ),
]

_PLAIN = r"^[^\u0000]*$"
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_PLAIN)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_PLAIN)]
FreeText = Annotated[str, StringConstraints(max_length=2000, pattern=_PLAIN)]


def number(
    *, ge: float | None = None, gt: float | None = None, le: float | None = None, lt: float | None = None
) -> _Number:
    """Return the annotation that bounds a number on the wire and in the contract."""
    return _Number(ge=ge, gt=gt, le=le, lt=lt)
