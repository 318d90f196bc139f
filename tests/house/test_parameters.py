"""Numbers live in the knowledge data: each one is used, and each one that is asked for exists."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.knowledge.base import KnowledgeBase
from app.knowledge.load import load_versions
from tests.house.repository import ROOT, named, read_yaml, short, tree

# The rooms that decide. What a request may hold at most (`clinical`) is a bound of the wire, published in the contract.
DECIDING = ("facts", "planning", "rules", "taper")
EXCEPTIONS = {
    "app/facts/arithmetic.py": "digits of precision and the size of a cache",
    "app/facts/child_pugh.py": "the score gives one to three points an item",
    "app/facts/dates.py": "day and month of the Gregorian calendar",
}
READERS = {"number", "whole"}
# Counting, halving, percent, digits shown, parts of a day. Any other figure is a clinical decision with a source.
ARITHMETIC = {0, 1, 2, 100, 0.1, 0.01, 0.001, 24, 60, 3600}


def parameters() -> set[str]:
    """Return the name of every parameter in the knowledge data."""
    files = (ROOT / "app/knowledge/data/parameters").glob("*.yaml")
    return {name for path in files for name in read_yaml(path) or {}}


def strings(path: Path) -> set[str]:
    """Return every text literal of a file: a table of parameter names is a use as good as a direct call."""
    return {
        node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def asked_for() -> Iterator[tuple[str, str]]:
    """Yield file and name of each parameter that code reads by a literal name."""
    for path in named(".py", "app"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
                yield from (
                    (short(path), name.value)
                    for name in node.args
                    if isinstance(name, ast.Constant) and isinstance(name.value, str)
                )


def test_every_parameter_that_code_asks_for_exists() -> None:
    known = parameters()
    assert [(path, name) for path, name in asked_for() if name not in known] == []


def lacking(kb: KnowledgeBase) -> set[str]:
    """Return the parameters that code asks for and a version of the knowledge does not hold."""
    return {name for _, name in asked_for() if name not in kb.parameters}


def test_every_version_that_is_shipped_holds_each_parameter_that_code_asks_for() -> None:
    assert {kb.manifest.version: lacking(kb) for kb in load_versions().loaded if lacking(kb)} == {}


def test_a_version_that_lacks_a_parameter_is_noticed(kb: KnowledgeBase) -> None:
    rest = {name: row for name, row in kb.parameters.items() if name != "plan_validity_days"}
    assert lacking(replace(kb, parameters=rest)) == {"plan_validity_days"}


def test_every_parameter_is_used() -> None:
    used = set().union(*(strings(path) for path in named(".py", "app")))
    assert parameters() - used == set()


def figures(path: Path) -> Iterator[str]:
    """Yield every figure written in a file, numbers and decimals in quotes alike, that is more than arithmetic."""
    for node in ast.walk(tree(path)):
        match node:
            case ast.Constant(value=int() | float() as value) if value not in ARITHMETIC:
                yield f"line {node.lineno}: {value}"
            case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=str(text))]) if (
                float(text) not in ARITHMETIC
            ):
                yield f"line {node.lineno}: {text}"


@pytest.mark.parametrize("path", [path for room in DECIDING for path in named(".py", f"app/{room}")], ids=short)
def test_a_deciding_file_holds_no_figure_that_needs_a_source(path: Path) -> None:
    assert short(path) in EXCEPTIONS or list(figures(path)) == []


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_is_still_needed(name: str) -> None:
    assert list(figures(ROOT / name))
