"""Who did what, as it was recorded; looking it up is recorded too."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from app.clinical.audit import AuditEvent
from app.errors import InvalidCursor
from app.store.audit import read_events
from app.store.audit_rows import EventFilter, EventRecord
from app.store.rows import Requester
from app.usecases.access import access
from app.usecases.answers import page_body
from app.usecases.service import Service

_PADDING = "=="
_LAST_NUMBER = 2**63 - 1


async def list_audit_events(
    service: Service, who: Requester, wanted: EventFilter, cursor: str | None = None, limit: int = 50
) -> bytes:
    """Return a page of the tenant's events, newest first, with the cursor of the next one."""
    async with access(service, who, "search", "audit_event", wanted.resource_id) as entry:
        older_than = None if cursor is None else _read_cursor(cursor)
        async with entry.reading() as connection:
            found = await read_events(connection, who.tenant, wanted, older_than, limit + 1)
    return page_body([_item(record) for record in found[:limit]], _next_cursor(found, limit))


def _item(record: EventRecord) -> bytes:
    event = AuditEvent.model_construct(
        id=str(record.number),
        at=record.at,
        subject=record.subject,
        client=record.client,
        action=record.action,
        resource_type=record.resource_type,
        resource_id=None if record.resource_id is None else str(record.resource_id),
        episode_id=None if record.episode_id is None else str(record.episode_id),
        related_ids=tuple(str(one) for one in record.related_ids),
        outcome=record.outcome,
        request_id=record.request_id,
    )
    return event.model_dump_json().encode()


def _next_cursor(found: list[EventRecord], limit: int) -> str | None:
    """One row more than asked for was read, to know whether another page follows."""
    if len(found) <= limit:
        return None
    return urlsafe_b64encode(str(found[limit - 1].number).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int:
    try:
        number = int(urlsafe_b64decode(cursor + _PADDING))
    except ValueError:
        raise InvalidCursor from None
    if not 0 < number <= _LAST_NUMBER:
        raise InvalidCursor
    return number
