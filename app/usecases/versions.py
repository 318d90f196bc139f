"""Which version of a record a caller has seen: a change of another version is refused."""

from app.errors import PreconditionFailed, PreconditionMissing


def require_version(if_match: str | None, etag: str) -> None:
    """Raise PreconditionMissing without a version, PreconditionFailed for another one than the present."""
    if if_match is None:
        raise PreconditionMissing
    check_version(if_match, etag)


def check_version(if_match: str | None, etag: str) -> None:
    """Raise PreconditionFailed when a version is named and is not the present one; a weak mark never is."""
    named = [] if if_match is None else [tag.strip() for tag in if_match.split(",")]
    if named and etag not in named and named != ["*"]:
        raise PreconditionFailed
