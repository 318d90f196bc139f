"""Answers that a caller may hold and revalidate by `ETag`."""

from fastapi import Request
from fastapi.responses import Response

from app.api.contract import JSON

_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}


def tagged(request: Request, body: bytes, etag: str, media_type: str = JSON) -> Response:
    """Answer `body` under its `ETag`, or 304 when the caller holds it already."""
    headers = {"ETag": etag, **_HEADERS}
    if holds(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def holds(if_none_match: str, etag: str) -> bool:
    """Return whether the header names the tag; weak comparison, as RFC 9110 section 13.1.2 wants for reading."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag.removeprefix("W/") in tags or "*" in tags
