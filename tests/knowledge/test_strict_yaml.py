from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.strict_yaml import StrictReader


def read(text: str) -> StrictReader:
    return StrictReader("rows.yaml", text.encode())


def messages(text: str) -> list[str]:
    return [str(fault) for fault in read(text).faults]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'0.075'", "0.075"),
        ("14", 14),
        ("-3", -3),
        ("0", 0),
        ("007", "007"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("2026-03-10", "2026-03-10"),
        ("12:30", "12:30"),
        ("10*9/L", "10*9/L"),
        ("mg/kg", "mg/kg"),
        ("[1, a, [b]]", [1, "a", ["b"]]),
        ("{x: 1, y: {z: b}}", {"x": 1, "y": {"z": "b"}}),
        ("[]", []),
        (">-\n  two\n  lines", "two lines"),
    ],
)
def test_plain_words_mean_what_they_look_like(written: str, value: Any) -> None:
    reader = read(f"row: {written}\n")
    assert not reader.faults
    assert reader.rows == {"row": value}


@pytest.mark.parametrize("written", ["0.075", "1.", ".5", "-1.5", "+2.0", "1e5", "1.5E-3", ".inf", "-.INF", ".nan"])
def test_a_float_is_refused_with_its_row_and_line(written: str) -> None:
    assert messages(f"first: a\ndose:\n  value: {written}\n") == [
        f"rows.yaml: dose: line 3: {written} is a float; write the decimal in quotes"
    ]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-1000, max_value=1000))
def test_no_unquoted_decimal_gets_through(value: Any) -> None:
    assert messages(f"row: {value}")
    assert read(f"row: '{value}'").rows == {"row": str(value)}


def test_a_key_given_twice_is_refused_at_any_depth() -> None:
    assert messages("a: 1\nb: {c: 1, c: 2}\na: 3\n") == [
        "rows.yaml: b: line 2: 'c' is given twice",
        "rows.yaml: a: line 3: 'a' is given twice",
    ]


def test_anchors_and_aliases_are_refused() -> None:
    assert messages("a: &one [x]\nb: *one\n") == [
        "rows.yaml: a: line 1: anchors are not allowed",
        "rows.yaml: b: line 2: aliases are not allowed; write the value out",
    ]


def test_tags_are_refused() -> None:
    assert messages("a: !!float '1'\n") == ["rows.yaml: a: line 1: tags are not allowed"]


def test_a_key_that_is_not_a_word_is_refused() -> None:
    assert messages("? [a, b]\n: 1\n") == ["rows.yaml: line 1: a key must be one word"]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "---\n"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert messages(text) == ["rows.yaml: does not hold rows by id"]


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_file_holds_no_rows(text: str) -> None:
    reader = read(text)
    assert (reader.rows, reader.faults) == ({}, [])


def test_a_second_document_is_refused() -> None:
    assert messages("a: 1\n---\nb: 2\n") == ["rows.yaml: holds more than one document"]


def test_text_that_is_not_yaml_is_one_fault_and_keeps_the_rows_before_it() -> None:
    reader = read("a: 1\nb: [unclosed\n")
    assert reader.rows == {"a": 1}
    assert len(reader.faults) == 1
    assert "rows.yaml: b: is not YAML" in str(reader.faults[0])


def test_bytes_that_are_not_text_are_a_fault() -> None:
    reader = StrictReader("rows.yaml", b"a: \xff\xfe\n")
    assert "is not YAML" in str(reader.faults[0])
