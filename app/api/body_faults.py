"""Validation faults told so that a caller can correct them: where, a stable code, and what is accepted.

The value that was sent is never repeated: it may be patient data.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.api.problems import FieldError

MOST_FAULTS = 50
"""A body with more faults is not being corrected entry by entry."""

LONGEST_TOKEN = 64
"""Property names of the contract are shorter; an unknown name is caller's text and is cut."""

_JSON_TYPES = {
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "number",
    "int_type": "whole number",
    "int_parsing": "whole number",
    "int_parsing_size": "whole number",
    "int_from_float": "whole number",
    "bool_type": "boolean",
    "string_type": "text",
    "tuple_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
}

_UNITS = {
    "_kg": "kg",
    "_cm": "cm",
    "_mg": "mg",
    "_mg_per_day": "mg/d",
    "temperature_c": "Cel",
    "_percent": "%",
    "_ms": "ms",
    "_bp": "mm[Hg]",
    "_rate": "/min",
    "_years": "a",
    "_days": "d",
}
"""UCUM unit by the end of the property's name, the way the contract names its quantities."""

_Context = Mapping[str, Any]
_LIMITS: dict[str, Callable[[_Context], str]] = {
    "greater_than": lambda limit: f"Must be above {limit['gt']:g}",
    "greater_than_equal": lambda limit: f"Must be at least {limit['ge']:g}",
    "less_than": lambda limit: f"Must be below {limit['lt']:g}",
    "less_than_equal": lambda limit: f"Must be at most {limit['le']:g}",
}
_SHAPES: dict[str, tuple[str, Callable[[_Context], str]]] = {
    "missing": ("MISSING", lambda _: "This property is required."),
    "extra_forbidden": ("UNKNOWN_PROPERTY", lambda _: "The contract has no such property."),
    "literal_error": ("NOT_IN_LIST", lambda context: f"Use one of {context['expected']}."),
    "enum": ("NOT_IN_LIST", lambda context: f"Use one of {context['expected']}."),
    "string_too_short": ("WRONG_LENGTH", lambda context: f"At least {context['min_length']} characters."),
    "string_too_long": ("WRONG_LENGTH", lambda context: f"At most {context['max_length']} characters."),
    "string_pattern_mismatch": ("WRONG_FORM", lambda context: f"Must match the pattern {context['pattern']}"),
    "too_short": ("WRONG_LENGTH", lambda context: f"At least {context['min_length']} entries."),
    "too_long": ("WRONG_LENGTH", lambda context: f"At most {context['max_length']} entries."),
}
_WHERE_TO_LOOK = {"unit": "This property is required: a code from the analyte's list in `GET /v1/knowledge/analytes`."}
_NO_PLACES = frozenset({"[key]", "[number]", "[object]"})
"""Steps of a location that say which form of a value was read, not where it stands."""
_OWN_KINDS = frozenset({"day", "instant", "age"})
"""Error types the contract models raise themselves; their messages are constant and safe to show."""


def field_errors(faults: Sequence[Mapping[str, Any]]) -> tuple[FieldError, ...]:
    """Return pydantic's faults as the entries of a problem."""
    return tuple(_field_error(fault) for fault in faults[:MOST_FAULTS])


def pointer(location: Sequence[str | int]) -> str:
    """Return the JSON Pointer (RFC 6901) of a location; list positions count from 0."""
    tokens = (str(step)[:LONGEST_TOKEN] for step in location if step not in _NO_PLACES)
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)


def _field_error(fault: Mapping[str, Any]) -> FieldError:
    code, message = _explain(fault)
    return FieldError(pointer=pointer(fault["loc"]), code=code, message=message)


def _explain(fault: Mapping[str, Any]) -> tuple[str, str]:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in _JSON_TYPES:
        return "WRONG_TYPE", f"Send a JSON {_JSON_TYPES[kind]}."
    if kind in _LIMITS:
        return "OUT_OF_RANGE", f"{_LIMITS[kind](context)}{_unit(fault['loc'])}."
    if kind == "missing" and fault["loc"][-1] in _WHERE_TO_LOOK:
        return "MISSING", _WHERE_TO_LOOK[fault["loc"][-1]]
    if kind in _SHAPES:
        code, message = _SHAPES[kind]
        return code, message(context)
    if kind in _OWN_KINDS:
        return "WRONG_FORM", f"{fault['msg']}."
    return "NOT_ACCEPTED", "This value is not accepted here; see the published schema."


def _unit(location: Sequence[str | int]) -> str:
    name = str(location[-1]) if location else ""
    endings = [ending for ending in _UNITS if name.endswith(ending)]
    return f" {_UNITS[max(endings, key=len)]}" if endings else ""
