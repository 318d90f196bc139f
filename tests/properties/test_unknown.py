"""Unknown is not false: whatever is left out, no block falls silently and no statement is denied for want of data."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.episodes import Body, accepted, bodies
from tests.properties.removals import asked_for, has_default, keeps_doses, removals
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
            withheld, not_indicated = doses_that_appear(before, after)
            assert withheld == [] or (keeps_doses(name) and asked_for(name, after)), name
            assert not_indicated == [] or asked_for(name, after), name


def doses_that_appear(before: Plan, after: Plan) -> tuple[list[str], list[str]]:
    """Return the options whose drug has a number only now.

    First those that were blocked, waiting or out of scope; then those that were only not indicated: an unknown reason
    leaves these open by the specification.
    """
    then, now = leading(before), leading(after)
    new = [key for key, entry in now.items() if entry.numbers and not (key in then and then[key].numbers)]
    idle = [key for key in new if key in then and then[key].option["standing"] == "not_indicated"]
    return [key for key in new if key not in idle], idle


def not_denied(before: Plan, after: Plan) -> list[Any]:
    """Return the statements that applied, or might have, and are now said not to."""
    denied = {row["id"] for row in before["statements"] if row["verdict"] == "does_not_apply"}
    return [row for row in after["statements"] if row["verdict"] == "does_not_apply" and row["id"] not in denied]
