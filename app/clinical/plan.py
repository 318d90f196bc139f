"""The plan that goes out: options, not orders, with a citation behind every line."""

from pydantic import Field

from app.clinical.course import (
    ChecklistItem,
    ConditionPolicy,
    Duration,
    Escalation,
    MonitoringItem,
    Referral,
    Task,
    Transplant,
    TroughTarget,
    WithdrawalAudit,
)
from app.clinical.option import Option
from app.clinical.progress import Progress
from app.clinical.remark import (
    Alert,
    Citation,
    CitationIds,
    ConflictShown,
    MissingData,
    Score,
    StatementVerdict,
)
from app.clinical.taper import Taper
from app.clinical.vocabulary import (
    Disposition,
    OptionId,
    PlanStatus,
    Tier,
)
from app.clinical.wire import Day, Instant, Wire


class SeverityBasis(Wire):
    """A fact that decided the tier."""

    fact: str
    detail: str


class SeverityAssessment(Wire):
    """The hepatitis tier; `severe` null means it cannot be told."""

    tier: Tier
    severe: bool | None
    basis: tuple[SeverityBasis, ...]
    citations: tuple[str, ...]


class RedFlag(Wire):
    """A reason to escalate now."""

    code: str
    text: str
    rule: str
    citations: CitationIds


class KnowledgeStamp(Wire):
    """Which knowledge decided."""

    id: str
    version: str
    digest: str
    provenance: str


class Engine(Wire):
    """Which software decided."""

    version: str


class PlanHeader(Wire):
    """What the service knows of the plan as a document; joined at read, outside `output_digest`."""

    id: str | None
    episode_id: str | None
    revision: int | None
    status: PlanStatus | None
    superseded_by: str | None
    created_at: Instant | None
    retrospective: bool
    accepted_option_id: OptionId | None = Field(
        description="The option a clinician accepted, on this revision or an earlier one; null when none is accepted."
    )


class PlanContent(Wire):
    """What was decided: the same bytes for the same input and knowledge."""

    as_of: Day
    valid_until: Day
    disposition: Disposition
    headline: str
    severity: SeverityAssessment
    scores: tuple[Score, ...]
    red_flags: tuple[RedFlag, ...]
    options: tuple[Option, ...]
    taper: Taper | None
    monitoring: tuple[MonitoringItem, ...]
    tasks: tuple[Task, ...]
    alerts: tuple[Alert, ...]
    trough_target: TroughTarget | None
    escalation: tuple[Escalation, ...]
    transplant: Transplant
    duration: Duration
    referral: Referral | None
    checklist: tuple[ChecklistItem, ...]
    withdrawal: WithdrawalAudit | None
    progress: Progress | None = Field(description="How treatment has gone; null on a plan made before it began.")
    condition_policy: ConditionPolicy | None
    missing_data: tuple[MissingData, ...]
    conflicts: tuple[ConflictShown, ...]
    statements: tuple[StatementVerdict, ...]
    citations: tuple[Citation, ...]
    knowledge: KnowledgeStamp
    engine: Engine
    notice: str
    input_digest: str


class PlanDocument(PlanContent):
    """The content of a plan as kept, with its own digest."""

    output_digest: str


class Plan(PlanHeader, PlanDocument):
    """A plan as answered: header and content in one object."""
