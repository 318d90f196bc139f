"""Rules whose answer is a contract object that cites its own sources, registered like every other rule."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from app.rules.rule import enter

P = ParamSpec("P")
R = TypeVar("R")


def asks(rule_id: str, *, cites: tuple[str, ...]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register a function under `rule_id`, so that the trace sees it, and leave its answer as it is.

    Raises ValueError when the id is taken, the cites are empty or the docstring asks no question.
    """

    def register(function: Callable[P, R]) -> Callable[P, R]:
        enter(rule_id, cites, function.__doc__, function.__module__)
        return function

    return register
