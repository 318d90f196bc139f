"""The verification document is whole: every row that says it is shown names tests and commands that exist."""

import re
from dataclasses import dataclass

import pytest

from tests.house.links import exists
from tests.house.repository import ROOT, text

DOCUMENT = text(ROOT / "docs/verification.md")
_QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Row:
    """One requirement: what shows it, and the figures of a run."""

    id: str
    requirement: str
    state: str
    shown_by: str
    figures: str

    @property
    def links(self) -> list[str]:
        return _QUOTED.findall(self.shown_by)


def rows(document: str) -> list[Row]:
    """Return the rows of all tables."""
    lines = (line for line in document.splitlines() if re.match(r"\| V\d\d \|", line))
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def faults(row: Row) -> list[str]:
    """Return what is wrong with a row; one that is open promises nothing yet."""
    found = [f"{row.id}: {link} does not exist" for link in row.links if not exists(link)]
    if row.state not in {"shown", "open"}:
        found.append(f"{row.id}: state {row.state!r}")
    if (row.state == "shown") is not bool(row.links):
        found.append(f"{row.id}: exactly what is shown names what shows it")
    return found


ROWS = rows(DOCUMENT)


def test_every_row_has_a_number_of_its_own_in_order() -> None:
    numbers = [row.id for row in ROWS]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == DOCUMENT.count("\n| V")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_a_row_names_exists(row: Row) -> None:
    assert faults(row) == []


@pytest.mark.parametrize(
    "link",
    [
        "make check",
        "python -m app trace --check",
        "tests/house/test_verification.py",
        "tests/house/test_verification.py::test_what_a_row_names_exists",
        "tests/rules/cases/scope_age.yaml#17 years",
    ],
)
def test_a_link_that_leads_somewhere_is_accepted(link: str) -> None:
    assert exists(link)


@pytest.mark.parametrize(
    "link",
    [
        "make nothing",
        "python -m app nothing",
        "python -m app trace --nothing",
        "curl -s http://127.0.0.1:8000/readyz",
        "tests/house/test_nothing.py",
        "tests/house/repository.py",
        "tests/house/test_verification.py::test_that_nobody_wrote",
        "tests/rules/cases/scope_age.yaml#18 years and a day",
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str) -> None:
    row = Row("V99", "Something", "shown", f"`{link}`", "")
    assert faults(row) == [f"V99: {link} does not exist"]


@pytest.mark.parametrize(("state", "shown_by"), [("shown", ""), ("open", "`make check`"), ("perhaps", "")])
def test_a_row_whose_state_does_not_fit_is_found(state: str, shown_by: str) -> None:
    assert len(faults(Row("V99", "Something", state, shown_by, ""))) == 1
