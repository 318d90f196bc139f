"""The digest of a seal: over the seal before it, what the seal says of itself, and every event it covers."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.store.audit_rows import EventRecord, Seal

BEGINNING = ""
"""What the first seal of a chain has in the place of a seal before it."""


def seal_digest(tenant: str, before: str, seal: Seal, events: Iterable[EventRecord]) -> str:
    """Return the digest that belongs to a seal; what `seal` has as its digest plays no part.

    Each row is one line of JSON: no two different rows give the same line.
    """
    head = (tenant, before, seal.number, seal.after_number, seal.until_number, seal.count, seal.sealed_at)
    digest = hashlib.sha256(_line(head))
    for event in events:
        digest.update(_line(tuple(getattr(event, name) for name in EventRecord.__slots__)))
    return f"sha256:{digest.hexdigest()}"


def _line(values: tuple[Any, ...]) -> bytes:
    return json.dumps([_plain(value) for value in values], ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    return [str(one) for one in value] if isinstance(value, list | tuple) else value
