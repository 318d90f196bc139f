"""The plan that goes out: options, not orders, with a citation behind every line."""

from typing import Annotated

from pydantic import Field

from app.clinical.remark import (
    Alert,
    Citation,
    CitationIds,
    ConflictShown,
    MissingData,
    Remark,
    Score,
    StatementVerdict,
)
from app.clinical.taper import TabletCount, Taper
from app.clinical.vocabulary import (
    Disposition,
    OptionId,
    PlanStatus,
    ReferralTarget,
    Standing,
    TaskGate,
    Tier,
    TriggerCode,
    Urgency,
)
from app.clinical.wire import Day, Instant, Number, Wire


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


class CalculationStep(Wire):
    """One line of the dose arithmetic."""

    step: str
    value: Number | None
    unit: str
    rule: str
    citations: CitationIds


class DoseRange(Wire):
    """A daily dose range in mg."""

    low: Number
    high: Number


class MedicationPlan(Wire):
    """One drug of an option. A null dose is never a zero: it is withheld, and the option says why."""

    drug: str
    rxnorm: str | None
    dose_mg_per_day: Number | None
    dose_range_mg_per_day: DoseRange | None = None
    dose_mg_per_intake: Number | None = None
    intakes_per_day: int | None = None
    mg_per_kg: Number | None = None
    starts_on: Day | None = None
    deferred_until: str | None = Field(None, description="What has to happen before the dose is given.")
    formulation: str | None = None
    tablets: tuple[TabletCount, ...] = Field(description="Tablets or capsules for one day.")
    calculation: tuple[CalculationStep, ...]


class Option(Wire):
    """A treatment option with its standing and everything that led to it."""

    id: OptionId
    standing: Standing
    rank: int | None
    title: str
    specialist_dose: bool
    medications: tuple[MedicationPlan, ...]
    reasons: tuple[Remark, ...]
    blocks: tuple[Remark, ...]
    cautions: tuple[Remark, ...]
    conditions: tuple[Remark, ...]
    taper: Taper | None
    citations: CitationIds


class MonitoringItem(Wire):
    """A test set due on a day and, where it repeats, every `repeat_days` until `until`."""

    code: str
    title: str
    analytes: tuple[str, ...]
    due_on: Day
    repeat_days: int | None
    until: str
    reason: str
    citations: CitationIds


class Task(Wire):
    """Something to do. An open hard gate stops acceptance of the option that needs it."""

    code: str
    title: str
    due_on: Day
    gate: TaskGate
    option_id: OptionId | None = None
    citations: CitationIds


class LevelRange(Wire):
    """A trough range in ng/mL; a single target has equal ends."""

    low: Number
    high: Number


class LevelEvidence(Wire):
    """A published range and where it was measured."""

    text: str
    citations: CitationIds


class TroughTarget(Wire):
    """Tacrolimus trough targets. Plasma and whole blood are never converted into each other."""

    matrix_required: bool
    plasma: LevelRange
    whole_blood: LevelRange | None
    evidence: tuple[LevelEvidence, ...]
    citations: CitationIds


class Escalation(Wire):
    """What comes next if this fails."""

    line: Annotated[str, Field(pattern="^(second|third)$")]
    option_id: OptionId
    trigger: str
    citations: CitationIds


class TransplantTrigger(Wire):
    """One reason for transplant referral; `met` null means it cannot be told."""

    code: TriggerCode
    met: bool | None
    detail: str


class Transplant(Wire):
    """Refer on any trigger; null when none is met but some cannot be told."""

    refer: bool | None
    triggers: tuple[TransplantTrigger, ...]
    citations: CitationIds


class RelapseRisk(Wire):
    """A published relapse figure after withdrawal."""

    text: str
    citations: CitationIds


class Duration(Wire):
    """How long treatment goes on."""

    indefinite: bool | None
    reduction_eligible_on: Day | None
    earlier_than_guidance_from: Day | None = Field(None, description="Start of the source's 12-24 month window.")
    withdrawal_proposed: bool
    text: str
    relapse_risk: tuple[RelapseRisk, ...]
    citations: CitationIds


class Referral(Wire):
    """Where the patient goes, how fast and why."""

    target: ReferralTarget
    urgency: Urgency
    reason: str
    citations: CitationIds


class ChecklistItem(Wire):
    """An item of the differential checklist with its answer; null is unanswered."""

    code: str
    question: str
    answer: bool | None
    citations: CitationIds


class WithdrawalAudit(Wire):
    """How tacrolimus was stopped."""

    taper_days: int | None
    stop_to_flare_days: int | None
    too_short: bool | None
    detail: str
    citations: CitationIds


class ConditionPolicy(Wire):
    """What the service knows of a condition that it does not dose."""

    code: str
    title: str
    snomed_ct: tuple[str, ...]
    icd_10_cm: tuple[str, ...]
    specialist_text: str
    tiers: tuple[str, ...]
    remission: str
    tacrolimus_target: str
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
    condition_policy: ConditionPolicy | None
    missing_data: tuple[MissingData, ...]
    conflicts: tuple[ConflictShown, ...]
    statements: tuple[StatementVerdict, ...]
    citations: tuple[Citation, ...]
    knowledge: KnowledgeStamp
    engine: Engine
    notice: str
    input_digest: str


class Plan(PlanHeader, PlanContent):
    """A plan as answered: header and content in one object, with the digest of the content."""

    output_digest: str
