"""Content negotiation after RFC 9110 section 12.5.1, as far as one answer per address needs it."""

from fastapi import Request

from app.api.problem_kinds import NOT_ACCEPTABLE
from app.api.problems import Refusal


def require_acceptable(request: Request, media_type: str) -> None:
    """Refuse with 406 when `Accept` excludes `media_type`."""
    if not accepts(request.headers.get("accept", "*/*"), media_type):
        raise Refusal(NOT_ACCEPTABLE)


def accepts(header: str, media_type: str) -> bool:
    """Return whether an `Accept` header admits a media type; the most specific range decides."""
    ranges = dict(_weighted(part) for part in header.split(",") if part.strip())
    main = media_type.partition("/")[0]
    weights = (ranges[name] for name in (media_type, f"{main}/*", "*/*") if name in ranges)
    return next(weights, 0.0) > 0 or not ranges


def _weighted(part: str) -> tuple[str, float]:
    """Return a media range and its weight; an unreadable weight counts as full."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    return name, float(weight) if weight.replace(".", "", 1).isdecimal() else 1.0
