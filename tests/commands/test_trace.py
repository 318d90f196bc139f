"""The trace of this checkout, and when it fails a check."""

from pathlib import Path

import pytest

from app.__main__ import main
from app.commands.trace import CASES, COMMITTED, build_matrix, is_sound
from app.knowledge.trace import BrokenLink, Matrix, write_markdown

WHOLE = Matrix((), ())


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    COMMITTED.parent.mkdir()
    CASES.mkdir(parents=True)


def test_every_statement_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\nS{number:02d} " in shown for number in range(1, 50))


def test_cases_are_counted_under_the_rule_their_file_is_named_after() -> None:
    (CASES / "no_such_rule.yaml").write_text("- {title: a, fires: true}\n- {title: b, fires: false}\n")
    assert BrokenLink("no_such_rule", "has cases, but there is no such rule") in build_matrix().broken


def test_writing_renews_the_committed_matrix() -> None:
    assert main(["trace", "--write"]) == 0
    assert COMMITTED.read_text() == write_markdown(build_matrix())


def test_a_rule_without_cases_fails_the_check() -> None:
    assert main(["trace", "--write", "--check"]) == 1


def test_a_current_matrix_without_broken_links_passes() -> None:
    COMMITTED.write_text(write_markdown(WHOLE))
    assert is_sound(WHOLE)


def test_an_outdated_or_missing_matrix_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert not is_sound(WHOLE)
    COMMITTED.write_text("old")
    assert not is_sound(WHOLE)
    assert "trace --write" in capsys.readouterr().err


def test_any_broken_link_fails_the_check_however_current_the_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    open_link = Matrix((), (BrokenLink("S23", "is open"),))
    COMMITTED.write_text(write_markdown(open_link))
    assert not is_sound(open_link)
    assert "1 broken links" in capsys.readouterr().err
