"""The names clients are written against never change: not an operation, not a property, not a word of a list."""

from functools import cache
from typing import Any, get_args

import pytest

from app.clinical import vocabulary
from tests.house.repository import ROOT, read_yaml

FROZEN: dict[str, dict[str, Any]] = read_yaml(ROOT / "tests/house/frozen_names.yaml")


@cache
def contract() -> dict[str, Any]:
    """Return the committed contract; that it is what the code answers is checked beside it."""
    document: dict[str, Any] = read_yaml(ROOT / "openapi/openapi.yaml")
    return document


@pytest.mark.parametrize("operation", FROZEN["operations"])
def test_an_operation_keeps_its_path_and_its_id(operation: str) -> None:
    method, path = operation.split()
    assert contract()["paths"][path][method.lower()]["operationId"] == FROZEN["operations"][operation]


@pytest.mark.parametrize("schema", FROZEN["properties"])
def test_a_schema_keeps_its_properties(schema: str) -> None:
    published = contract()["components"]["schemas"][schema]["properties"]
    assert set(FROZEN["properties"][schema]) - published.keys() == set()


@pytest.mark.parametrize("name", FROZEN["words"])
def test_a_list_keeps_its_words(name: str) -> None:
    assert set(FROZEN["words"][name]) - set(get_args(getattr(vocabulary, name))) == set()
