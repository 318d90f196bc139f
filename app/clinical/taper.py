"""The way down: a projected schedule whose every step is conditional on its gates."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from app.clinical.remark import CitationIds, Remark
from app.clinical.vocabulary import ConditionCode, GateCode, OptionId, OverrideReason, StepStatus, StepStyle
from app.clinical.wire import INTEGER, Day, FreeText, Number, ShortText, Wire, number


class TabletCount(Wire):
    """Tablets of one strength; `count` may end in .5 where the tablet is scored."""

    strength_mg: Number
    count: Number


class Gate(Wire):
    """A condition of the next step; `met` null means it cannot be told yet."""

    code: GateCode
    met: bool | None
    detail: str


class TaperStep(Wire):
    """One dose level. The day range is half open: from `starts_on` up to the next step's start."""

    index: int
    starts_on: Day
    ends_on: Day | None = Field(None, description="Last day of the step; null for the open-ended floor.")
    days: int = Field(description="Days of this step inside the horizon.")
    doses: dict[str, Number] = Field(description="mg per day by drug.")
    mg_per_kg: dict[str, Number] = Field(description="mg/kg per day by drug; empty without a weight.")
    tablets: dict[str, tuple[TabletCount, ...]] = Field(description="Tablets per day by drug.")
    total_mg: dict[str, Number] = Field(description="mg by drug inside the horizon: daily dose x days.")
    total_tablets: dict[str, tuple[TabletCount, ...]] = Field(description="Tablets by drug inside the horizon.")
    status: StepStatus
    gates: tuple[Gate, ...]
    flags: tuple[Remark, ...]


class TaperComparison(Wire):
    """Another published speed from the same start, with its cumulative prednisone over the same horizon."""

    id: str
    title: str
    cumulative_prednisone_mg: Number
    citations: CitationIds


class LabVisit(Wire):
    """A dated set of tests that belongs to a schedule."""

    due_on: Day
    analytes: tuple[str, ...]
    phase: str


class Taper(Wire):
    """A schedule with totals over `horizon_days`; never below `floor`, never to zero by rule."""

    option_id: OptionId | None
    steps: tuple[TaperStep, ...]
    floor: dict[str, Number]
    step_style: StepStyle
    step_mg: dict[str, Number]
    cumulative_prednisone_mg: Number
    total_mg: dict[str, Number]
    total_tablets: dict[str, tuple[TabletCount, ...]]
    horizon_days: int
    comparison: tuple[TaperComparison, ...]
    advice: tuple[Remark, ...] = Field(description="Steroid safety and other remarks on the whole schedule.")
    visits: tuple[LabVisit, ...] = Field(description="Laboratory calendar of a planned tacrolimus withdrawal.")
    citations: CitationIds


_Dose = Annotated[Decimal, number(gt=0, le=5000)]


def _form(value: Any) -> str:
    return "[object]" if isinstance(value, dict) else "[number]"


# One number where one drug is sent, or a number for each drug by its key.
_OneOrEach = Annotated[
    Annotated[_Dose, Tag("[number]")] | Annotated[dict[ShortText, _Dose], Field(max_length=4), Tag("[object]")],
    Discriminator(_form),
]


class TaperRequest(Wire):
    """Body of `POST /v1/tapers`: what to come down from. Any condition but hepatitis needs `step_mg` and `floor_mg`."""

    option_id: OptionId | None = None
    drug_doses: Annotated[dict[ShortText, _Dose], Field(min_length=1, max_length=4)] = Field(
        description="Start dose in mg per day by drug key."
    )
    weight_kg: Annotated[Decimal, number(ge=25, le=350)] | None = None
    start_on: Day
    horizon_days: Annotated[int, Field(ge=1, le=1830), INTEGER] = 168
    tablet_strengths: (
        Annotated[
            dict[ShortText, Annotated[tuple[Annotated[Decimal, number(gt=0, le=5000)], ...], Field(max_length=20)]],
            Field(max_length=20),
        ]
        | None
    ) = None
    half_tablets: bool = False
    condition: ConditionCode = "autoimmune_hepatitis"
    step_mg: _OneOrEach | None = Field(
        None,
        description="mg per month by drug key, or one number where one drug is sent; the default is the source's step.",
    )
    floor_mg: _OneOrEach | None = Field(
        None, description="mg per day by drug key, or one number where one drug is sent; the default is the source's."
    )
    step_style: StepStyle = "monthly"
    relapse_count: Annotated[int, Field(ge=0, le=100), INTEGER] | None = None
    override_reason: OverrideReason | None = None
    override_note: FreeText | None = None
    end_on: Day | None = Field(None, description="Last day of a planned tacrolimus withdrawal.")
