import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.plan.three_valued import Answer, all_of, any_of, spoken

answers = st.lists(st.sampled_from([True, False, None]), max_size=6)


@pytest.mark.parametrize(
    ("given_answers", "expected"),
    [((True, None), True), ((False, None), None), ((False, False), False), ((), False)],
)
def test_any_is_yes_with_one_yes_and_unknown_before_no(given_answers: tuple[Answer, ...], expected: Answer) -> None:
    assert any_of(*given_answers) is expected


@pytest.mark.parametrize(
    ("given_answers", "expected"),
    [((False, None), False), ((True, None), None), ((True, True), True), ((), True)],
)
def test_all_is_no_with_one_no_and_unknown_before_yes(given_answers: tuple[Answer, ...], expected: Answer) -> None:
    assert all_of(*given_answers) is expected


@given(answers)
def test_all_is_the_opposite_of_any_opposite(items: list[Answer]) -> None:
    opposite = [None if item is None else not item for item in items]
    negated = any_of(*opposite)
    assert all_of(*items) is (None if negated is None else not negated)


@given(answers)
def test_learning_an_unknown_never_reverses_what_was_known(items: list[Answer]) -> None:
    for learned in (True, False):
        known = [learned if item is None else item for item in items]
        assert any_of(*items) in (None, any_of(*known))
        assert all_of(*items) in (None, all_of(*known))


@pytest.mark.parametrize(("answer", "word"), [(True, "yes"), (False, "no"), (None, "unknown")])
def test_an_answer_is_spoken_in_one_word(answer: Answer, word: str) -> None:
    assert spoken(answer) == word
