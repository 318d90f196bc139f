"""Every kind of problem the service answers with: one row per stable code.

`GET /problems/{code}` serves these rows, so that the `type` of a problem leads to an explanation.
"""

from app.api.conflict_kinds import CONFLICTS
from app.api.problem_kind import ProblemKind

MALFORMED_JSON = ProblemKind(
    "MALFORMED_JSON",
    400,
    "Malformed JSON",
    "The body is not one complete JSON document in UTF-8.",
    "Send one JSON object encoded in UTF-8. NaN, Infinity, comments and trailing commas are not JSON.",
)
DUPLICATE_PROPERTY = ProblemKind(
    "DUPLICATE_PROPERTY",
    400,
    "Duplicate property",
    "An object in the body names the same property twice, so it is not clear which value is meant.",
    "Send every property once.",
)
NESTED_TOO_DEEPLY = ProblemKind(
    "NESTED_TOO_DEEPLY",
    400,
    "Nested too deeply",
    "The body nests objects or lists deeper than any document of the contract.",
    "Follow the published schema; it needs far fewer levels.",
)
INVALID_CURSOR = ProblemKind(
    "INVALID_CURSOR",
    400,
    "Invalid cursor",
    "The cursor was not issued by this service or has been changed.",
    "Use `next` of the previous page unchanged, or start again without a cursor.",
)
BAD_REQUEST = ProblemKind(
    "BAD_REQUEST", 400, "Bad request", "The request cannot be read.", "Check the request against the contract."
)
UNAUTHENTICATED = ProblemKind(
    "UNAUTHENTICATED",
    401,
    "Authentication needed",
    "A valid bearer token is needed.",
    "Send `Authorization: Bearer <token>` with an unexpired token of the configured issuer and audience.",
)
MISSING_SCOPE = ProblemKind(
    "MISSING_SCOPE",
    403,
    "Scope missing",
    "The token is valid but does not hold the scope this operation needs.",
    "Ask the token issuer for the scope named in `WWW-Authenticate`.",
)
NOT_FOUND = ProblemKind(
    "NOT_FOUND",
    404,
    "Not found",
    "There is nothing here that this caller may see.",
    "Check the address and the tenant of the token; ids of other tenants answer the same way.",
)
METHOD_NOT_ALLOWED = ProblemKind(
    "METHOD_NOT_ALLOWED",
    405,
    "Method not allowed",
    "This address does not support the method.",
    "Use one of the methods in the `Allow` header.",
)
NOT_ACCEPTABLE = ProblemKind(
    "NOT_ACCEPTABLE",
    406,
    "Not acceptable",
    "None of the media types in `Accept` is available here.",
    "Accept one of the media types the contract lists for this operation.",
)
BODY_TOO_SLOW = ProblemKind(
    "BODY_TOO_SLOW",
    408,
    "Body too slow",
    "The body had not arrived completely when the time for the request was over. Nothing was evaluated or stored.",
    "Send the request again, the body in one go.",
)
BODY_TOO_LARGE = ProblemKind(
    "BODY_TOO_LARGE",
    413,
    "Body too large",
    "The body is larger than this service accepts.",
    "Send only the facts of one episode; the limit is stated in the contract's introduction.",
)
UNSUPPORTED_MEDIA_TYPE = ProblemKind(
    "UNSUPPORTED_MEDIA_TYPE",
    415,
    "Unsupported media type",
    "The body is not declared as the JSON that this operation reads.",
    "Send the `Content-Type` that `errors` names (for a PATCH `application/merge-patch+json`, otherwise "
    "`application/json`) without a content encoding.",
)
INVALID_BODY = ProblemKind(
    "INVALID_BODY",
    422,
    "Invalid body",
    "Some values are not accepted. Nothing was evaluated and nothing was stored.",
    "Correct each entry of `errors`; its `pointer` leads to the value, its `message` names what is accepted.",
)
INVALID_PARAMETER = ProblemKind(
    "INVALID_PARAMETER",
    422,
    "Invalid parameter",
    "Some parameters, of the query or in a header, are not accepted.",
    "Correct each entry of `errors`; its `pointer` names the parameter.",
)
INVALID_EPISODE = ProblemKind(
    "INVALID_EPISODE",
    422,
    "Invalid episode",
    "The body is well formed, but facts in it contradict each other or what the service knows, so nothing was stored.",
    "Correct each entry of `errors`; its `message` names the accepted units, ranges or dates.",
)
INVALID_DECISION = ProblemKind(
    "INVALID_DECISION",
    422,
    "Invalid decision",
    "The decision lacks something or lies before its plan, so nothing was kept.",
    "Correct each entry of `errors`; its `message` says what is needed.",
)
TAPER_REFUSED = ProblemKind(
    "TAPER_REFUSED",
    422,
    "Taper refused",
    "The schedule asked for is not safe as it stands, so none was computed.",
    "Read the codes in `errors`; some of them can be overridden with a reason.",
)
TAPER_TOO_FAST = ProblemKind(
    "TAPER_TOO_FAST",
    422,
    "Taper too fast",
    "A step is larger than the limit for one month, so no schedule was computed.",
    "Send a smaller step, or an `override_reason`; `errors` names every fault of the request.",
)
TACROLIMUS_TAPER_TOO_SHORT = ProblemKind(
    "TACROLIMUS_TAPER_TOO_SHORT",
    422,
    "Tacrolimus withdrawn too quickly",
    "Tacrolimus would be stopped abruptly or within less than one month, so no schedule was computed.",
    "Send an `end_on` at least one month after `start_on`; no reason overrides this.",
)
STEP_AND_FLOOR_REQUIRED = ProblemKind(
    "STEP_AND_FLOOR_REQUIRED",
    422,
    "Step and floor required",
    "The source gives no schedule for this condition or these drugs, so none was computed.",
    "State the step and the floor of each drug in `step_mg` and `floor_mg`.",
)
REPLAY_REFUSED = ProblemKind(
    "REPLAY_REFUSED",
    422,
    "Replay refused",
    "What the plan was decided on is not accepted by the version of engine or knowledge it is replayed with.",
    "Read `errors`: each `pointer` leads into the facts that were kept. Replay with the plan's own version.",
)
RATE_LIMITED = ProblemKind(
    "RATE_LIMITED",
    429,
    "Too many requests",
    "This caller sends more requests than the service answers for one caller. This one was not looked at.",
    "Try again after the number of seconds in `Retry-After`, and send fewer requests at a time.",
)
HEAD_TOO_LARGE = ProblemKind(
    "HEAD_TOO_LARGE",
    431,
    "Address and headers too large",
    "Address and headers together are longer than this service reads.",
    "Send shorter headers; an access token with fewer claims is often enough.",
)
INTERNAL_ERROR = ProblemKind(
    "INTERNAL_ERROR",
    500,
    "Internal error",
    "The service failed. The cause is in its log under the request id.",
    "Try again later; report the request id if it persists.",
)
UNAVAILABLE = ProblemKind(
    "UNAVAILABLE",
    503,
    "Temporarily unavailable",
    "The service cannot reach something it needs.",
    "Try again after the number of seconds in `Retry-After`.",
)
SATURATED = ProblemKind(
    "SATURATED",
    503,
    "Too busy",
    "More requests wait for the database than can be served soon. This one was not begun; nothing was stored.",
    "Try again after the number of seconds in `Retry-After`.",
)
DEADLINE_EXCEEDED = ProblemKind(
    "DEADLINE_EXCEEDED",
    503,
    "Took too long",
    "The request took longer than this service allows and was given up. Nothing was stored.",
    "Try again after the number of seconds in `Retry-After`.",
)
NOT_READY = ProblemKind(
    "NOT_READY",
    503,
    "Not ready",
    "The service is running but cannot work yet; `errors` names the part that fails.",
    "Send no requests until this address answers 200.",
)

TAPER_PROBLEMS: dict[str, ProblemKind] = {
    kind.code: kind for kind in (TAPER_TOO_FAST, TACROLIMUS_TAPER_TOO_SHORT, STEP_AND_FLOOR_REQUIRED)
}
"""The refusals of a schedule that have a kind of their own; any other is `TAPER_REFUSED`."""

KINDS: dict[str, ProblemKind] = {
    kind.code: kind
    for kind in (
        MALFORMED_JSON,
        DUPLICATE_PROPERTY,
        NESTED_TOO_DEEPLY,
        INVALID_CURSOR,
        BAD_REQUEST,
        UNAUTHENTICATED,
        MISSING_SCOPE,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        BODY_TOO_SLOW,
        *CONFLICTS,
        BODY_TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        INVALID_BODY,
        INVALID_PARAMETER,
        INVALID_EPISODE,
        INVALID_DECISION,
        TAPER_REFUSED,
        *TAPER_PROBLEMS.values(),
        REPLAY_REFUSED,
        RATE_LIMITED,
        HEAD_TOO_LARGE,
        INTERNAL_ERROR,
        UNAVAILABLE,
        SATURATED,
        DEADLINE_EXCEEDED,
        NOT_READY,
    )
}
