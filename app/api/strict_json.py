"""JSON read strictly: what two readers could understand differently is refused before anyone interprets it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from app.api.body_faults import pointer
from app.api.problem_kinds import DUPLICATE_PROPERTY, MALFORMED_JSON, NESTED_TOO_DEEPLY
from app.api.problems import FieldError, Refusal

DEEPEST_LEVEL = 32
"""Far deeper than any document of the contract (an episode has six levels), far shallower than a parser's stack."""


def check_json(raw: bytes) -> None:
    """Raise a Refusal unless `raw` is one JSON document in UTF-8 without duplicate names or excessive nesting."""
    repeating: list[_Repeating] = []
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=partial(_members, repeating), parse_constant=_no_constant
        )
    except RecursionError:
        raise Refusal(NESTED_TOO_DEEPLY) from None
    except ValueError:  # covers undecodable bytes, syntax errors and absurdly long integers
        raise Refusal(MALFORMED_JSON) from None
    _check_depth(value)
    if repeating:
        # The one that was closed last stands in no other one, so that nothing hides it.
        raise Refusal(DUPLICATE_PROPERTY, errors=[_named_twice(value, repeating[-1])])


@dataclass(frozen=True, slots=True)
class _Repeating:
    """An object with a property that it names more than once."""

    members: dict[str, Any]
    name: str


def _members(repeating: list[_Repeating], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        counted = Counter(name for name, _ in pairs)
        repeating.append(_Repeating(members, next(name for name in counted if counted[name] > 1)))
    return members


def _named_twice(value: Any, repeating: _Repeating) -> FieldError:
    place = next(place for place, node in _places(value, ()) if node is repeating.members)
    message = "Named more than once in its object: send it once."
    return FieldError(pointer=pointer((*place, repeating.name)), code="DUPLICATE_PROPERTY", message=message)


def _places(node: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield place, node
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in entries:
        yield from _places(child, (*place, step))


def _no_constant(_name: str) -> NoReturn:
    raise Refusal(MALFORMED_JSON)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST_LEVEL + 1):
        level = [child for node in level for child in _children(node)]
        if not level:
            return
    raise Refusal(NESTED_TOO_DEEPLY)


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []
