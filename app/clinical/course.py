"""What surrounds the options of a plan: tests, tasks, targets, escalation, transplant, duration, referral."""

from typing import Annotated

from pydantic import Field

from app.clinical.remark import CitationIds
from app.clinical.vocabulary import OptionId, ReferralTarget, TaskGate, TriggerCode, Urgency
from app.clinical.wire import Day, Number, Wire


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
    red_flags: tuple[str, ...]
    tiers: tuple[str, ...]
    remission: str
    tacrolimus_target: str
    citations: CitationIds
