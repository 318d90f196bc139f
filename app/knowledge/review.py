"""Stamps of the reviewed wording: when a statement's text changes, the rules that rest on it must be read again."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from app.knowledge.entries import Statement


def stamp(statement: Statement) -> str:
    """Return the SHA-256 of a statement's text."""
    return sha256(statement.text.encode()).hexdigest()


def write_stamps(statements: Iterable[Statement]) -> str:
    """Return the content of `reviewed.lock`: one line of id and stamp for each statement."""
    return "".join(f"{row.id} {stamp(row)}\n" for row in statements)


def read_stamps(text: str) -> dict[str, str]:
    """Return the stamp by statement id of a `reviewed.lock`."""
    return {key: value for key, _, value in (line.partition(" ") for line in text.splitlines())}


def changed_since_review(statements: Iterable[Statement], reviewed: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids of statements whose text is not the one that was reviewed; a new statement counts as changed."""
    return tuple(row.id for row in statements if reviewed.get(row.id) != stamp(row))
