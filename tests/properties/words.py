"""The smallest strategies: a word of a list, a number around a limit, a day."""

from decimal import Decimal
from typing import Any, get_args

from hypothesis import strategies as st

ABSENT = None


def words(alias: Any) -> st.SearchStrategy[Any]:
    """Return each word of a closed list of the contract, and absence."""
    return st.sampled_from([*get_args(alias), ABSENT])


def around(*limits: float) -> st.SearchStrategy[Any]:
    """Return each limit, a tenth to each side of it, and absence."""
    tenth = Decimal("0.1")
    near = {Decimal(str(limit)) + step for limit in limits for step in (-tenth, Decimal(0), tenth)}
    return st.sampled_from([*(float(value) for value in sorted(near)), ABSENT])


def day(*days: str | None) -> st.SearchStrategy[Any]:
    """Return one of the days, or absence."""
    return st.sampled_from([*days, ABSENT])
