"""The hazard log is whole: each hazard has a control, and each test it names as proof exists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.house.links import exists
from tests.house.repository import ROOT, text, unsaid

LOG = ROOT / "docs/safety/hazards.md"
STATES = {"controlled", "partly", "planned", "open"}
_HEADING = re.compile(r"^### (H\d\d) (.+)$", re.MULTILINE)
_FIELD = re.compile(r"\*\*(Harm|Severity|Risk|State|Control|Verified by|Left)\.\*\* ?([^*]*)")
_QUOTED = re.compile(r"`([^`]+)`")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{3,}")


@dataclass(frozen=True)
class Hazard:
    """One block of the log: its fields by name, and the tests it names."""

    id: str
    fields: dict[str, str]

    @property
    def state(self) -> str:
        return self.fields.get("State", "").strip(" `\n")

    @property
    def links(self) -> tuple[str, ...]:
        return tuple(_QUOTED.findall(self.fields.get("Verified by", "")))


def hazards(log: str) -> Iterator[Hazard]:
    """Yield the blocks of a log in their order."""
    parts = _HEADING.split(log)
    for hazard_id, block in zip(parts[1::3], parts[3::3], strict=True):
        yield Hazard(hazard_id, {name: value.strip() for name, value in _FIELD.findall(block)})


def faults(hazard: Hazard) -> list[str]:
    """Return what is wrong with one hazard."""
    wanted = [name for name in ("Harm", "Severity", "Risk", "Control") if not hazard.fields.get(name)]
    found = [f"{hazard.id}: no {name.lower()}" for name in wanted]
    if hazard.state not in STATES:
        found.append(f"{hazard.id}: state {hazard.state!r}")
    if bool(hazard.fields.get("Left")) is (hazard.state == "controlled"):
        found.append(f"{hazard.id}: what is left is said exactly where something is left")
    if not hazard.links and hazard.state != "open":
        found.append(f"{hazard.id}: no test")
    return found + [f"{hazard.id}: {link} does not exist" for link in hazard.links if not _is_test(link)]


def _is_test(link: str) -> bool:
    """A hazard is proved by single tests and cases, not by whole files or commands."""
    return ("::" in link or "#" in link) and exists(link)


HAZARDS = tuple(hazards(text(LOG)))


def test_the_log_holds_fifty_hazards_in_order() -> None:
    assert [hazard.id for hazard in HAZARDS] == [f"H{number:02d}" for number in range(1, 51)]


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
def test_a_hazard_has_its_control_and_tests_that_exist(hazard: Hazard) -> None:
    assert faults(hazard) == []


def test_every_code_that_the_log_names_is_said_by_the_application() -> None:
    codes = {code for hazard in HAZARDS for code in _QUOTED.findall(hazard.fields["Control"]) if _CODE.fullmatch(code)}
    assert unsaid(codes) == []


@pytest.mark.parametrize(
    "link",
    [
        "tests/house/test_hazards.py",
        "tests/house/test_hazards.py::",
        "tests/house/test_hazards.py::faults",
        "tests/house/test_hazards.py::test_that_nobody_wrote",
        "tests/house/test_nothing.py::test_the_log_holds_fifty_hazards_in_order",
        "tests/rules/cases/scope_age.yaml#18 years and a day",
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str) -> None:
    whole = next(hazard for hazard in HAZARDS if hazard.state == "controlled")
    broken = Hazard(whole.id, {**whole.fields, "Verified by": f"`{link}`"})
    assert faults(broken) == [f"{whole.id}: {link} does not exist"]


@pytest.mark.parametrize("field", ["Harm", "Control", "Verified by", "State"])
def test_a_hazard_without_a_part_is_found(field: str) -> None:
    whole = next(hazard for hazard in HAZARDS if hazard.state == "controlled")
    assert faults(Hazard(whole.id, {**whole.fields, field: ""})) != []
