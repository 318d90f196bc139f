"""The table of settings in the operations document says what the settings class says, row by row."""

import re

import pytest
from pydantic.fields import FieldInfo

from app.settings import Settings
from tests.house.repository import ROOT, text

DOCUMENT = text(ROOT / "docs/operations.md")
UNITS = {"seconds", "bytes"}


def rows(document: str) -> dict[str, list[str]]:
    """Return the cells of each row of the table of settings by the name of the setting."""
    section = document.partition("## Settings")[2].partition("\n## ")[0]
    cells = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {name.strip("`"): [name, *others] for name, *others in cells}


def wanted(name: str, field: FieldInfo, unit: str) -> list[str]:
    """Return the row that a field needs; the unit stands in its name or is the document's own word."""
    default = "unset" if field.default is None else f"`{field.default}`"
    ending = name.rpartition("_")[2]
    return [f"`{name.upper()}`", str(field.description), default, ending if ending in UNITS else unit]


def faults(document: str, fields: dict[str, FieldInfo]) -> list[str]:
    """Return each row that is missing, differs or describes nothing; a wrong row comes with the right one."""
    present = rows(document)
    expected = {
        name.upper(): wanted(name, field, present.get(name.upper(), ["-"])[-1]) for name, field in fields.items()
    }
    found = [f"write | {' | '.join(row)} |" for name, row in expected.items() if present.get(name) != row]
    return found + [f"no such setting: {name}" for name in present.keys() - expected.keys()]


def test_every_setting_stands_in_the_table_as_the_class_has_it_and_nothing_else_does() -> None:
    assert faults(DOCUMENT, Settings.model_fields) == []


def test_the_table_has_the_order_of_the_class() -> None:
    assert list(rows(DOCUMENT)) == [name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("| `PORT` |", "| `POTR` |", {"write | `PORT`", "no such setting: POTR"}),
        ("| `30` | seconds |", "| `31` | seconds |", {"write | `DATABASE_WAIT_SECONDS`"}),
        ("| `30` | seconds |", "| `30` | minutes |", {"write | `DATABASE_WAIT_SECONDS`"}),
        ("Longest single statement.", "Longest request.", {"write | `QUERY_TIMEOUT_SECONDS`"}),
    ],
)
def test_a_row_that_drifts_is_found(right: str, wrong: str, told: set[str]) -> None:
    assert right in DOCUMENT
    found = faults(DOCUMENT.replace(right, wrong), Settings.model_fields)
    assert {re.match(r"[^|]*(\| `\w+`)?", fault)[0] for fault in found} == told  # type: ignore[index]


def test_a_setting_without_a_row_is_found() -> None:
    (added,) = faults(DOCUMENT, {**Settings.model_fields, "added_seconds": FieldInfo(default=5, description="New.")})
    assert added == "write | `ADDED_SECONDS` | New. | `5` | seconds |"
