"""Builders of rows: synthetic, whole, and changed only in what a test is about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

from app.store.audit_rows import Event
from app.store.rows import (
    AcceptedPlan,
    Attempt,
    DueRow,
    EpisodeRecord,
    NewAnswer,
    NewEpisode,
    NewPlan,
    PlanRecord,
    Written,
)

NOW = datetime(2026, 3, 10, 12, 30, 15, 123456, tzinfo=UTC)
TODAY = date(2026, 3, 10)
_New = TypeVar("_New", NewEpisode, NewPlan)


def new_episode(**changes: Any) -> NewEpisode:
    """Return an episode to keep; `changes` replace columns of the record or beside it."""
    whole = NewEpisode(
        record=EpisodeRecord(uuid7(), "active", 1, NOW, NOW, '{"patient":{}}'),
        patient_reference="synthetic-1",
        condition="autoimmune_hepatitis",
        as_of=TODAY,
    )
    return _changed(whole, changes)


def new_event(tenant: str = "north", **changes: Any) -> Event:
    """Return an event to record."""
    whole = Event(
        tenant=tenant,
        subject="nurse",
        client=None,
        action="read",
        resource_type="plan",
        resource_id=uuid7(),
        episode_id=uuid7(),
        related_ids=(),
        outcome="success",
        request_id="request-1",
    )
    return replace(whole, **changes)


def new_plan(episode_id: UUID, **changes: Any) -> NewPlan:
    """Return the first plan of an episode."""
    whole = NewPlan(
        record=PlanRecord(uuid7(), episode_id, 1, "draft", None, False, NOW, "sha256:2", '{"as_of":"2026-03-10"}'),
        disposition="plan",
        as_of=TODAY,
        valid_until=date(2026, 3, 24),
        input="{}",
        input_digest="sha256:1",
        knowledge_version="1",
        knowledge_digest="sha256:3",
        engine_version="1",
        citation_ids=("S01", "K07"),
    )
    return _changed(whole, changes)


def new_accepted_plan(record: PlanRecord, **changes: Any) -> AcceptedPlan:
    """Return what a plan says once an option of it is accepted."""
    whole = AcceptedPlan(
        plan_id=record.id,
        episode_id=record.episode_id,
        course="{}",
        document='{"as_of":"2026-03-10","taper":null}',
        output_digest="sha256:5",
        knowledge_version="1",
        knowledge_digest="sha256:3",
        engine_version="1",
        citation_ids=("S04",),
        due=(DueRow("liver_labs", TODAY, "{}"),),
    )
    return replace(whole, **changes)


def attempt(**changes: str) -> Attempt:
    """Return a request under a key."""
    return replace(Attempt("POST /v1/episodes", "key-1", "sha256:4"), **changes)


def new_answer(created_at: datetime = NOW, body: bytes = b"{}", **changes: str) -> NewAnswer:
    """Return the answer to a request, to be kept for a day; `changes` are the request's."""
    written = Written(uuid7(), uuid7(), '"1"', body)
    return NewAnswer(attempt(**changes), written, created_at, created_at + timedelta(days=1))


def _changed(whole: _New, changes: dict[str, Any]) -> _New:
    record = {name: value for name, value in changes.items() if name in whole.record.__slots__}
    beside = {name: value for name, value in changes.items() if name not in record}
    return replace(whole, record=replace(whole.record, **record), **beside)
