"""Rules whose answer is a contract object that cites its own sources, registered like every other rule."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from app.rules.rule import REGISTRY, Rule

P = ParamSpec("P")
R = TypeVar("R")


def asks(rule_id: str, *, cites: tuple[str, ...]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register a function under `rule_id`, so that the trace sees it, and leave its answer as it is.

    Raises ValueError when the id is taken, the cites are empty or the docstring asks no question.
    """

    def register(function: Callable[P, R]) -> Callable[P, R]:
        question = (function.__doc__ or "").strip().splitlines()[:1]
        if rule_id in REGISTRY or not cites or not question or not question[0].endswith("?"):
            raise ValueError(f"rule {rule_id}: needs a free id, cites and a docstring that asks a question")
        REGISTRY[rule_id] = Rule(rule_id, question[0], cites, function.__module__)
        return function

    return register
