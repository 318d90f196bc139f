"""What the safety documents name exists: sources, hazards, conditions and codes, and each open point is complete."""

import re

import pytest

from app.knowledge.base import KnowledgeBase
from tests.house.repository import ROOT, text, unsaid

FOLDER = ROOT / "docs/safety"
DOCUMENTS = ("intended-use.md", "limits.md", "clinical-open-points.md")
_SOURCE = re.compile(r"\b(?:[SC]\d\d|P-[a-z]+(?:-[a-z]+)*)\b")
_HAZARD = re.compile(r"\bH\d\d\b")
_CODE = re.compile(r"`([A-Z][A-Z0-9_]{3,})`")
_POINT = re.compile(r"^\| (Q\d\d) \| (.+) \| (.+) \| ([A-Z ]+) \|$", re.MULTILINE)
_OWNERS = set("HPSOIL ")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_source_and_hazard_that_a_safety_document_names_exists(document: str, kb: KnowledgeBase) -> None:
    known = kb.statements.keys() | kb.conflicts.keys() | kb.policies.keys()
    hazards = set(re.findall(r"^### (H\d\d) ", text(FOLDER / "hazards.md"), re.MULTILINE))
    content = text(FOLDER / document)
    assert set(_SOURCE.findall(content)) <= known
    assert set(_HAZARD.findall(content)) <= hazards


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_code_that_a_safety_document_names_is_said_by_the_application(document: str) -> None:
    assert unsaid(_CODE.findall(text(FOLDER / document))) == []


def test_the_limits_have_a_row_for_each_condition_and_say_which_is_dosed(kb: KnowledgeBase) -> None:
    section = text(FOLDER / "limits.md").partition("\n## By condition\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| ([A-Z][^|]+) \| (yes|no) \| [^|]+ \|$", section, re.MULTILINE))
    assert rows == {info.title: "yes" if info.dosing else "no" for info in kb.conditions.values()}


def test_every_open_point_has_a_number_an_interim_answer_and_an_owner() -> None:
    content = text(FOLDER / "clinical-open-points.md")
    points = _POINT.findall(content)
    assert [number for number, *_ in points] == [f"Q{number:02d}" for number in range(1, len(points) + 1)]
    assert len(points) == content.count("\n| Q")
    assert all(set(owner) <= _OWNERS for *_, owner in points)
