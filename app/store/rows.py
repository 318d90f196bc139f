"""What is written to and read from the tables, as values without SQL."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.clinical.vocabulary import ConditionCode, EpisodeStatus, OptionId, PlanStatus


@dataclass(frozen=True, slots=True)
class Requester:
    """On whose behalf something is read or written: the tenant whose rows it may see, who asked, in which request.

    `client` is the program that asked, where its token says so.
    """

    tenant: str
    subject: str
    request_id: str
    client: str | None = None


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
    accepted_option_id: OptionId | None = None


@dataclass(frozen=True, slots=True)
class NewEpisode:
    """An episode to keep or the next version of one, with what lists are filtered by.

    `course` is how treatment has gone, as JSON; None before an option is followed.
    """

    record: EpisodeRecord
    patient_reference: str
    condition: str
    as_of: date
    course: str | None = None


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something a plan sets due; `document` is the item as answered, JSON."""

    code: str
    due_on: date
    document: str


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan to keep, with what it was decided on and by which knowledge and engine.

    It was decided on `input`, the episode as JSON, and on `course`, the course of treatment as JSON where there is one.
    """

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
    due: tuple[DueRow, ...] = ()
    course: str | None = None


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan with what it was decided on and by which knowledge and engine.

    `input` is the episode with its dates resolved, `course` the course of treatment where there is one, `document` what
    was decided; all are JSON.
    """

    id: UUID
    input: str
    course: str | None
    document: str
    output_digest: str
    knowledge_version: str
    knowledge_digest: str
    engine_version: str


@dataclass(frozen=True, slots=True)
class Current:
    """An episode with its course and its present plan, held against every other change until the transaction ends.

    `input` is what the plan was decided on, as JSON with its dates resolved; `first` what it said before an option of
    it was accepted, None where it says that still.
    """

    episode: EpisodeRecord
    course: str | None
    plan: PlanRecord
    input: str
    first: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What a write answers: `body` with the version of the record it is about.

    `replayed` is true for the answer that an earlier sending of the same request was given.
    """

    episode_id: UUID
    plan_id: UUID
    etag: str
    body: bytes
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that its caller may send again: where to, under which key, and the digest of what it said."""

    route: str
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What a key was answered first, to a request of that digest."""

    digest: str
    written: Written


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """The answer to a request, to keep until `expires_at`."""

    attempt: Attempt
    written: Written
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """An assessment to keep: `request` as sent, `document` as answered, both JSON."""

    id: UUID
    episode_id: UUID
    plan_id: UUID
    assessed_on: date
    created_at: datetime
    created_by: str
    request: str
    document: str


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision to keep; `document` as answered, JSON."""

    id: UUID
    episode_id: UUID
    plan_id: UUID
    action: str
    decided_on: date
    created_at: datetime
    document: str


@dataclass(frozen=True, slots=True)
class AcceptedPlan:
    """What a plan says once one of its options is accepted, and by which knowledge and engine."""

    plan_id: UUID
    episode_id: UUID
    course: str
    document: str
    output_digest: str
    knowledge_version: str
    knowledge_digest: str
    engine_version: str
    citation_ids: tuple[str, ...]
    due: tuple[DueRow, ...]


@dataclass(frozen=True, slots=True)
class DueRecord:
    """An open item with the episode it belongs to."""

    plan_id: UUID
    number: int
    episode_id: UUID
    patient_reference: str
    condition: ConditionCode
    due_on: date
    document: str


@dataclass(frozen=True, slots=True)
class DueFilter:
    """Which open items are wanted: due up to `until`, due before `before`, of one code; None leaves it open."""

    until: date
    before: date | None = None
    since: date | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class DuePlace:
    """A place in the worklist: the item after which a page begins."""

    due_on: date
    plan_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class EpisodeFilter:
    """What a list of episodes is narrowed by; None leaves a property open."""

    patient_reference: str | None = None
    condition: str | None = None
    status: str | None = None
