from collections import Counter
from itertools import pairwise

import pytest

from app.knowledge.base import KnowledgeBase

NOT_COMPUTED = {"S15", "S18", "S21", "S32", "S38", "S39", "S47", "S49"}


def test_all_49_statements_are_there_in_order(kb: KnowledgeBase) -> None:
    assert list(kb.statements) == [f"S{number:02}" for number in range(1, 50)]


def test_statements_follow_the_lines_of_the_source_document(kb: KnowledgeBase) -> None:
    lines = [row.line for row in kb.statements.values()]
    assert all(earlier <= later for earlier, later in pairwise(lines))
    assert (lines[0], lines[-1]) == (2, 58)


@pytest.mark.parametrize(
    ("statement", "line"),
    [("S04", 5), ("S08", 6), ("S10", 9), ("S18", 15), ("S25", 26), ("S28", 31), ("S36", 43), ("S43", 53), ("S48", 57)],
)
def test_a_statement_points_to_its_line(kb: KnowledgeBase, statement: str, line: int) -> None:
    assert kb.statements[statement].line == line


def test_reference_numbers_are_those_of_the_source_document(kb: KnowledgeBase) -> None:
    count = Counter(number for row in kb.statements.values() for number in row.references)
    assert count == {1: 46, 2: 4, 3: 1, 4: 2}
    assert [key for key, row in kb.statements.items() if not row.references] == ["S15"]


def test_what_is_not_computed_is_listed_with_its_reason(kb: KnowledgeBase) -> None:
    assert {key for key, row in kb.statements.items() if row.status != "implemented"} == NOT_COMPUTED
    assert all(kb.statements[key].why for key in NOT_COMPUTED)


@pytest.mark.parametrize(
    ("statement", "figures"),
    [
        ("S01", ["30", "60 mg"]),
        ("S02", ["1.0", "2.0 mg/kg"]),
        ("S05", ["30 mg", "150 mg"]),
        ("S10", ["1", "6 mg", "0.075 mg/kg"]),
        ("S11", ["0.6", "1.0 ng/mL"]),
        ("S17", ["6 ng/mL"]),
        ("S18", ["92 %"]),
        ("S25", ["0.6", "1.0 ng/mL", "6 to 10 ng/mL"]),
        ("S31", ["1.0 to 2.0 mg/kg", "2 g"]),
        ("S33", ["30 mg"]),
        ("S36", ["10 mg"]),
        ("S37", ["2 to 5 mg/kg", "100 to 300 ng/mL"]),
        ("S40", ["2 g"]),
        ("S43", ["15"]),
        ("S47", ["70 %", "12 months"]),
        ("S48", ["12 to 24 months"]),
    ],
)
def test_a_statement_keeps_the_figures_of_its_line(kb: KnowledgeBase, statement: str, figures: list[str]) -> None:
    assert all(figure in kb.statements[statement].text for figure in figures)


def test_every_statement_is_citable_by_its_line(kb: KnowledgeBase) -> None:
    citation = kb.citations["S36"]
    assert (citation.kind, citation.title.partition(":")[0]) == ("statement", "Source document, line 43")
