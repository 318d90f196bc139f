"""What a kind of problem is: a row of the tables of `problem_kinds` and `conflict_kinds`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A row of the table: `detail` says what happened, `remedy` what the caller can do about it."""

    code: str
    status: int
    title: str
    detail: str
    remedy: str
