"""What becomes of a treatment after its first plan: assessments, decisions, the course they make."""

from typing import Annotated, Literal

from pydantic import Field

from app.clinical.episode import LabResult
from app.clinical.remark import CitationIds, Remark
from app.clinical.taper import Gate
from app.clinical.vocabulary import (
    Analyte,
    ClinicalFinding,
    DecisionAction,
    GateDecision,
    OptionId,
    OverrideReason,
    Response,
    StepStyle,
)
from app.clinical.wire import Day, FreeText, Instant, Number, ShortText, Wire

Findings = Annotated[tuple[ClinicalFinding, ...], Field(max_length=50)]


class Override(Wire):
    """A clinician's reason to pass a gate. `other` needs a note."""

    gate: ShortText | None = Field(
        None, description="The gate passed: a taper gate, or the code of an open hard gate; null means every open one."
    )
    reason_code: OverrideReason
    note: FreeText | None = None


class AssessmentRequest(Wire):
    """Body of `POST /v1/episodes/{id}/assessments`: what was measured and found on a day of treatment."""

    assessed_on: Day
    labs: Annotated[tuple[LabResult, ...], Field(max_length=500)] | None = Field(
        None,
        description="New results; they join the episode's. A repeated result counts once. One of an analyte and "
        "`collected_at` that are known already corrects that result: what is sent last holds.",
    )
    findings: Findings | None = Field(
        None, description="Findings now; an empty list says that all of them were looked for and are absent."
    )
    adherence_confirmed: bool | None = Field(None, description="Whether the patient takes the drugs as prescribed.")
    override: Override | None = Field(
        None, description="Gate `biochemical_remission`: step on improvement, before full remission."
    )


class DecisionRequest(Wire):
    """Body of `POST /v1/plans/{id}/decisions`: what a clinician decided about a plan."""

    option_id: OptionId | None = Field(None, description="Required to accept; a declined plan may leave it out.")
    action: DecisionAction
    reason_code: OverrideReason | None = None
    note: FreeText | None = None
    override: Override | None = Field(None, description="Passes an open hard gate, or the remission gate of a step.")
    decided_on: Day | None = Field(None, description="Default today in the site's time zone.")


class Decision(Wire):
    """A decision as kept: never changed, and it says who took it."""

    id: str
    episode_id: str
    plan_id: str
    action: DecisionAction
    option_id: OptionId | None
    reason_code: OverrideReason | None
    note: str | None
    override: Override | None
    decided_on: Day
    decided_by: str = Field(description="Subject of the token that sent it.")
    created_at: Instant


class Change(Wire):
    """One test against its baseline, in the analyte's canonical unit. Null is unknown, never normal."""

    analyte: Analyte
    unit: str
    baseline: Number | None
    current: Number | None
    change_percent: Number | None
    abnormal_before: bool | None
    abnormal_now: bool | None


class TaperGate(Wire):
    """What the gates of the next step allowed on the day of the assessment."""

    decision: GateDecision
    gates: tuple[Gate, ...]
    because: str
    next_review_on: Day
    citations: CitationIds


class Reclassified(Wire):
    """An earlier assessment that reads differently now that more results of its time are known."""

    assessed_on: Day
    field: Literal["response", "taper_gate"]
    was: str
    now: str


class AssessmentContent(Wire):
    """What an assessment found: the response against the baseline, the gate of the next step, what changed."""

    assessed_on: Day
    option_id: OptionId | None = Field(
        description="The option followed; null when nothing was recommended or accepted."
    )
    day: int | None = Field(description="Days since the start of treatment.")
    response: Response
    because: str
    citations: CitationIds
    basis: tuple[Change, ...]
    taper_gate: TaperGate | None = Field(description="Null where the option followed has no schedule.")
    findings: tuple[Remark, ...]
    changes: tuple[Reclassified, ...]


class AssessmentHeader(Wire):
    """What the service knows of an assessment as a document."""

    id: str
    episode_id: str
    plan_id: str = Field(description="The plan revision it wrote.")
    created_at: Instant


class Assessment(AssessmentHeader, AssessmentContent):
    """An assessment as kept."""


class PathLevel(Wire):
    """One level of the schedule that is followed: at least `after_days` days after the level before it."""

    after_days: int
    doses: dict[str, Number] = Field(description="mg per day by drug.")


class Following(Wire):
    """The option a patient is treated with, as it was when treatment began; its doses never rise on the way."""

    option_id: OptionId
    accepted: bool = Field(description="False: nobody accepted an option, the recommended one is assumed.")
    recommended_then: OptionId | None
    start_on: Day
    step_style: StepStyle
    path: tuple[PathLevel, ...] = Field(description="Every level of its schedule; empty where it has none.")
    findings: Findings | None = Field(description="Findings when treatment began; null is unknown.")
    visits_before: int = Field(0, description="Visits of the day it began that belong to what was taken before.")
    joined_on: dict[str, Day] = Field({}, description="First day of each drug that had to wait when it began.")


class StepTaken(Wire):
    """A level that began: on which day, and whether the gates or a recorded override let it."""

    index: int
    starts_on: Day
    by: Literal["gates", "override"]


class Visit(Wire):
    """A moment at which the gates were asked: an assessment, or an override between two of them."""

    on: Day
    kind: Literal["assessment", "override"]
    findings: Findings | None
    adherence_confirmed: bool | None
    override: Override | None
    response: Response | None
    gate_decision: GateDecision | None
    worse: tuple[Analyte, ...] = Field((), description="Tests of liver function that rose since the visit before.")


class Course(Wire):
    """The history a later plan rests on, oldest first. Steps taken are facts: later results never undo them."""

    following: Following | None = None
    steps: tuple[StepTaken, ...] = ()
    visits: tuple[Visit, ...] = ()


class TrendPoint(Wire):
    """One result of a test followed over the course; `x_uln` null without the laboratory's own limit."""

    collected_on: Day
    value: Number
    x_uln: Number | None


class Trend(Wire):
    """The results of one test since the baseline, oldest first, in the analyte's canonical unit."""

    analyte: Analyte
    unit: str
    points: tuple[TrendPoint, ...]


class Progress(Wire):
    """How treatment has gone so far: which option, since when, each assessment, step and override, each trend."""

    option_id: OptionId | None
    accepted: bool
    started_on: Day | None
    day: int | None
    response: Response | None
    steps: tuple[StepTaken, ...]
    visits: tuple[Visit, ...]
    trends: tuple[Trend, ...]
