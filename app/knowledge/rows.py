"""Turns what a file says into the rows of its table: which file holds which rows, and what may not stand in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from app.knowledge.entries import (
    AnalyteInfo,
    ConditionInfo,
    Conflict,
    DrugInfo,
    Entry,
    Interaction,
    Marker,
    MonitoringRow,
    Parameter,
    Policy,
    Reference,
    Statement,
    Substance,
    TaskRow,
    TextRow,
)
from app.knowledge.faults import Fault

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the rows of a file are, and which property the key of a row fills."""

    model: type[Entry]
    key: str


TABLES: Mapping[str, Shape] = {
    "statements": Shape(Statement, "id"),
    "references": Shape(Reference, "id"),
    "policies": Shape(Policy, "id"),
    "conflicts": Shape(Conflict, "id"),
    "analytes": Shape(AnalyteInfo, "key"),
    "drugs": Shape(DrugInfo, "key"),
    "substances": Shape(Substance, "key"),
    "interactions": Shape(Interaction, "id"),
    "conditions": Shape(ConditionInfo, "key"),
    "monitoring": Shape(MonitoringRow, "code"),
    "tasks": Shape(TaskRow, "code"),
    "texts": Shape(TextRow, "id"),
}
PARAMETERS = Shape(Parameter, "name")


def _counts(annotation: Any) -> bool:
    return annotation is int or int in get_args(annotation)


# Days, years, lines and reference numbers are counted, so they may stand without quotes; all else is a decimal.
WHOLE_NUMBERS = frozenset(
    name
    for model in (Statement, Reference, AnalyteInfo, Marker, MonitoringRow, TaskRow)
    for name, field in model.model_fields.items()
    if _counts(field.annotation)
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A row that could be read, with the file and id a fault in it is reported under."""

    file: str
    id: str
    row: Entry

    def fault(self, message: str) -> Fault:
        """Return a fault of this row."""
        return Fault(self.file, self.id, message)


def build(shape: Shape, file: str, said: Mapping[str, Any]) -> Iterator[Placed | Fault]:
    """Yield a row for each key of a file, and a fault for everything that may not stand in it."""
    for key, value in said.items():
        content = {"title": value} if shape.model is Policy else value
        yield from _row(shape, file, key, content)


def _row(shape: Shape, file: str, key: str, content: Any) -> Iterator[Placed | Fault]:
    if not isinstance(content, dict):
        yield Fault(file, key, "is not a row of properties")
        return
    if shape.key in content:
        yield Fault(file, key, f"`{shape.key}` is already given by the key of the row")
    for name in _unquoted(content, ""):
        yield Fault(file, key, f"`{name}` holds a number without quotes; write the decimal in quotes")
    try:
        yield Placed(file, key, shape.model.model_validate({**content, shape.key: key}))
    except ValidationError as error:
        yield from (Fault(file, key, message) for message in explain(error))


def explain(error: ValidationError) -> Iterator[str]:
    """Yield what pydantic found, one sentence for each property."""
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        yield f"`{'.'.join(map(str, detail['loc']))}`: {detail['msg']}"


def _unquoted(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from _unquoted(inner, inner_name)
    elif isinstance(value, list):
        for inner in value:
            yield from _unquoted(inner, name)
    elif type(value) is int and name not in WHOLE_NUMBERS:
        yield name
