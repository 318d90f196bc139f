from decimal import Decimal
from pathlib import Path

import pytest

from app.knowledge.base import KnowledgeBase
from app.knowledge.load import load_knowledge
from tests.knowledge.folder import files, write


@pytest.fixture
def small(tmp_path: Path) -> KnowledgeBase:
    content = files()
    rows = content["interactions.yaml"]
    rows["inhibitor_tacrolimus"] = {**rows["tacrolimus_inhibitor"], "drug": "ritonavir", "partner": "tacrolimus"}
    content["parameters/doses.yaml"]["step_days"] = {"value": "30", "unit": "d", "cites": ["P-dose"]}
    return load_knowledge(write(tmp_path, content))


def test_a_parameter_is_exact(small: KnowledgeBase) -> None:
    assert small.number("dose_mg") == Decimal("0.075")


def test_a_parameter_that_counts_is_a_whole_number(small: KnowledgeBase) -> None:
    assert small.whole("step_days") == 30


def test_an_unknown_parameter_is_a_programming_error(small: KnowledgeBase) -> None:
    with pytest.raises(KeyError):
        small.number("no_such_dose")


def test_an_interaction_is_found_from_whichever_side_the_drug_stands_on(small: KnowledgeBase) -> None:
    found = {row.id: partner for row, partner in small.interactions_by_drug["tacrolimus"]}
    assert found == {"tacrolimus_inhibitor": "cyp3a_inhibitor_strong", "inhibitor_tacrolimus": "ritonavir"}
    assert small.interactions_by_drug["azathioprine"] == ()


def test_a_recalled_publication_is_never_a_citation(small: KnowledgeBase) -> None:
    assert "K99" in small.references
    assert "K99" not in small.citations


def test_each_kind_of_source_is_cited_as_what_it_is(small: KnowledgeBase) -> None:
    kinds = {key: small.citations[key].kind for key in ("S01", "REF1", "P-dose", "C01")}
    assert kinds == {"S01": "statement", "REF1": "reference", "P-dose": "policy", "C01": "policy"}
