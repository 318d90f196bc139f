"""Every difference between two plans, named by where it stands."""

from typing import Any

import pytest

from app.planning.difference import differences


def found(stored: Any, replayed: Any) -> list[tuple[str, str, Any, Any]]:
    return [(one.path, one.kind, one.stored, one.replayed) for one in differences(stored, replayed)]


@pytest.mark.parametrize(
    "plan",
    [
        {},
        {"options": [{"id": "a", "rank": 1}, {"id": "b", "rank": None}], "headline": "Treat"},
        {"steps": [{"index": 0}, {"index": 0}], "citations": ["S01", "S01"]},
    ],
)
def test_a_plan_does_not_differ_from_itself(plan: Any) -> None:
    assert found(plan, plan) == []


def test_a_changed_value_is_named_by_every_entry_above_it() -> None:
    stored = {"options": [{"id": "restart", "medications": [{"drug": "tacrolimus", "dose_mg_per_day": 6}]}]}
    replayed = {"options": [{"id": "restart", "medications": [{"drug": "tacrolimus", "dose_mg_per_day": 5.5}]}]}
    path = "options[restart].medications[tacrolimus].dose_mg_per_day"
    assert found(stored, replayed) == [(path, "changed", 6, 5.5)]


def test_a_property_that_is_new_or_gone_is_told_from_one_that_became_null() -> None:
    assert found({"a": 1, "b": 2}, {"b": None, "c": None}) == [
        ("a", "removed", 1, None),
        ("b", "changed", 2, None),
        ("c", "added", None, None),
    ]


def test_one_entry_more_at_the_front_is_one_difference() -> None:
    old, new = {"code": "OLD", "text": "a"}, {"code": "NEW", "text": "b"}
    assert found({"alerts": [old]}, {"alerts": [new, old]}) == [("alerts[NEW]", "added", None, new)]
    assert found({"alerts": [new, old]}, {"alerts": [old]}) == [("alerts[NEW]", "removed", new, None)]


def test_another_order_is_one_difference_beside_what_changed_within() -> None:
    stored = [{"id": "a", "rank": 1}, {"id": "b", "rank": 2}, {"id": "gone"}]
    replayed = [{"id": "new"}, {"id": "b", "rank": 1}, {"id": "a", "rank": 1}]
    assert found({"options": stored}, {"options": replayed}) == [
        ("options[b].rank", "changed", 2, 1),
        ("options[gone]", "removed", {"id": "gone"}, None),
        ("options[new]", "added", None, {"id": "new"}),
        ("options", "reordered", ["a", "b"], ["b", "a"]),
    ]


def test_entries_of_one_name_are_counted() -> None:
    stored = [{"code": "A", "text": "x"}, {"code": "A", "text": "y"}]
    replayed = [{"code": "A", "text": "x"}, {"code": "A", "text": "z"}, {"code": "A", "text": "y"}]
    assert found(stored, replayed) == [
        ("[A#2].text", "changed", "y", "z"),
        ("[A#3]", "added", None, {"code": "A", "text": "y"}),
    ]


def test_entries_without_a_name_are_matched_by_their_place() -> None:
    stored = {"steps": [{"doses": {"prednisone": 30}}, {"doses": {"prednisone": 25}}]}
    replayed = {"steps": [{"doses": {"prednisone": 30}}, {"doses": {"prednisone": 20}}, {}]}
    assert found(stored, replayed) == [
        ("steps[1].doses.prednisone", "changed", 25, 20),
        ("steps[2]", "added", None, {}),
    ]


def test_the_text_of_a_calculation_names_nothing_because_it_tells_the_patients_numbers() -> None:
    stored, replayed = ([{"step": f"at most {most} mg", "value": most}] for most in (97, 96))
    assert [path for path, *_ in found(stored, replayed)] == ["[0].step", "[0].value"]


def test_what_names_only_some_entries_names_none() -> None:
    assert found([{"name": "a"}, {"name": None}], [{"name": "b"}, {"name": None}]) == [
        ("[0].name", "changed", "a", "b")
    ]


@pytest.mark.parametrize(
    ("stored", "replayed"), [(["S01"], ["S01", "S02"]), (["S01", "S02"], ["S02", "S01"]), (["S01"], []), ([], ["S01"])]
)
def test_a_list_of_words_is_one_value(stored: list[str], replayed: list[str]) -> None:
    assert found({"citations": stored}, {"citations": replayed}) == [("citations", "changed", stored, replayed)]


@pytest.mark.parametrize(("stored", "replayed"), [(1, True), (0, False), (1, 1.0), ([1], [True]), ({}, []), ("1", 1)])
def test_values_that_are_written_differently_are_different(stored: Any, replayed: Any) -> None:
    assert found({"value": stored}, {"value": replayed}) == [("value", "changed", stored, replayed)]


def test_an_object_in_the_place_of_nothing_is_one_change() -> None:
    assert found({"taper": None}, {"taper": {"steps": []}}) == [("taper", "changed", None, {"steps": []})]
