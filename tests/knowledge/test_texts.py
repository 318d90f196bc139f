import pytest

from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import TextRow


def topic(kb: KnowledgeBase, name: str) -> list[TextRow]:
    return [row for row in kb.texts.values() if row.topic == name]


def test_the_topics_are_those_a_plan_shows(kb: KnowledgeBase) -> None:
    topics = {"trough_evidence", "relapse_risk", "response_rate", "faster_taper", "withdrawal_speed"}
    assert {row.topic for row in kb.texts.values()} == topics


def test_every_trough_says_in_what_it_was_measured(kb: KnowledgeBase) -> None:
    matrices = ("plasma", "whole blood", "matrix not stated", "matrices mixed")
    for row in topic(kb, "trough_evidence"):
        assert any(matrix in row.text.lower() for matrix in matrices)


def test_the_historical_equivalence_is_marked_as_an_estimate(kb: KnowledgeBase) -> None:
    row = kb.texts["trough-plasma-equivalent"]
    assert row.text.startswith("Estimate, not for conversion")
    assert "6.9-9.1" in row.text


@pytest.mark.parametrize(
    ("name", "figure", "source"), [("relapse_risk", "70 %", "S47"), ("response_rate", "92 %", "S18")]
)
def test_a_figure_without_a_publication_stands_beside_published_ones(
    kb: KnowledgeBase, name: str, figure: str, source: str
) -> None:
    rows = topic(kb, name)
    unsourced = [row for row in rows if figure in row.text]
    assert [source in row.cites and "no publication was found" in row.text for row in unsourced] == [True]
    assert sum(cite.startswith("K") for row in rows for cite in row.cites) >= 4


def test_no_other_text_repeats_the_figures_without_a_publication(kb: KnowledgeBase) -> None:
    holders = {key for key, row in kb.texts.items() if "92 %" in row.text or "70 %" in row.text}
    assert holders == {"relapse-source", "response-source"}
