"""The line that says how far a command is."""

import io

import pytest

from app.commands import progress_line
from app.commands.progress_line import ProgressLine


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _without_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_line, "_PAUSE_SECONDS", 0)


def lines(stream: io.StringIO) -> list[str]:
    return stream.getvalue().split("\r\x1b[K")[1:]


def test_a_terminal_sees_each_step_and_in_the_end_an_empty_line() -> None:
    terminal = Terminal()
    with ProgressLine("Replaying", 2000, terminal) as progress:
        progress.advance(", 0 different")
        progress.advance(", 1 different")
    assert lines(terminal) == [
        "Replaying 1 of 2,000 (0 %), 0 different",
        "Replaying 2 of 2,000 (0 %), 1 different",
        "",
    ]


def test_what_came_later_than_it_was_counted_is_never_more_than_everything() -> None:
    terminal = Terminal()
    with ProgressLine("Replaying", 1, terminal) as progress:
        progress.advance()
        progress.advance()
    assert lines(terminal) == ["Replaying 1 of 1 (100 %)", "Replaying 2 of 1 (100 %)", ""]


def test_nobody_reads_it_outside_a_terminal() -> None:
    stream = io.StringIO()
    with ProgressLine("Replaying", 1, stream) as progress:
        progress.advance()
    assert stream.getvalue() == ""


def test_the_line_is_written_a_few_times_a_second_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_line, "_PAUSE_SECONDS", 10)
    terminal = Terminal()
    with ProgressLine("Replaying", 1000, terminal) as progress:
        for _ in range(1000):
            progress.advance()
    assert len(lines(terminal)) == 2
