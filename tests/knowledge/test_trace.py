from dataclasses import dataclass
from pathlib import Path

import pytest

from app.knowledge.base import KnowledgeBase
from app.knowledge.load import load_knowledge
from app.knowledge.review import read_stamps, write_stamps
from app.knowledge.trace import BrokenLink, Matrix, RuleCases, TraceRow, render, trace, write_markdown
from tests.knowledge.folder import files, write


@dataclass(frozen=True)
class CitingRule:
    id: str
    cites: tuple[str, ...]


RULES = {"give": CitingRule("give", ("S01", "REF1"))}
CASES = {"give": {"fires": 2, "silent": 1}}


@pytest.fixture
def small(tmp_path: Path) -> KnowledgeBase:
    return load_knowledge(write(tmp_path, files()))


@pytest.fixture
def reviewed(small: KnowledgeBase) -> dict[str, str]:
    return read_stamps(write_stamps(small.statements.values()))


def test_a_whole_chain_has_no_broken_link(small: KnowledgeBase, reviewed: dict[str, str]) -> None:
    matrix = trace(small, RULES, CASES, reviewed)
    assert matrix.broken == ()
    assert matrix.rows == (
        TraceRow("S01", "implemented", (RuleCases("give", 2, 1),)),
        TraceRow("S02", "text_only", ()),
    )


@pytest.mark.parametrize("cite", ["S99", "K99"])
def test_a_rule_that_cites_what_cannot_be_cited_is_broken(
    small: KnowledgeBase, reviewed: dict[str, str], cite: str
) -> None:
    rules = {"give": CitingRule("give", ("S01", cite))}
    assert trace(small, rules, CASES, reviewed).broken == (
        BrokenLink("give", f"cites {cite}, which is not a citable id"),
    )


def test_an_implemented_statement_without_a_rule_is_broken(small: KnowledgeBase, reviewed: dict[str, str]) -> None:
    rules = {"give": CitingRule("give", ("REF1",))}
    assert trace(small, rules, CASES, reviewed).broken == (
        BrokenLink("S01", "is marked implemented, but no rule cites it"),
    )


def test_a_text_that_changed_since_the_review_is_broken(small: KnowledgeBase, reviewed: dict[str, str]) -> None:
    assert [link.id for link in trace(small, RULES, CASES, {**reviewed, "S02": "0"}).broken] == ["S02"]


def test_a_stamp_without_a_statement_is_broken(small: KnowledgeBase, reviewed: dict[str, str]) -> None:
    assert trace(small, RULES, CASES, {**reviewed, "S50": "0"}).broken == (
        BrokenLink("S50", "was reviewed, but is no longer a statement"),
    )


@pytest.mark.parametrize(
    ("cases", "reasons"),
    [
        ({}, ["no case shows it firing", "no case shows it staying silent"]),
        ({"give": {"fires": 1, "silent": 0}}, ["no case shows it staying silent"]),
        ({"give": {"fires": 0, "silent": 1}}, ["no case shows it firing"]),
        ({"give": {"fires": 1, "silent": 1}}, []),
    ],
)
def test_a_rule_must_be_shown_firing_and_silent(
    small: KnowledgeBase, reviewed: dict[str, str], cases: dict[str, dict[str, int]], reasons: list[str]
) -> None:
    assert [link.reason for link in trace(small, RULES, cases, reviewed).broken] == reasons


def test_cases_of_a_rule_that_is_gone_are_broken(small: KnowledgeBase, reviewed: dict[str, str]) -> None:
    cases = {**CASES, "gone": {"fires": 1, "silent": 1}}
    assert trace(small, RULES, cases, reviewed).broken == (BrokenLink("gone", "has cases, but there is no such rule"),)


MATRIX = Matrix(
    (
        TraceRow("S01", "implemented", (RuleCases("give", 2, 1), RuleCases("wait", 1, 0))),
        TraceRow("S02", "text_only", ()),
    ),
    (BrokenLink("wait", "no case shows it staying silent"),),
)


def test_the_printed_matrix_is_a_table_with_the_broken_links_below() -> None:
    assert render(MATRIX) == (
        "statement  status       rules (fires/silent)\n"
        "S01        implemented  give (2/1), wait (1/0)\n"
        "S02        text_only\n"
        "\n"
        "1 broken links\n"
        "  wait: no case shows it staying silent\n"
    )


def test_the_committed_matrix_is_markdown() -> None:
    document = write_markdown(MATRIX)
    assert "| S01 | implemented | give (2/1), wait (1/0) |\n| S02 | text_only |  |\n" in document
    assert document.endswith("## Broken links\n\n- `wait`: no case shows it staying silent\n")


def test_a_matrix_without_broken_links_says_so() -> None:
    whole = Matrix(MATRIX.rows, ())
    assert "0 broken links" in render(whole)
    assert write_markdown(whole).endswith("## Broken links\n\nNone.\n")
