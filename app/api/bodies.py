"""How a request body becomes a contract model: declared as JSON, limited in size, strict, then validated.

The bytes go straight into pydantic, so that a number stays a number: the contract accepts exactly what it publishes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from app.api.body_faults import field_errors
from app.api.contract import JSON
from app.api.problem_kinds import BODY_TOO_LARGE, INVALID_BODY, MALFORMED_JSON, UNSUPPORTED_MEDIA_TYPE
from app.api.problems import FieldError, Refusal
from app.api.state import settings_of
from app.api.strict_json import check_json

Model = TypeVar("Model", bound=BaseModel)


async def read_body(request: Request, model: type[Model], media_type: str = JSON) -> Model:
    """Return the body as `model`; raise a Refusal that says where and why it is not accepted."""
    return understood(await read_bytes(request, media_type), model)


async def read_bytes(request: Request, media_type: str = JSON) -> bytes:
    """Return the body as it was sent; raise a Refusal unless it is declared as JSON and short enough."""
    _require_plain_json(request, media_type)
    return await _read_limited(request, settings_of(request).max_body_bytes)


def understood(raw: bytes, model: type[Model]) -> Model:
    """Return the bytes of a body as `model`; raise a Refusal that says where and why they are not accepted."""
    check_json(raw)
    with refusing_faults():
        return model.model_validate_json(raw)


@contextmanager
def refusing_faults() -> Iterator[None]:
    """Turn what a contract model finds wrong into the Refusal that says where and why."""
    try:
        yield
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Refusal:
    faults = error.errors(include_url=False, include_input=False)
    if faults[0]["type"] == "json_invalid":  # the validator's parser refuses lone surrogates, json.loads does not
        return Refusal(MALFORMED_JSON)
    return Refusal(INVALID_BODY, errors=field_errors(faults))


def _require_plain_json(request: Request, media_type: str) -> None:
    declared, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if declared.strip().lower() != media_type or charset not in {"", "utf-8"} or encoding != "identity":
        message = f"Send `{media_type}` in UTF-8, without a content encoding."
        fault = FieldError(pointer="/header/Content-Type", code="MEDIA_TYPE_NOT_ACCEPTED", message=message)
        accepted = {"Accept-Patch": media_type} if request.method == "PATCH" else {}
        raise Refusal(UNSUPPORTED_MEDIA_TYPE, errors=[fault], headers=accepted)


async def _read_limited(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        raise Refusal(BODY_TOO_LARGE)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Refusal(BODY_TOO_LARGE)
        chunks.append(chunk)
    return b"".join(chunks)
