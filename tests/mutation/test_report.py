from pathlib import Path

from tests.mutation.report import Explanations, write_report

REASONS = """
said_only:
  why: "It is only said, and nobody decides by it"
  mutants:
    - "app/taper/b.py::f: a -> b"
"""
OUTCOMES = {
    "app/rules/a.py::f: 1 -> 2": "killed",
    "app/taper/b.py::f: a -> b": "survived",
    "app/taper/b.py: 1 -> 2": "survived",
}


def report(tmp_path: Path) -> str:
    (tmp_path / "explained.yaml").write_text(REASONS, "utf-8")
    return write_report(OUTCOMES, Explanations.read(tmp_path / "explained.yaml"))


def test_the_report_counts_by_outcome_and_folder(tmp_path: Path) -> None:
    said = report(tmp_path)
    assert "3 mutants: 1 killed, 1 survive and are explained, 1 survive unexplained." in said
    assert "| app/rules | 1 | 1 | 0 | 0 |" in said
    assert "| app/taper | 2 | 0 | 1 | 1 |" in said


def test_a_survivor_stands_under_its_reason_or_among_those_without_one(tmp_path: Path) -> None:
    said = report(tmp_path)
    reason, without = said.index("## It is only said"), said.index("## Not explained")
    assert reason < said.index("- `app/taper/b.py::f: a -> b`") < without
    assert without < said.index("- `app/taper/b.py: 1 -> 2`")


def test_each_explanation_that_ships_gives_a_reason_for_one_mutant_once() -> None:
    explained = Explanations.read()
    assert all(explained.says.values())
    assert set(explained.reason_of.values()) == explained.says.keys()
