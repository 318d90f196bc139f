"""The audit log: written with what it is about, read newest first, never changed."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, CTE, Insert, Select, Text, bindparam, cast, func, insert, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.audit_rows import Event, EventFilter, EventRecord
from app.store.parameters import insertion, parameter
from app.store.tables import audit_events, audit_mentions

_NAMES = tuple(column.name for column in audit_events.c if column.server_default is None and column.name != "tenant_id")
_NEEDED = ("tenant_id", "number", "resource_id", "episode_id", "related_ids")


def new_event() -> CTE:
    """Return the part of a statement that writes an event; `mentioning` it writes what it names."""
    return insertion(audit_events).returning(*(audit_events.c[name] for name in _NEEDED)).cte("new_event")


def mentioning(event: CTE) -> Insert:
    """Return the statement that writes each id an event names, once."""
    ids = func.array_cat(array([event.c.resource_id, event.c.episode_id]), event.c.related_ids)
    named = func.unnest(ids).table_valued("id", joins_implicitly=True).render_derived("named")
    rows = select(event.c.tenant_id, named.c.id, event.c.number).distinct().where(named.c.id.is_not(None))
    return insert(audit_mentions).from_select(["tenant_id", "mentioned_id", "number"], rows)


def _new_events() -> CTE:
    """Write many events of a tenant in their order. The ids of lists come as text: an array of arrays has one shape."""
    types = [Text if name == "related_ids" else audit_events.c[name].type for name in _NAMES]
    arrays = [bindparam(name, type_=ARRAY(kind)) for name, kind in zip(_NAMES, types, strict=True)]
    given = func.unnest(*arrays).table_valued(*_NAMES, with_ordinality="place").render_derived("given")
    columns = [cast(given.c[name], audit_events.c[name].type) for name in _NAMES]
    rows = select(parameter(audit_events, "tenant_id"), *columns).order_by(given.c.place)
    written = insert(audit_events).from_select(["tenant_id", *_NAMES], rows, include_defaults=False)
    return written.returning(*(audit_events.c[name] for name in _NEEDED)).cte("new_events")


_RECORD = mentioning(new_event())
_RECORD_MANY = mentioning(_new_events())
READ_EVENT = select(*(column for column in audit_events.c if column.name != "tenant_id")).where(
    audit_events.c.tenant_id == bindparam("tenant_id")
)
_MENTIONED = select(audit_mentions.c.number).where(
    audit_mentions.c.tenant_id == bindparam("tenant_id"), audit_mentions.c.mentioned_id == bindparam("resource_id")
)
_FILTERS: Mapping[str, Any] = {
    "subject": audit_events.c.subject == bindparam("subject"),
    "resource_id": audit_events.c.number.in_(_MENTIONED),
    "action": audit_events.c.action == bindparam("action"),
    "since": audit_events.c.at >= bindparam("since"),
    "before": audit_events.c.at < bindparam("before"),
    "older_than": audit_events.c.number < bindparam("older_than"),
}


async def record_event(connection: AsyncConnection, event: Event) -> None:
    """Record an event; in a transaction it stands or falls with what else is written."""
    await connection.execute(_RECORD, event_values(event))


async def record_events(connection: AsyncConnection, tenant: str, events: list[Event]) -> None:
    """Record events of a tenant in their order, all or none."""
    values: dict[str, Any] = {name: [getattr(event, name) for event in events] for name in _NAMES}
    values["related_ids"] = [f"{{{','.join(map(str, event.related_ids))}}}" for event in events]
    await connection.execute(_RECORD_MANY, {"tenant_id": tenant, **values})


def event_values(event: Event) -> dict[str, Any]:
    """Return the parameters of an event."""
    return {
        "tenant_id": event.tenant,
        "audit_events_subject": event.subject,
        "audit_events_client": event.client,
        "audit_events_action": event.action,
        "audit_events_resource_type": event.resource_type,
        "audit_events_resource_id": event.resource_id,
        "audit_events_episode_id": event.episode_id,
        "audit_events_related_ids": event.related_ids,
        "audit_events_outcome": event.outcome,
        "audit_events_request_id": event.request_id,
    }


async def read_events(
    connection: AsyncConnection, tenant: str, wanted: EventFilter, older_than: int | None, limit: int
) -> list[EventRecord]:
    """Return up to `limit` of the tenant's events, newest first, that are older than the one named."""
    values = _values(wanted, older_than)
    rows = await connection.execute(event_page(frozenset(values)), {"tenant_id": tenant, "limit": limit, **values})
    return [EventRecord(*row) for row in rows]


def _values(wanted: EventFilter, older_than: int | None) -> dict[str, Any]:
    possible: dict[str, Any] = {
        "subject": wanted.subject,
        "resource_id": wanted.resource_id,
        "action": wanted.action,
        "since": wanted.since,
        "before": wanted.before,
        "older_than": older_than,
    }
    return {name: value for name, value in possible.items() if value is not None}


@cache
def event_page(names: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Build each combination once: a statement with only the filters in use lets PostgreSQL choose its index."""
    filters = [_FILTERS[name] for name in sorted(names)]
    return READ_EVENT.where(*filters).order_by(audit_events.c.number.desc()).limit(bindparam("limit"))
