# ruff: noqa: N818 - the names are the words of the service: what happened, not that it is an error
"""What can go wrong, in the words of the service. The doors hold the one table that turns these into answers.

RefusedError
 ├─ NotFound             nothing of that id belongs to this tenant
 ├─ Conflict             the present state does not allow it
 │   ├─ PlanSuperseded   a later revision has taken the plan's place
 │   ├─ PlanWithdrawn    the plan was declined as a whole
 │   ├─ PlanExpired      the day of the decision is after the last day of the plan
 │   ├─ PlanAccepted     an option of this revision is accepted already
 │   ├─ OptionClosed     the option is blocked, not indicated or not there
 │   ├─ HardGateOpen     something has to be done first, or overridden with a reason
 │   └─ StepNotOpen      no reason opens the next step today
 ├─ KeyReused            the key belongs to another request
 ├─ PreconditionFailed   the caller saw another version
 ├─ PreconditionMissing  the caller did not say which version it saw
 ├─ InvalidCursor        a page mark that this service did not write
 ├─ InvalidEpisode       facts that contradict each other or the knowledge base
 ├─ InvalidDecision      a decision that names no option, no reason or another day than the plan's
 ├─ TaperRefused         a schedule that would not be safe
 ├─ VersionNotLoaded     a version of the knowledge that is not here
 ├─ ReplayRefused        what a plan was decided on is not accepted by what it is replayed with
 └─ TryLater             not now; the same request may be answered in a few seconds
     ├─ Unavailable      something the service needs does not answer
     ├─ Saturated        it answers, but too many wait for it already
     └─ InFlight         the same request is being answered at this moment
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


class ProblemsError(RefusedError):
    """A request with problems, all of them named at once."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(sorted({problem.code for problem in self.problems})) or self.code)


class Conflict(ProblemsError):
    """The present state of the record does not allow the change."""

    code = "CONFLICT"


class PlanSuperseded(Conflict):
    """A later revision has taken the plan's place; decide about that one."""

    code = "PLAN_SUPERSEDED"


class PlanWithdrawn(Conflict):
    """The plan was declined as a whole; new facts or results make a new one."""

    code = "PLAN_WITHDRAWN"


class PlanExpired(Conflict):
    """The day of the decision is after `valid_until` of the plan."""

    code = "PLAN_EXPIRED"


class PlanAccepted(Conflict):
    """An option of this revision is accepted already; decline it before another is accepted."""

    code = "PLAN_ALREADY_ACCEPTED"


class OptionClosed(Conflict):
    """The plan does not offer the option: it is blocked, not indicated or not there."""

    code = "OPTION_NOT_AVAILABLE"


class HardGateOpen(Conflict):
    """Something has to be done before the option is accepted, unless a clinician overrides it with a reason."""

    code = "HARD_GATE_OPEN"


class StepNotOpen(Conflict):
    """The next step cannot be taken on that day, whatever the reason: another gate than remission is closed."""

    code = "STEP_NOT_OPEN"


class KeyReused(RefusedError):
    """The key was sent with another body, and that request has been answered."""

    code = "IDEMPOTENCY_MISMATCH"


class PreconditionFailed(RefusedError):
    """The caller holds another version of the record than the one stored."""

    code = "PRECONDITION_FAILED"


class PreconditionMissing(RefusedError):
    """The change needs `If-Match`, so that nobody overwrites what another has just changed."""

    code = "PRECONDITION_REQUIRED"


class InvalidCursor(RefusedError):
    """The page mark was not written by this service, or was cut on the way."""

    code = "INVALID_CURSOR"

    def __init__(self) -> None:
        super().__init__("Send the cursor exactly as the previous page's `next` gave it, or leave it out.")


class InvalidEpisode(ProblemsError):
    """The episode is well formed, but its facts contradict each other or the knowledge base."""

    code = "INVALID_EPISODE"


class InvalidDecision(ProblemsError):
    """The decision names no option, no reason, or a day before the plan's own."""

    code = "INVALID_DECISION"


class TaperRefused(ProblemsError):
    """The schedule asked for would not be safe without a reason, or lacks what it needs."""

    code = "TAPER_REFUSED"


class VersionNotLoaded(ProblemsError):
    """No knowledge of the version asked for is loaded."""

    code = "INVALID_PARAMETER"


class ReplayRefused(ProblemsError):
    """The engine or the knowledge that a plan is replayed with does not accept what the plan was decided on."""

    code = "REPLAY_REFUSED"


class TryLater(RefusedError):
    """Not now; the same request may be answered after `retry_after_seconds`."""

    retry_after_seconds = 5


class Unavailable(TryLater):
    """Database or token issuer do not answer now; nothing was stored by this request unless a later read shows it."""

    code = "UNAVAILABLE"

    def __init__(self, message: str = "", retry_after_seconds: int = TryLater.retry_after_seconds) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Saturated(TryLater):
    """Every connection is taken and the line before them is full, or moves too slowly; nothing was begun."""

    code = "SATURATED"
    retry_after_seconds = 1


class InFlight(TryLater):
    """Another sending of this request, under the same key, is not finished yet."""

    code = "IDEMPOTENCY_IN_FLIGHT"
    retry_after_seconds = 1


class StartError(Exception):
    """The service cannot start as it is configured; the message says what to set."""
