"""JSON read strictly: what two readers could understand differently is refused before anyone interprets it."""

import json
from typing import Any, NoReturn

from app.api.problem_kinds import DUPLICATE_PROPERTY, MALFORMED_JSON, NESTED_TOO_DEEPLY
from app.api.problems import Refusal

DEEPEST_LEVEL = 32
"""Far deeper than any document of the contract (an episode has six levels), far shallower than a parser's stack."""


def check_json(raw: bytes) -> None:
    """Raise a Refusal unless `raw` is one JSON document in UTF-8 without duplicate names or excessive nesting."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise Refusal(NESTED_TOO_DEEPLY) from None
    except ValueError:  # covers undecodable bytes, syntax errors and absurdly long integers
        raise Refusal(MALFORMED_JSON) from None
    _check_depth(value)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refusal(DUPLICATE_PROPERTY)
    return members


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
