"""Every refusal as `application/problem+json` (RFC 9457): one shape, stable codes, no patient data, no internals."""

from collections.abc import Mapping, Sequence

from fastapi.responses import Response
from pydantic import Field

from app import meters
from app.api.problem_kind import ProblemKind
from app.clinical.wire import Wire

MEDIA_TYPE = "application/problem+json"


class FieldError(Wire):
    """One value that is not accepted."""

    pointer: str = Field(
        description="JSON Pointer into the body (`/labs/0/unit`), or `/query/NAME` or `/header/NAME` for a parameter."
    )
    code: str = Field(description="Stable code of the fault.")
    message: str = Field(description="What is accepted: the values, units or limits. Never the value that was sent.")


class Problem(Wire):
    """Problem details after RFC 9457."""

    type: str = Field(description="Address of the explanation of this kind of problem, relative to the service.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="This occurrence, by its request id.")
    code: str = Field(description="Stable code; decide by this, not by the text.")
    request_id: str = Field(description="Also in `X-Request-Id`; quote it in reports.")
    errors: tuple[FieldError, ...] = Field(description="Empty unless single values are at fault.")


class Refusal(Exception):  # noqa: N818 - an answer, not a failure of the program
    """What a door itself refuses: the kind of problem, the values at fault, extra headers."""

    def __init__(
        self, kind: ProblemKind, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


def describe(kind: ProblemKind, request_id: str, field_errors: Sequence[FieldError] = ()) -> Problem:
    """Return the problem as it goes out."""
    return Problem(
        type=f"/problems/{kind.code}",
        title=kind.title,
        status=kind.status,
        detail=kind.detail,
        instance=f"urn:request:{request_id}",
        code=kind.code,
        request_id=request_id,
        errors=tuple(field_errors),
    )


def problem_response(
    kind: ProblemKind,
    request_id: str,
    field_errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer for a problem, counted by its code."""
    meters.problems.labels(kind.code).inc()
    body = describe(kind, request_id, field_errors).model_dump_json()
    return Response(body, kind.status, dict(headers or {}), MEDIA_TYPE)
