"""What is written to and read from the tables, as values without SQL."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.clinical.vocabulary import EpisodeStatus, PlanStatus


@dataclass(frozen=True, slots=True)
class Requester:
    """On whose behalf something is read or written: the tenant whose rows it may see, who asked, in which request."""

    tenant: str
    subject: str
    request_id: str


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """An episode with its present state; `document` holds its properties as sent, JSON."""

    id: UUID
    status: EpisodeStatus
    revision: int
    created_at: datetime
    updated_at: datetime
    document: str


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan with its present state; `document` holds what was decided, JSON."""

    id: UUID
    episode_id: UUID
    revision: int
    status: PlanStatus
    superseded_by: UUID | None
    retrospective: bool
    created_at: datetime
    output_digest: str
    document: str


@dataclass(frozen=True, slots=True)
class NewEpisode:
    """An episode to keep, with what lists are filtered by."""

    record: EpisodeRecord
    patient_reference: str
    condition: str
    as_of: date


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan to keep, with what it was decided on (`input`, the episode as JSON) and by which knowledge and engine."""

    record: PlanRecord
    disposition: str
    as_of: date
    valid_until: date
    input: str
    input_digest: str
    knowledge_version: str
    knowledge_digest: str
    engine_version: str
    citation_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EpisodeFilter:
    """What a list of episodes is narrowed by; None leaves a property open."""

    patient_reference: str | None = None
    condition: str | None = None
    status: str | None = None
