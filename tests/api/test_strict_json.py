"""What is refused before anyone interprets it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.problem_kind import ProblemKind
from app.api.problem_kinds import DUPLICATE_PROPERTY, MALFORMED_JSON, NESTED_TOO_DEEPLY
from app.api.problems import Refusal
from app.api.strict_json import DEEPEST_LEVEL, check_json

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def refusal_of(raw: bytes) -> ProblemKind | None:
    """Return the kind of refusal, None when the document is let in."""
    try:
        check_json(raw)
    except Refusal as refusal:
        return refusal.kind
    return None


@given(documents)
def test_every_json_document_is_let_in(value: object) -> None:
    assert refusal_of(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) in {None, MALFORMED_JSON}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{} {}",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"// comment\n{}",
        b"NaN",
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_anything_but_one_json_document_in_utf_8_is_malformed(raw: bytes) -> None:
    assert refusal_of(raw) is MALFORMED_JSON


@pytest.mark.parametrize("raw", [b'{"a": 1, "a": 1}', b'{"a": {"b": 1, "b": 2}}', b'[{"a": 1, "\\u0061": 2}]'])
def test_a_property_sent_twice_is_refused_even_when_spelled_differently(raw: bytes) -> None:
    assert refusal_of(raw) is DUPLICATE_PROPERTY


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b'{"a": 1, "a": 1, "b": 2, "b": 2}', "/a"),
        (b'{"x": 0, "a": {"b": 1, "c": 2, "b": 2}}', "/a/b"),
        (b'{"labs": [{}, {"x~/y": 1, "x~/y": 2}]}', "/labs/1/x~0~1y"),
        (b'{"a": {"b": 1, "b": 2}, "a": {"b": 1, "b": 2}}', "/a"),
        (b'{"a": [{"b": 1, "b": 2}], "c": {"d": 1, "d": 2}}', "/c/d"),
    ],
)
def test_one_property_that_is_sent_twice_is_named(raw: bytes, place: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_json(raw)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [(place, "DUPLICATE_PROPERTY")]


def test_the_deepest_level_is_let_in_and_one_more_is_not() -> None:
    assert refusal_of(b"[" * DEEPEST_LEVEL + b"1" + b"]" * DEEPEST_LEVEL) is None
    assert refusal_of(b"[" * (DEEPEST_LEVEL + 1) + b"1" + b"]" * (DEEPEST_LEVEL + 1)) is NESTED_TOO_DEEPLY
    assert refusal_of(b'{"a":' * (DEEPEST_LEVEL + 1) + b"1" + b"}" * (DEEPEST_LEVEL + 1)) is NESTED_TOO_DEEPLY


def test_nesting_beyond_the_parsers_own_stack_is_refused_the_same_way() -> None:
    assert refusal_of(b"[" * 200_000 + b"]" * 200_000) is NESTED_TOO_DEEPLY
