"""Requests that carry what must never be seen again: odd words, days and numbers in every place that takes any."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

WORD = "Zaphrodel"
"""Stands where a name, a reference or a remark would."""

NAME = "Quixomel"
"""Stands where the name of a property would; a pointer has to repeat it, nothing else may."""

DAY = "1903-07-29"
NUMBER = 73.918264
SEEN_NOWHERE = (WORD, "1903-07", "73.918264", "Jabberquist")
_PASSWORD = "Jabberquist"
_ACCEPTED_LEAVES = 12
_JSON = "application/json"


@dataclass(frozen=True)
class Sent:
    """One request."""

    method: str
    path: str
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def requests(contract: dict[str, Any], ids: tuple[str, ...]) -> Iterator[Sent]:
    """Yield requests for every operation of the contract and for addresses that it does not have."""
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            for address in _addresses(path, ids):
                yield from _of_operation(method.upper(), address, operation)
    for address in (f"/{WORD}", f"/v1/{WORD}?name={WORD}", f"/docs/{WORD}", "/%00" + WORD):
        yield Sent("GET", address)
        yield Sent("TRACE", address)


def _addresses(path: str, ids: tuple[str, ...]) -> list[str]:
    if "{" not in path:
        return [path]
    start, end = path.partition("{")[0], path.partition("}")[2]
    return [start + one + end for one in (*ids, WORD, quote(f"{WORD} 'x/ü"))]


def _of_operation(method: str, address: str, operation: dict[str, Any]) -> Iterator[Sent]:
    yield Sent(method, address, headers=_headers())
    yield Sent(method, address + _query(operation, WORD))
    yield Sent(method, address + _query(operation, DAY))
    yield Sent(method, f"{address}?{NAME}={WORD}")
    yield Sent(method, address, headers={"Authorization": f"Bearer {_PASSWORD}"})
    yield Sent("DELETE", f"{address}?{WORD}={WORD}")
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield from (
            Sent(method, address, body, {"Content-Type": kind, **extra})
            for example in content["examples"].values()
            for body in _bodies(example["value"])
            for extra in ({}, {"If-Match": '"1"'})[: 2 if method == "PATCH" else 1]
        )
        yield Sent(method, address, json.dumps({"text": WORD}).encode(), {"Content-Type": f"text/{WORD}"})


def _headers() -> dict[str, str]:
    return {
        "Accept": f"{WORD}/{WORD}",
        "Content-Type": f"{_JSON}; charset={WORD}",
        "Cookie": f"session={_PASSWORD}",
        "If-Match": f'"{WORD}"',
        "If-None-Match": f'"{WORD}"',
        "Idempotency-Key": f"{WORD}-{WORD}",
        "Origin": f"https://{WORD}.example",
        "Referer": f"https://clinic.example/{WORD}",
        "Traceparent": f"00-{WORD}",
        "User-Agent": WORD,
        "X-Forwarded-For": WORD,
        "X-Request-Id": f"{WORD} with spaces",
    }


def _query(operation: dict[str, Any], value: str) -> str:
    names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
    return "?" + "&".join(f"{name}={quote(value)}" for name in names)


def _bodies(example: Any) -> Iterator[bytes]:
    """Yield an example with canaries everywhere, with one canary at a time, and broken in the ways bodies break."""
    whole = json.dumps(_replaced(example)).encode()
    yield whole
    leaves = list(_leaves(example, ()))
    for place, value in leaves[:: max(1, len(leaves) // _ACCEPTED_LEAVES)]:
        yield json.dumps(_with(example, place, _canary(value))).encode()
    yield json.dumps({**example, NAME: WORD}).encode()
    yield whole[:-9]
    yield b'{"patient": {"reference": "%s", "reference": "%s"}}' % (WORD.encode(), WORD.encode())
    yield WORD.encode() * 10
    yield b'{"patient": "\xff\xfe%s"}' % WORD.encode()
    yield b"[" * 200 + b'"%s"' % WORD.encode() + b"]" * 200
    yield b'{"text": "%s"}' % (WORD.encode() * 20_000)


def _replaced(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _replaced(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_replaced(value) for value in node]
    return _canary(node)


def _canary(value: Any) -> Any:
    """Return what stands in the place of a value: of the same kind, so that it gets as far as it can."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return NUMBER
    if value[:4].isdecimal() and value[4:5] == "-":
        return DAY + value[10:]
    return WORD


def _leaves(node: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _leaves(value, (*place, name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _leaves(value, (*place, index))
    else:
        yield place, node


def _with(example: Any, place: tuple[str | int, ...], value: Any) -> Any:
    changed = copy.deepcopy(example)
    node = changed
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    return changed
