"""Requests that are safe to send again: the key a caller gives them, and how what they wrote is answered.

A key counts for one tenant, one method and one path. What it stands for is the body, byte for byte.
"""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Header, Request
from fastapi.responses import Response

from app.api import conflict_kinds as conflicts
from app.api import problem_kinds as kinds
from app.api.contract import JSON
from app.api.problems import FieldError, Refusal
from app.store.rows import Attempt, Written

_NAME = "Idempotency-Key"
_MEANING = (
    "Makes the request safe to send again: the same key with the same body is done once and gets the first answer. "
    "Up to 255 visible ASCII characters, new for every new request; a random UUID does well."
)
IdempotencyKey = Annotated[
    str | None, Header(alias=_NAME, min_length=1, max_length=255, pattern="^[!-~]+$", description=_MEANING)
]

REPLAYED = {"Idempotency-Replayed": "`true` on an answer that was given before; absent on the first."}
RETRY_PROBLEMS = (conflicts.IDEMPOTENCY_IN_FLIGHT, conflicts.IDEMPOTENCY_MISMATCH, kinds.INVALID_PARAMETER)
"""What a route says in the contract when it takes a key."""


def attempt_of(request: Request, key: str | None, body: bytes, **ids: UUID) -> Attempt | None:
    """Return the attempt that a request is, None without a key; `ids` are the parameters of its path."""
    if key is None:
        return None
    if len(request.headers.getlist(_NAME)) > 1:
        raise Refusal(kinds.INVALID_PARAMETER, errors=[_TWO_KEYS])
    template: str = request.scope["route"].path
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    digest = sha256(media_type.encode() + b"\n" + body).hexdigest()
    return Attempt(f"{request.method} {template.format(**ids)}", key, f"sha256:{digest}")


_TWO_KEYS = FieldError(pointer=f"/header/{_NAME}", code="SENT_TWICE", message="Send the header once.")


def created(written: Written, headers: dict[str, str] | None = None) -> Response:
    """Answer what was written, the first time or again."""
    marks = {"ETag": written.etag} | ({"Idempotency-Replayed": "true"} if written.replayed else {})
    return Response(written.body, 201, (headers or {}) | marks, JSON)
