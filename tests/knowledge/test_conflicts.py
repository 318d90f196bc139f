import pytest

from app.knowledge.base import KnowledgeBase


def test_all_26_conflicts_are_there_in_order(kb: KnowledgeBase) -> None:
    assert list(kb.conflicts) == [f"C{number:02}" for number in range(1, 27)]


def test_every_conflict_shows_both_sides(kb: KnowledgeBase) -> None:
    assert [key for key, row in kb.conflicts.items() if len(row.shown_values) < 2] == []


def test_every_conflict_cites_the_statements_it_concerns_and_the_policy_that_decides(kb: KnowledgeBase) -> None:
    for row in kb.conflicts.values():
        cited = set(row.cites)
        assert {*row.statements} <= cited
        assert any(cite in kb.policies for cite in cited)


def test_every_id_named_in_a_shown_value_resolves(kb: KnowledgeBase) -> None:
    for row in kb.conflicts.values():
        named = [word.strip("(),;:.") for value in row.shown_values for word in value.split()]
        ids = [word for word in named if word[:1] in "SKC" and word[1:].isdigit()]
        assert all(word in kb.citations for word in ids)
        assert {word for word in ids if word.startswith("K")} <= set(row.cites)


@pytest.mark.parametrize(
    ("conflict", "figures"),
    [
        ("C02", ["0.6 to 1.0", "6 ng/mL", "6 to 10", "6.9 to 9.1", "0.48"]),
        ("C04", ["150 mg", "1.0 to 2.0 mg/kg", "75 kg"]),
        ("C06", ["20 mg", "10 mg with azathioprine 50 mg"]),
        ("C08", ["10 mg", "5 to 10 mg every 1 to 2 weeks", "1,834 to 1,944 mg"]),
        ("C14", ["92 %", "72.5 %", "56.5 %", "74.7 %", "53 %", "48 %"]),
        ("C15", ["2 to 5 mg/kg", "4 mg/kg", "100 to 300", "24 hours"]),
        ("C18", ["70 %", "59 %", "73 %", "81 %", "46 %", "33 %"]),
        ("C20", ["one month", "0.76 mg a year", "18 weeks"]),
    ],
)
def test_a_conflict_shows_its_figures(kb: KnowledgeBase, conflict: str, figures: list[str]) -> None:
    shown = " ".join(kb.conflicts[conflict].shown_values)
    assert [figure for figure in figures if figure not in shown] == []


def test_the_trough_conflict_never_converts_and_never_lowers_a_dose_for_whole_blood(kb: KnowledgeBase) -> None:
    resolution = kb.conflicts["C02"].resolution
    assert "no stored level is converted" in resolution
    assert "Whole blood above 1.0 is never on its own a reason to lower the dose" in resolution
