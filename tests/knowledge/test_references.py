import re

import pytest

from app.knowledge.base import KnowledgeBase

REGISTER = {f"K{number:02}" for number in range(2, 54)} - {"K30"}
DOI = re.compile(r"10\.\d{4,9}/\S+")


def test_the_four_numbers_of_the_source_document_are_identified_as_far_as_they_are(kb: KnowledgeBase) -> None:
    numbered = {row.number: (key, row.confidence) for key, row in kb.references.items() if row.number}
    assert numbered == {
        1: ("REF1", "verified"),
        2: ("REF2", "unresolved"),
        3: ("REF3", "probable"),
        4: ("REF4", "probable"),
    }


def test_an_unresolved_reference_resolves_with_a_null_bibliography(kb: KnowledgeBase) -> None:
    citation = kb.citations["REF2"]
    assert citation.confidence == "unresolved"
    assert (citation.authors, citation.year, citation.doi, citation.pmid, citation.url) == (None,) * 5


def test_the_whole_register_is_there(kb: KnowledgeBase) -> None:
    assert kb.references.keys() >= REGISTER
    assert {key for key in kb.references if key.startswith("K") and key[1:].isdigit()} == REGISTER


@pytest.mark.parametrize(
    "key",
    [
        *("ESE24", "EULAR22", "PARK2019", "GIOP22", "AGA25", "AGA15", "TB20", "VACC22", "REPRO20", "BSR25", "ISMP17"),
        *("WANG22", "AFP22", "MMF-PPI", "CPIC-CYP3A5", "KDIGO-LN24", "KDIGO-GD21", "KDIGO-GN12", "ACR-LN24"),
        *("ACR-SLE25", "EULAR-SLE23", "EULAR-AAV22", "MGFA20", "KANAI17", "ACR-ILD23", "SHARMA17", "ACG-UC25"),
        *("LEE12", "LABEL-TACROLIMUS", "LABEL-AZATHIOPRINE", "LABEL-MMF", "LABEL-CYCLOSPORINE", "LABEL-METHOTREXATE"),
        *("LABEL-CYCLOPHOSPHAMIDE", "LABEL-SIROLIMUS", "INKER21", "NKF"),
    ],
)
def test_a_publication_of_the_safety_layer_is_citable(kb: KnowledgeBase, key: str) -> None:
    assert kb.citations[key].kind == "reference"


def test_nothing_that_is_only_recalled_is_shipped(kb: KnowledgeBase) -> None:
    assert {row.grade for row in kb.references.values()} <= {"C", "2"}


def test_identifiers_have_the_shape_of_identifiers(kb: KnowledgeBase) -> None:
    rows = kb.references.values()
    assert all(DOI.fullmatch(row.doi) for row in rows if row.doi)
    assert all(row.pmid.isdigit() for row in rows if row.pmid)
    assert all(1900 < row.year < 2100 for row in rows if row.year)


def test_no_identifier_is_claimed_twice(kb: KnowledgeBase) -> None:
    for identifiers in (
        [row.doi for row in kb.references.values() if row.doi],
        [row.pmid for row in kb.references.values() if row.pmid],
    ):
        assert len(identifiers) == len(set(identifiers))
