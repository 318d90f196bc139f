"""Which answer each error gets. Whatever is raised behind a door leaves the service as a problem."""

from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app import errors
from app.api import conflict_kinds as conflicts
from app.api import problem_kinds as kinds
from app.api.body_faults import field_errors
from app.api.problem_kind import ProblemKind
from app.api.problems import FieldError, Refusal, problem_response

_KIND_OF_ERROR: dict[type[errors.RefusedError], ProblemKind] = {
    errors.NotFound: kinds.NOT_FOUND,
    errors.PlanSuperseded: conflicts.PLAN_SUPERSEDED,
    errors.PlanWithdrawn: conflicts.PLAN_WITHDRAWN,
    errors.PlanExpired: conflicts.PLAN_EXPIRED,
    errors.PlanAccepted: conflicts.PLAN_ALREADY_ACCEPTED,
    errors.OptionClosed: conflicts.OPTION_NOT_AVAILABLE,
    errors.HardGateOpen: conflicts.HARD_GATE_OPEN,
    errors.StepNotOpen: conflicts.STEP_NOT_OPEN,
    errors.InFlight: conflicts.IDEMPOTENCY_IN_FLIGHT,
    errors.KeyReused: conflicts.IDEMPOTENCY_MISMATCH,
    errors.PreconditionFailed: conflicts.PRECONDITION_FAILED,
    errors.PreconditionMissing: conflicts.PRECONDITION_REQUIRED,
    errors.InvalidCursor: kinds.INVALID_CURSOR,
    errors.InvalidEpisode: kinds.INVALID_EPISODE,
    errors.InvalidDecision: kinds.INVALID_DECISION,
    errors.TaperRefused: kinds.TAPER_REFUSED,
    errors.VersionNotLoaded: kinds.INVALID_PARAMETER,
    errors.ReplayRefused: kinds.REPLAY_REFUSED,
    errors.Unavailable: kinds.UNAVAILABLE,
    errors.Saturated: kinds.SATURATED,
}
"""The one table from what can go wrong in the service to what the caller is told."""

_KIND_OF_STATUS = {404: kinds.NOT_FOUND, 405: kinds.METHOD_NOT_ALLOWED}
"""Statuses that the framework raises itself while it looks for a route."""


def answer_errors(app: FastAPI, endpoints: Sequence[APIRoute]) -> None:
    """Make `app` answer every foreseen error as a problem; the envelope answers the unforeseen ones.

    `endpoints` are all routes: the router itself names only the first one's methods in `Allow`.
    """
    app.state.endpoints = endpoints
    app.exception_handler(Refusal)(_answer_refusal)
    app.exception_handler(errors.RefusedError)(_answer_service_error)
    app.exception_handler(RequestValidationError)(_answer_parameters)
    app.exception_handler(HTTPException)(_answer_framework)


async def _answer_refusal(request: Request, refusal: Refusal) -> Response:
    return problem_response(refusal.kind, request.state.request_id, refusal.errors, refusal.headers)


async def _answer_service_error(request: Request, error: errors.RefusedError) -> Response:
    headers = {"Retry-After": str(error.retry_after_seconds)} if isinstance(error, errors.TryLater) else {}
    return problem_response(_kind_of(error), request.state.request_id, _entries(error), headers)


def _kind_of(error: errors.RefusedError) -> ProblemKind:
    """Return the kind of an error; a refused schedule takes that of its first problem which has one of its own."""
    kind = _KIND_OF_ERROR[type(error)]
    if not isinstance(error, errors.TaperRefused):
        return kind
    own = (kinds.TAPER_PROBLEMS[one.code] for one in error.problems if one.code in kinds.TAPER_PROBLEMS)
    return next(own, kind)


def _entries(error: errors.RefusedError) -> tuple[FieldError, ...]:
    if not isinstance(error, errors.ProblemsError):
        return ()
    return tuple(FieldError(pointer=one.pointer, code=one.code, message=one.message) for one in error.problems)


async def _answer_parameters(request: Request, error: RequestValidationError) -> Response:
    if any(fault["loc"][0] == "path" for fault in error.errors()):  # what is no id names nothing
        return problem_response(kinds.NOT_FOUND, request.state.request_id)
    return problem_response(kinds.INVALID_PARAMETER, request.state.request_id, field_errors(error.errors()))


async def _answer_framework(request: Request, error: HTTPException) -> Response:
    kind = _KIND_OF_STATUS.get(error.status_code, kinds.BAD_REQUEST)
    headers = {"Allow": _allowed(request)} if kind is kinds.METHOD_NOT_ALLOWED else {}
    return problem_response(kind, request.state.request_id, headers=headers)


def _allowed(request: Request) -> str:
    endpoints: Sequence[APIRoute] = request.app.state.endpoints
    here = (route for route in endpoints if route.path_regex.match(request.url.path))
    methods = {method for route in here for method in route.methods or ()}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
