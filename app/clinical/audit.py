"""Who did what to whose data: an entry of the audit log, which holds ids and never facts of a patient."""

from typing import Literal

from pydantic import Field

from app.clinical.wire import Instant, Wire

AuditAction = Literal[
    "create",
    "read",
    "search",
    "update",
    "decide",
    "replay",
    "repeat",
    "recommend",
    "critique",
    "schedule",
    "apply",
    "advise",
]
AuditOutcome = Literal["success", "not_found", "refused", "failed"]
AuditResource = Literal[
    "episode", "plan", "assessment", "decision", "due_item", "taper", "critique", "card", "audit_event"
]


class AuditEvent(Wire):
    """One access to patient data, or one attempt."""

    id: str = Field(description="Orders the events of a tenant; numbers may be missing between two of them.")
    at: Instant
    subject: str = Field(description="`sub` of the token.")
    client: str | None = Field(description="Program the token was issued to, where the token says so.")
    action: AuditAction
    resource_type: AuditResource
    resource_id: str | None = Field(description="What was named or made; null for lists and for what is not stored.")
    episode_id: str | None = Field(description="The episode it belongs to, where known.")
    related_ids: tuple[str, ...] = Field(description="What else was shown or written with it.")
    outcome: AuditOutcome
    request_id: str


class AuditEventPage(Wire):
    """Events, newest first."""

    items: tuple[AuditEvent, ...]
    next: str | None = Field(description="Send it as `cursor` for the next page; null on the last one.")
