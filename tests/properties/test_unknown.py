"""Unknown is not false: whatever is left out, no block falls silently and no statement is denied for want of data."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.episodes import Body, accepted, bodies
from tests.properties.removals import asked_for, has_default, removals
from tests.properties.shown import Plan, leading, plan_of

# Each takes one decision; all removals of a patient are about seventy.
_TRIED = 8


@st.composite
def with_less(draw: st.DrawFn) -> tuple[Body, list[tuple[str, Body]]]:
    """Return an episode, and the same with one input left out, several times another one."""
    whole = draw(bodies())
    less = st.sampled_from([(name, body) for name, body in removals(whole) if accepted(body)])
    return whole, draw(st.lists(less, min_size=1, max_size=_TRIED, unique_by=lambda item: str(item[0])))


@given(with_less())
def test_what_is_left_out_is_unknown_and_never_false(case: tuple[Body, list[tuple[str, Body]]]) -> None:
    whole, fewer = case
    before = plan_of(whole)
    for name, body in fewer:
        if not has_default(name):
            after = plan_of(body)
            assert not_denied(before, after) == [], name
            assert doses_that_appear(before, after) == [] or asked_for(name, after), name


def doses_that_appear(before: Plan, after: Plan) -> list[str]:
    """Return the options whose drug had no number before, blocked, waiting or out of scope, and has one now."""
    had = {option_id for option_id, entry in leading(before).items() if entry.numbers}
    return [option_id for option_id, entry in leading(after).items() if entry.numbers and option_id not in had]


def not_denied(before: Plan, after: Plan) -> list[Any]:
    """Return the statements that applied, or might have, and are now said not to."""
    denied = {row["id"] for row in before["statements"] if row["verdict"] == "does_not_apply"}
    return [row for row in after["statements"] if row["verdict"] == "does_not_apply" and row["id"] not in denied]
