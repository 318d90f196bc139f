"""The register of rules: every rule has an id, a question and the ids it rests on, so that the trace sees it.

It stands on this floor because rules and tapers, which do not know each other, both enter it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Rule:
    """An entry: the rule's id, the question it asks and what it rests on."""

    id: str
    question: str
    cites: tuple[str, ...]
    module: str


REGISTRY: dict[str, Rule] = {}


def enter(rule_id: str, cites: tuple[str, ...], docstring: str | None, module: str) -> None:
    """Put a rule into the register.

    Raises ValueError when the id is taken, the cites are empty or the docstring asks no question.
    """
    question = (docstring or "").strip().splitlines()[:1]
    if rule_id in REGISTRY or not cites or not question or not question[0].endswith("?"):
        raise ValueError(f"rule {rule_id}: needs a free id, cites and a docstring that asks a question")
    REGISTRY[rule_id] = Rule(rule_id, question[0], cites, module)


def asks(rule_id: str, *, cites: tuple[str, ...]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register a rule whose answer cites its own sources, and leave the function as it is."""

    def register(function: Callable[P, R]) -> Callable[P, R]:
        enter(rule_id, cites, function.__doc__, function.__module__)
        return function

    return register
