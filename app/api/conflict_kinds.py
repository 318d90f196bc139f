"""The kinds of problem that say: not in this state, not of this version, not twice."""

from app.api.problem_kind import ProblemKind

PLAN_SUPERSEDED = ProblemKind(
    "PLAN_SUPERSEDED",
    409,
    "Plan superseded",
    "A later revision has taken the place of this plan, so nothing is decided about it any more.",
    "Read the present plan (`superseded_by`, or the id in `errors`) and decide about that one.",
)
PLAN_WITHDRAWN = ProblemKind(
    "PLAN_WITHDRAWN",
    409,
    "Plan withdrawn",
    "The plan was declined as a whole.",
    "Send an assessment or changed facts: they make a new plan.",
)
PLAN_EXPIRED = ProblemKind(
    "PLAN_EXPIRED",
    409,
    "Plan expired",
    "The day of the decision is after the last day on which the plan is valid.",
    "Send an assessment or changed facts for a new plan and decide about that one.",
)
PLAN_ALREADY_ACCEPTED = ProblemKind(
    "PLAN_ALREADY_ACCEPTED",
    409,
    "Plan accepted already",
    "An option of this plan is accepted already; an episode has one accepted option at a time.",
    "Decline the accepted option first, with its `option_id`, then accept the other.",
)
OPTION_NOT_AVAILABLE = ProblemKind(
    "OPTION_NOT_AVAILABLE",
    409,
    "Option not available",
    "The plan does not offer this option: it is blocked, not indicated or not listed.",
    "Choose an option whose `standing` is `recommended`, `alternative` or `conditional`.",
)
HARD_GATE_OPEN = ProblemKind(
    "HARD_GATE_OPEN",
    409,
    "Hard gate open",
    "Something has to be done before this option is accepted; `errors` names each task.",
    "Do it and send the changed facts, or send `override` with a reason.",
)
STEP_NOT_OPEN = ProblemKind(
    "STEP_NOT_OPEN",
    409,
    "Step not open",
    "The next step cannot be taken on that day: a gate is closed that no reason opens, or no schedule is followed.",
    "Read the gates in `errors`; send an assessment with what they miss.",
)
IDEMPOTENCY_IN_FLIGHT = ProblemKind(
    "IDEMPOTENCY_IN_FLIGHT",
    409,
    "Still being answered",
    "A request with this `Idempotency-Key` is being answered at this moment.",
    "Send the same request again after the number of seconds in `Retry-After`; it gets the answer of the first.",
)
IDEMPOTENCY_MISMATCH = ProblemKind(
    "IDEMPOTENCY_MISMATCH",
    422,
    "Key of another request",
    "This `Idempotency-Key` was answered here for a body that differs from this one in at least one byte.",
    "Repeat a request with exactly the bytes that were sent first; give every new request a new key.",
)
PRECONDITION_FAILED = ProblemKind(
    "PRECONDITION_FAILED",
    412,
    "Precondition failed",
    "The resource has changed since it was read.",
    "Read the resource again, look at the change, and repeat with the new `ETag`.",
)
PRECONDITION_REQUIRED = ProblemKind(
    "PRECONDITION_REQUIRED",
    428,
    "Precondition required",
    "A change needs `If-Match`, so that it does not undo what somebody else has just changed.",
    "Read the resource and send its `ETag` as `If-Match`.",
)

CONFLICTS: tuple[ProblemKind, ...] = (
    PLAN_SUPERSEDED,
    PLAN_WITHDRAWN,
    PLAN_EXPIRED,
    PLAN_ALREADY_ACCEPTED,
    OPTION_NOT_AVAILABLE,
    HARD_GATE_OPEN,
    STEP_NOT_OPEN,
    IDEMPOTENCY_IN_FLIGHT,
    IDEMPOTENCY_MISMATCH,
    PRECONDITION_FAILED,
    PRECONDITION_REQUIRED,
)
