"""The audit log as values without SQL: events and the seals over them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.clinical.audit import AuditAction, AuditOutcome, AuditResource


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody did or tried, to be recorded; the database adds number and time."""

    tenant: str
    subject: str
    client: str | None
    action: AuditAction
    resource_type: AuditResource
    resource_id: UUID | None
    episode_id: UUID | None
    related_ids: tuple[UUID, ...]
    outcome: AuditOutcome
    request_id: str


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event as recorded."""

    number: int
    at: datetime
    subject: str
    client: str | None
    action: AuditAction
    resource_type: AuditResource
    resource_id: UUID | None
    episode_id: UUID | None
    related_ids: list[UUID]
    outcome: AuditOutcome
    request_id: str


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted; None leaves a property open. `resource_id` is found wherever an event names it."""

    subject: str | None = None
    resource_id: UUID | None = None
    action: AuditAction | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """A link of a tenant's chain: it covers the events with numbers above `after_number` up to `until_number`."""

    number: int
    after_number: int
    until_number: int
    count: int
    sealed_at: datetime
    digest: str
