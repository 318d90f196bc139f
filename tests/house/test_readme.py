"""The README tells the truth about what can be set and what can be made."""

import re

import pytest
from pydantic_core import PydanticUndefined

from app.settings import Settings
from tests.house.repository import ROOT, text

README = text(ROOT / "README.md")
ROWS = {
    name: row
    for row in re.findall(r"^\| (`[A-Z].*) \|$", README, re.MULTILINE)
    for name in re.findall(r"`([A-Z_]+)`", row)
}


def test_the_table_of_settings_is_complete_and_names_nothing_else() -> None:
    assert ROWS.keys() == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_has_the_default_that_the_table_says(name: str) -> None:
    default = Settings.model_fields[name].default
    assert default is not PydanticUndefined
    assert ("unset" if default is None else f"`{default}`") in ROWS[name.upper()]


def test_every_command_that_a_document_names_can_be_made() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    documents = [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    named = {name for path in documents for name in re.findall(r"(?:^|`)make ([a-z-]+)", text(path), re.MULTILINE)}
    assert {"run", "check"} <= named <= targets
