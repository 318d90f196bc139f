"""How a route says in the contract what it takes and what it answers, without FastAPI reading the body itself."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from pydantic import BaseModel

from app.api import conflict_kinds as conflicts
from app.api import problem_kinds as kinds
from app.api.problem_kind import ProblemKind
from app.api.problems import MEDIA_TYPE, FieldError, describe

Responses = dict[int | str, dict[str, Any]]

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
EXAMPLES = files("app.api").joinpath("examples")
EXAMPLE_REFERENCE = "#/components/examples/"
_EXAMPLE_REQUEST_ID = "0b7e6a0e-3f0f-4f0e-9c55-2f8f4c1d7a10"

_EVERY_OPERATION = (
    kinds.UNAUTHENTICATED,
    kinds.MISSING_SCOPE,
    kinds.RATE_LIMITED,
    kinds.INTERNAL_ERROR,
    kinds.UNAVAILABLE,
    kinds.SATURATED,
    kinds.DEADLINE_EXCEEDED,
)
_EVERY_BODY = (
    kinds.MALFORMED_JSON,
    kinds.DUPLICATE_PROPERTY,
    kinds.NESTED_TOO_DEEPLY,
    kinds.BODY_TOO_SLOW,
    kinds.BODY_TOO_LARGE,
    kinds.UNSUPPORTED_MEDIA_TYPE,
    kinds.INVALID_BODY,
)
_LATER = {kind for kind in kinds.KINDS.values() if kind.status in {429, 503}} | {conflicts.IDEMPOTENCY_IN_FLIGHT}
_RETRY_AFTER = {"description": "Seconds to wait before another try.", "schema": {"type": "integer", "minimum": 1}}
_FAULT = FieldError(pointer="/patient/weight_kg", code="OUT_OF_RANGE", message="Must be at least 25 kg.")
_EXAMPLE_ERRORS = {
    kinds.INVALID_BODY: (_FAULT,),
    kinds.INVALID_EPISODE: (
        FieldError(
            pointer="/labs/0/unit",
            code="UNIT_NOT_ACCEPTED",
            message="Alanine aminotransferase is accepted in: U/L, ukat/L",
        ),
    ),
    kinds.NOT_READY: (
        FieldError(
            pointer="/database",
            code="DATABASE_UNREACHABLE",
            message="The database must answer.",
        ),
    ),
    kinds.TAPER_REFUSED: (
        FieldError(pointer="/drug_doses", code="STEROID_TWICE", message="Send prednisone or prednisolone, not both."),
    ),
    kinds.TAPER_TOO_FAST: (
        FieldError(pointer="/step_mg/prednisone", code="TAPER_TOO_FAST", message="Too fast without a reason."),
    ),
    kinds.TACROLIMUS_TAPER_TOO_SHORT: (
        FieldError(pointer="/end_on", code="TACROLIMUS_TAPER_TOO_SHORT", message="Send a later end date."),
    ),
    kinds.STEP_AND_FLOOR_REQUIRED: (
        FieldError(pointer="/step_mg", code="STEP_AND_FLOOR_REQUIRED", message="State the step of each drug."),
        FieldError(pointer="/floor_mg", code="STEP_AND_FLOOR_REQUIRED", message="State the floor of each drug."),
    ),
    conflicts.HARD_GATE_OPEN: (
        FieldError(
            pointer="/override",
            code="hbv_antiviral",
            message="Start antiviral prophylaxis: do it, or override with a reason",
        ),
    ),
    conflicts.STEP_NOT_OPEN: (
        FieldError(pointer="/override", code="labs_current", message="The latest results are 21 days old."),
    ),
    kinds.REPLAY_REFUSED: (
        FieldError(pointer="/labs/0/unit", code="UNIT_NOT_ACCEPTED", message="Albumin is accepted in: g/dL"),
    ),
    kinds.INVALID_DECISION: (
        FieldError(pointer="/option_id", code="OPTION_MISSING", message="Name the option that is accepted"),
    ),
    kinds.INVALID_PARAMETER: (FieldError(pointer="/query/limit", code="OUT_OF_RANGE", message="Must be at most 100."),),
}


def example(name: str) -> Any:
    """Return a shipped body (`typical`), a shipped answer (`answer_plan`) or the problem of a code."""
    if name in kinds.KINDS:
        return _problem_example(kinds.KINDS[name])
    return json.loads(EXAMPLES.joinpath(f"{name}.json").read_text(encoding="utf-8"))


def json_body(model: type[BaseModel], examples: Mapping[str, str], media_type: str = JSON) -> dict[str, Any]:
    """Describe a request body of `model`; `examples` maps the name of a shipped example to its summary."""
    content = {
        "schema": _reference(model),
        "examples": {name: {"summary": summary, "value": example(name)} for name, summary in examples.items()},
    }
    return {"requestBody": {"required": True, "content": {media_type: content}}}


def answer(
    status: int, model: type[BaseModel], description: str, shown: str, headers: Mapping[str, str] | None = None
) -> Responses:
    """Describe an answer of `model` with the shipped example `shown`; `headers` maps names to meanings."""
    described = {
        "description": description,
        "headers": {
            name: {"description": text, "schema": {"type": "string"}} for name, text in (headers or {}).items()
        },
        "content": {JSON: {"schema": _reference(model), "examples": {"typical": {"$ref": EXAMPLE_REFERENCE + shown}}}},
    }
    return {status: described}


def unchanged() -> Responses:
    """Describe the answer to a caller who holds the present version already."""
    return {304: {"description": "`If-None-Match` names the present version; there is no body."}}


def refusals(*special: ProblemKind, body: bool = False) -> Responses:
    """Describe the problems of an operation that needs a token, `special` ones beside those of every operation."""
    return describe_problems(*_EVERY_OPERATION, *(_EVERY_BODY if body else ()), *special)


def describe_problems(*problems: ProblemKind) -> Responses:
    """Describe problems by status, each kind with an example under its code."""
    by_status: dict[int | str, list[ProblemKind]] = {}
    for kind in problems:
        by_status.setdefault(kind.status, []).append(kind)
    return {status: _problem_answer(same) for status, same in sorted(by_status.items(), key=str)}


def _problem_answer(same: list[ProblemKind]) -> dict[str, Any]:
    return {
        "description": " ".join(kind.detail for kind in same),
        **({"headers": {"Retry-After": _RETRY_AFTER}} if _LATER.intersection(same) else {}),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind.code: {"$ref": EXAMPLE_REFERENCE + kind.code} for kind in same},
            }
        },
    }


def _problem_example(kind: ProblemKind) -> Any:
    return describe(kind, _EXAMPLE_REQUEST_ID, _EXAMPLE_ERRORS.get(kind, ())).model_dump(mode="json")


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
