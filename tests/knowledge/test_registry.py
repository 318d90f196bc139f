import pytest

import app.rules.plan.transplant  # noqa: F401  (registers its question)
from app.knowledge.registry import REGISTRY, asks


def _answer() -> int:
    """Is this a question?"""
    return 1


def _statement() -> int:
    """This is no question."""
    return 1


def _silent() -> int:
    return 1


def test_a_question_is_registered_and_its_answer_stays_as_it_is() -> None:
    asked = asks("test_of_asks", cites=("S01",))(_answer)
    try:
        assert asked is _answer
        assert REGISTRY["test_of_asks"].question == "Is this a question?"
        assert REGISTRY["test_of_asks"].cites == ("S01",)
    finally:
        del REGISTRY["test_of_asks"]


@pytest.mark.parametrize("function", [_statement, _silent])
def test_a_docstring_that_asks_nothing_is_refused(function: object) -> None:
    with pytest.raises(ValueError, match="asks a question"):
        asks("test_of_asks_refused", cites=("S01",))(function)  # type: ignore[arg-type]


def test_a_question_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="cites"):
        asks("test_of_asks_refused", cites=())(_answer)


def test_an_id_that_is_taken_is_refused() -> None:
    with pytest.raises(ValueError, match="free id"):
        asks("transplant_referral", cites=("S01",))(_answer)
