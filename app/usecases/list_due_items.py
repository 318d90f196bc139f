"""What is due across the tenant's episodes."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from uuid import UUID

from app.clinical.vocabulary import DueUrgency
from app.clinical.worklist import DueHeader
from app.errors import InvalidCursor
from app.planning.document import join_header
from app.store.rows import DueFilter, DuePlace, DueRecord, Requester
from app.store.worklist import read_due
from app.usecases.access import access
from app.usecases.answers import page_body
from app.usecases.service import Service

_PADDING = "=="
_LAST_PLACE = 2**31 - 1


async def list_due_items(
    service: Service, who: Requester, wanted: DueFilter, cursor: str | None = None, limit: int = 50
) -> bytes:
    """Return a page of open items, the longest overdue first, with the cursor of the next one."""
    today = service.clock().date()
    async with access(service, who, "search", "due_item") as entry, entry.reading() as connection:
        after = None if cursor is None else _read_cursor(cursor)
        found = await read_due(connection, who.tenant, wanted, after, limit + 1)
        entry.concerns(related=sorted({item.episode_id for item in found[:limit]}))
    return page_body([_item(record, today) for record in found[:limit]], _next_cursor(found, limit))


def due_filter(until: date, code: str | None, urgency: DueUrgency | None, today: date) -> DueFilter:
    """Return the filter for items of one urgency, as seen on a day, among those due up to another."""
    following = date.fromordinal(today.toordinal() + 1)
    since, before = {
        None: (None, None),
        "overdue": (None, today),
        "due_today": (today, following),
        "upcoming": (following, None),
    }[urgency]
    return DueFilter(until=until, since=since, before=before, code=code)


def _item(record: DueRecord, today: date) -> bytes:
    header = DueHeader.model_construct(
        plan_id=str(record.plan_id),
        episode_id=str(record.episode_id),
        patient_reference=record.patient_reference,
        condition=record.condition,
        urgency=_urgency(record.due_on, today),
    )
    return join_header(header, record.document.encode())


def _urgency(due_on: date, today: date) -> DueUrgency:
    if due_on == today:
        return "due_today"
    return "overdue" if due_on < today else "upcoming"


def _next_cursor(found: list[DueRecord], limit: int) -> str | None:
    """One row more than asked for was read, to know whether another page follows."""
    if len(found) <= limit:
        return None
    last = found[limit - 1]
    place = f"{last.due_on}/{last.plan_id.hex}/{last.number}"
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> DuePlace:
    try:
        day, plan_id, number = urlsafe_b64decode(cursor + _PADDING).decode().split("/")
        return DuePlace(date.fromisoformat(day), UUID(hex=plan_id), _place(number))
    except ValueError:
        raise InvalidCursor from None


def _place(text: str) -> int:
    """Return the place within a plan; ValueError for what no plan could have."""
    number = int(text)
    if not 0 < number <= _LAST_PLACE:
        raise ValueError(text)
    return number
