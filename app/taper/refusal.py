"""Why a schedule is not written: a refusal is an answer, not an exception."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a request: a stable code, where it stands (JSON Pointer), what to send, and why."""

    code: str
    pointer: str
    message: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaperRefusal:
    """A request that gets no schedule, with every problem found."""

    problems: tuple[Problem, ...]


def pointer(*parts: str) -> str:
    """Return the JSON Pointer of a place in the body."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
