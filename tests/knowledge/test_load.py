from decimal import Decimal
from pathlib import Path

import pytest

from app.knowledge.base import KnowledgeBase
from app.knowledge.faults import KnowledgeFaults
from app.knowledge.load import load_knowledge, load_reviewed
from app.knowledge.review import changed_since_review
from tests.knowledge.folder import Files, files, write


def faults(folder: Path, content: Files) -> list[str]:
    with pytest.raises(KnowledgeFaults) as caught:
        load_knowledge(write(folder, content))
    return [str(fault) for fault in caught.value.faults]


def test_a_right_folder_loads_every_table(tmp_path: Path) -> None:
    kb = load_knowledge(write(tmp_path, files()))
    assert kb.manifest.id == "test"
    assert kb.number("dose_mg") == Decimal("0.075")
    assert kb.policies["P-dose"].title == "Section 3: doses"
    assert kb.names["prograf"] == kb.names["42316"] == "tacrolimus"
    tables = [kb.statements, kb.references, kb.conflicts, kb.analytes, kb.drugs, kb.interactions, kb.conditions]
    assert all([*tables, kb.monitoring, kb.tasks, kb.texts])


def test_every_kind_of_fault_is_told_at_once_with_file_and_id(tmp_path: Path) -> None:
    content = files()
    content["statements.yaml"]["S01"]["colour"] = "red"
    content["texts.yaml"]["risk"]["cites"] = ["K00"]
    content["parameters/more.yaml"] = {"dose_mg": {"value": 1, "unit": "mg", "cites": ["S01"]}}
    del content["tasks.yaml"]
    content["extras.yaml"] = {}
    content["manifest.yaml"].pop("version")
    assert faults(tmp_path, content) == [
        "extras.yaml: no table has this name",
        "manifest.yaml: `version`: Field required",
        "parameters/doses.yaml: dose_mg: another file holds a parameter of this name",
        "parameters/more.yaml: dose_mg: `value` holds a number without quotes; write the decimal in quotes",
        "parameters/more.yaml: dose_mg: another file holds a parameter of this name",
        "statements.yaml: S01: `colour`: Extra inputs are not permitted",
        "tasks.yaml: the file is missing",
        "texts.yaml: risk: cites K00, which no table holds",
    ]


def test_a_float_is_told_beside_the_faults_of_other_files(tmp_path: Path) -> None:
    write(tmp_path, files())
    (tmp_path / "parameters/doses.yaml").write_text("dose_mg: {value: 0.075, unit: mg/kg/d, cites: [S00]}\n")
    with pytest.raises(KnowledgeFaults) as caught:
        load_knowledge(tmp_path)
    assert str(caught.value).splitlines() == [
        "The knowledge files have faults:",
        "parameters/doses.yaml: dose_mg: cites S00, which no table holds",
        "parameters/doses.yaml: dose_mg: line 1: 0.075 is a float; write the decimal in quotes",
    ]


def test_a_cite_of_a_row_that_is_itself_at_fault_is_no_second_fault(tmp_path: Path) -> None:
    content = files()
    del content["references.yaml"]["REF1"]["grade"]
    assert [fault for fault in faults(tmp_path, content) if "cites REF1" in fault] == []


def test_an_empty_folder_names_every_missing_file(tmp_path: Path) -> None:
    missing = [fault for fault in faults(tmp_path, {}) if fault.endswith("the file is missing")]
    assert len(missing) == len([name for name in files() if "/" not in name])


def test_the_digest_follows_every_byte_and_every_name(tmp_path: Path) -> None:
    content = files()
    first = load_knowledge(write(tmp_path / "a", content)).digest
    assert load_knowledge(write(tmp_path / "b", content)).digest == first
    content["texts.yaml"]["risk"]["text"] = "Half!"
    changed = load_knowledge(write(tmp_path / "c", content)).digest
    content["parameters/other.yaml"] = content.pop("parameters/doses.yaml")
    renamed = load_knowledge(write(tmp_path / "d", content)).digest
    assert len({first, changed, renamed}) == 3
    assert all(len(digest) == 64 for digest in (first, changed, renamed))


def test_what_is_not_yaml_does_not_enter_the_digest(tmp_path: Path) -> None:
    first = load_knowledge(write(tmp_path, files())).digest
    (tmp_path / "reviewed.lock").write_text("S01 0\n")
    assert load_knowledge(tmp_path).digest == first


def test_the_stamps_of_a_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "reviewed.lock").write_text("S01 aa\nS02 bb\n")
    assert load_reviewed(tmp_path) == {"S01": "aa", "S02": "bb"}


def test_the_shipped_knowledge_loads_and_is_the_default(kb: KnowledgeBase) -> None:
    assert load_knowledge().digest == kb.digest
    assert kb.manifest.provenance == "unreviewed_secondary"


def test_no_shipped_statement_changed_since_its_review(kb: KnowledgeBase) -> None:
    reviewed = load_reviewed()
    assert changed_since_review(kb.statements.values(), reviewed) == ()
    assert reviewed.keys() == kb.statements.keys()
