from collections.abc import Callable
from pathlib import Path

import pytest

from app.knowledge.faults import KnowledgeFaults
from app.knowledge.load import load_knowledge
from tests.knowledge.folder import Files, files, write

Change = Callable[[Files], object]


def put(file: str, row: str, key: str, value: object) -> Change:
    return lambda content: content[f"{file}.yaml"][row].update({key: value})


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (put("tasks", "hbv_dna", "cites", ["K00"]), "tasks.yaml: hbv_dna: cites K00, which no table holds"),
        (
            put("tasks", "hbv_dna", "cites", ["K99"]),
            "tasks.yaml: hbv_dna: cites K99, which is only recalled (grade R); cite the policy instead",
        ),
        (
            put("conflicts", "C01", "statements", ["S03"]),
            "conflicts.yaml: C01: names statement S03, which is not there",
        ),
        (
            put("conditions", "uveitis", "applies", ["S09"]),
            "conditions.yaml: uveitis: names statement S09, which is not there",
        ),
        (
            put("conditions", "uveitis", "overridden", {"S08": "No."}),
            "conditions.yaml: uveitis: names statement S08, which is not there",
        ),
        (
            put("conditions", "uveitis", "overridden", {"S01": "No."}),
            "conditions.yaml: uveitis: S01 both applies and is overridden",
        ),
        (
            put("statements", "S02", "why", None),
            "statements.yaml: S02: `why` is for statements that are not implemented, and each of those needs it",
        ),
        (
            put("statements", "S01", "why", "Because."),
            "statements.yaml: S01: `why` is for statements that are not implemented, and each of those needs it",
        ),
        (
            put("statements", "S01", "references", [1, 4]),
            "statements.yaml: S01: no reference carries the source's number 4",
        ),
        (
            put("interactions", "tacrolimus_inhibitor", "partner", "sunlight"),
            "interactions.yaml: tacrolimus_inhibitor: sunlight is neither a substance nor a class",
        ),
        (
            put("interactions", "tacrolimus_inhibitor", "drug", "moonlight"),
            "interactions.yaml: tacrolimus_inhibitor: moonlight is neither a substance nor a class",
        ),
        (
            put("substances", "ritonavir", "ingredients", ["salt"]),
            "substances.yaml: ritonavir: ingredient salt is not a substance",
        ),
        (
            put("substances", "ritonavir", "names", ["norvir"]),
            "substances.yaml: ritonavir: its key is not among its names",
        ),
        (
            put("substances", "ritonavir", "names", ["ritonavir", "Norvir"]),
            "substances.yaml: ritonavir: name 'Norvir' is not lower case",
        ),
        (
            put("texts", "risk", "condition", "boredom"),
            "texts.yaml: risk: boredom is not a condition of the contract",
        ),
        (
            lambda content: content["substances.yaml"].pop("sirolimus"),
            "drugs.yaml: sirolimus: is not a substance: no name of it would be recognised",
        ),
        (
            lambda content: content["drugs.yaml"].pop("sirolimus"),
            "drugs.yaml: sirolimus: is a word of the contract without a row",
        ),
        (
            lambda content: content["analytes.yaml"].pop("alt"),
            "analytes.yaml: alt: is a word of the contract without a row",
        ),
        (
            lambda content: content["conditions.yaml"].pop("uveitis"),
            "conditions.yaml: uveitis: is a word of the contract without a row",
        ),
    ],
)
def test_one_fault_between_the_tables_is_named(tmp_path: Path, change: Change, fault: str) -> None:
    content = files()
    change(content)
    with pytest.raises(KnowledgeFaults) as caught:
        load_knowledge(write(tmp_path, content))
    assert [str(found) for found in caught.value.faults] == [fault]


@pytest.mark.parametrize(("file", "word"), [("drugs", "aspirin"), ("analytes", "luck"), ("conditions", "boredom")])
def test_a_row_for_no_word_of_the_contract_is_refused(tmp_path: Path, file: str, word: str) -> None:
    content = files()
    rows = content[f"{file}.yaml"]
    rows[word] = next(iter(rows.values()))
    with pytest.raises(KnowledgeFaults, match=rf"{file}\.yaml: {word}: `key`: Input should be"):
        load_knowledge(write(tmp_path, content))


def test_a_name_shared_by_two_substances_is_told_at_both(tmp_path: Path) -> None:
    content = files()
    content["substances.yaml"]["ritonavir"]["rxnorm"] = ["42316"]
    with pytest.raises(KnowledgeFaults) as caught:
        load_knowledge(write(tmp_path, content))
    assert [str(found) for found in caught.value.faults] == [
        "substances.yaml: ritonavir: shares the name '42316' with tacrolimus",
        "substances.yaml: tacrolimus: shares the name '42316' with ritonavir",
    ]


def test_one_id_for_two_citable_rows_is_told_at_both(tmp_path: Path) -> None:
    content = files()
    content["policies.yaml"]["S01"] = "Section 1"
    with pytest.raises(KnowledgeFaults) as caught:
        load_knowledge(write(tmp_path, content))
    assert [str(found) for found in caught.value.faults] == [
        "policies.yaml: S01: another citable row has this id",
        "statements.yaml: S01: another citable row has this id",
    ]


def test_one_source_number_for_two_references_is_told_at_both(tmp_path: Path) -> None:
    content = files()
    content["references.yaml"]["K99"]["number"] = 1
    with pytest.raises(KnowledgeFaults) as caught:
        load_knowledge(write(tmp_path, content))
    assert [found.id for found in caught.value.faults] == ["K99", "REF1"]
    assert {found.message for found in caught.value.faults} == {"another reference carries the source's number 1"}


@pytest.mark.parametrize("claim", [{"authors": "Doe J"}, {"year": 2001}, {"journal": "Gut"}, {"doi": "10.1/x"}])
def test_an_unresolved_reference_claims_no_bibliography(tmp_path: Path, claim: dict[str, object]) -> None:
    content = files()
    content["references.yaml"]["K99"].update(confidence="unresolved", **claim)
    with pytest.raises(KnowledgeFaults, match="K99: is unresolved and must claim no authors"):
        load_knowledge(write(tmp_path, content))


def test_an_unresolved_reference_without_bibliography_is_right(tmp_path: Path) -> None:
    content = files()
    content["references.yaml"]["K99"].update(confidence="unresolved", grade="2", number=2)
    assert load_knowledge(write(tmp_path, content)).citations["K99"].confidence == "unresolved"
