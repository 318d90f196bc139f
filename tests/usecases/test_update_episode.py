"""A merge patch means what RFC 7396 says, and a patch never loses what it does not name."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.usecases.update_episode import merge

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)
objects = st.dictionaries(st.sampled_from("abcd"), values, max_size=4)


@pytest.mark.parametrize(
    ("target", "patch", "merged"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_patch_means_what_its_standard_says(target: Any, patch: Any, merged: Any) -> None:
    assert merge(target, patch) == merged


@given(objects, objects)
def test_what_a_patch_does_not_name_stays(target: dict[str, Any], patch: dict[str, Any]) -> None:
    before = json.dumps(target)
    merged = merge(target, patch)
    assert {name: value for name, value in merged.items() if name not in patch} == {
        name: value for name, value in target.items() if name not in patch
    }
    assert json.dumps(target) == before


@given(objects, objects)
def test_a_patch_sent_twice_changes_nothing_more(target: dict[str, Any], patch: dict[str, Any]) -> None:
    once = merge(target, patch)
    assert merge(once, patch) == once
