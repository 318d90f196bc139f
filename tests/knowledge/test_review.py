from app.knowledge.entries import Statement
from app.knowledge.review import changed_since_review, read_stamps, stamp, write_stamps


def statement(key: str, text: str) -> Statement:
    return Statement(id=key, section="LEAD", line=2, references=(1,), text=text, status="implemented", why=None)


def test_stamps_read_back_as_they_were_written() -> None:
    rows = [statement("S01", "Give."), statement("S02", "Stop.")]
    assert read_stamps(write_stamps(rows)) == {row.id: stamp(row) for row in rows}


def test_a_statement_whose_text_changed_needs_a_review() -> None:
    reviewed = read_stamps(write_stamps([statement("S01", "Give."), statement("S02", "Stop.")]))
    assert changed_since_review([statement("S01", "Give!"), statement("S02", "Stop.")], reviewed) == ("S01",)


def test_a_new_statement_needs_a_review() -> None:
    assert changed_since_review([statement("S03", "New.")], {}) == ("S03",)


def test_a_change_beside_the_text_needs_no_review() -> None:
    row = statement("S01", "Give.")
    assert stamp(row.model_copy(update={"line": 3})) == stamp(row)
