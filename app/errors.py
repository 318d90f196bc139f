# ruff: noqa: N818 - the names are the words of the service: what happened, not that it is an error
"""What can go wrong, in the words of the service. The doors hold the one table that turns these into answers.

RefusedError
 ├─ NotFound             nothing of that id belongs to this tenant
 ├─ Conflict             the present state does not allow it
 ├─ PreconditionFailed   the caller saw another version
 ├─ InvalidCursor        a page mark that this service did not write
 ├─ InvalidEpisode       facts that contradict each other or the knowledge base
 ├─ TaperRefused         a schedule that would not be safe
 └─ Unavailable          the database does not answer; trying again may help
StartError               the service cannot start as it is configured

Messages name ids and rules, never a value that was sent.
"""

from collections.abc import Iterable
from typing import Protocol


class Problem(Protocol):
    """One thing wrong with a body: where (a JSON Pointer), a stable code, and a sentence that says what to send."""

    @property
    def pointer(self) -> str:
        """Where in the body, as a JSON Pointer."""

    @property
    def code(self) -> str:
        """What is wrong, as a stable word."""

    @property
    def message(self) -> str:
        """What to send instead."""


class RefusedError(Exception):
    """A request that cannot be answered as asked; `code` is stable and part of the contract."""

    code = "REFUSED"


class NotFound(RefusedError):
    """Nothing of that id belongs to this tenant; another tenant's id looks exactly the same."""

    code = "NOT_FOUND"


class Conflict(RefusedError):
    """The present state of the record does not allow the change."""

    code = "CONFLICT"


class PreconditionFailed(RefusedError):
    """The caller holds another version of the record than the one stored."""

    code = "PRECONDITION_FAILED"


class InvalidCursor(RefusedError):
    """The page mark was not written by this service, or was cut on the way."""

    code = "INVALID_CURSOR"

    def __init__(self) -> None:
        super().__init__("Send the cursor exactly as the previous page's `next` gave it, or leave it out.")


class _ProblemsError(RefusedError):
    """A body with problems, all of them named at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(sorted({problem.code for problem in self.problems})))


class InvalidEpisode(_ProblemsError):
    """The episode is well formed, but its facts contradict each other or the knowledge base."""

    code = "INVALID_EPISODE"


class TaperRefused(_ProblemsError):
    """The schedule asked for would not be safe without a reason, or lacks what it needs."""

    code = "TAPER_REFUSED"


class Unavailable(RefusedError):
    """The database does not answer now; nothing was stored by this request unless a later read shows it."""

    code = "UNAVAILABLE"
    retry_after_seconds = 5


class StartError(Exception):
    """The service cannot start as it is configured; the message says what to set."""
