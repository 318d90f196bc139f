"""Answers under an `ETag`, which a caller may hold, revalidate, and name when it changes what it has read."""

from typing import Annotated

from fastapi import Header, Request
from fastapi.responses import Response

from app.api.contract import JSON

_VERSION = "`ETag` of the version that was read; another present version answers 412."
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=500, description=_VERSION)]

PATIENT_DATA = "no-store"
"""A cache on the way keeps nothing; the caller itself may still ask whether its copy is current."""

PUBLIC_KNOWLEDGE = "private, no-cache"


def tagged(request: Request, body: bytes, etag: str, cache: str = PATIENT_DATA) -> Response:
    """Answer `body` under its `ETag`, or 304 when the caller holds it already."""
    headers = {"ETag": etag, "Cache-Control": cache, "Vary": "Accept, Authorization"}
    if holds(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=JSON)


def holds(if_none_match: str, etag: str) -> bool:
    """Return whether the header names the tag; weak comparison, as RFC 9110 section 13.1.2 wants for reading."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag.removeprefix("W/") in tags or "*" in tags
