"""The episode a hospital system posts. Absent or null means unknown; an empty list means none."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, create_model

from app.clinical.medicine import (
    Allergy,
    Differential,
    Medication,
    Patient,
    Pharmacogenetics,
    PriorTreatment,
    Screening,
    Tacrolimus,
)
from app.clinical.vocabulary import (
    Analyte,
    Ascites,
    Cirrhosis,
    ClinicalFinding,
    Comorbidity,
    ConditionCode,
    Context,
    FlareSeverity,
    Graft,
    Matrix,
    StepStyle,
)
from app.clinical.wire import INTEGER, Day, FreeText, Instant, NotNegative, Positive, ShortText, Wire, number


class Condition(Wire):
    """The autoimmune disease and how far it has gone."""

    code: ConditionCode
    context: Context | None = None
    organ_threatening: bool | None = None
    relapse_count: Annotated[int, Field(ge=0, le=100), INTEGER] | None = None
    treatment_started_on: Day | None = None
    remission_started_on: Day | None = None
    complete_response_ever: bool | None = None
    cirrhosis: Cirrhosis | None = None
    ascites: Ascites | None = None
    encephalopathy_grade: Annotated[int, Field(ge=0, le=4), INTEGER] | None = None
    variceal_bleed: bool | None = None
    hepatocellular_carcinoma: bool | None = None
    graft: Graft | None = None


class Flare(Wire):
    """The present worsening."""

    onset_on: Day | None = None
    severity: FlareSeverity | None = None
    findings: Annotated[tuple[ClinicalFinding, ...], Field(max_length=50)] | None = Field(
        None, description="Findings now; an empty list says that all of them were looked for and are absent."
    )


class Vitals(Wire):
    """Vital signs, all optional."""

    temperature_c: Annotated[Decimal, number(ge=25, le=45)] | None = None
    heart_rate: Annotated[Decimal, number(ge=0, le=400)] | None = None
    respiratory_rate: Annotated[Decimal, number(ge=0, le=150)] | None = None
    systolic_bp: Annotated[Decimal, number(ge=0, le=400)] | None = None
    diastolic_bp: Annotated[Decimal, number(ge=0, le=300)] | None = None
    spo2_percent: Annotated[Decimal, number(ge=0, le=100)] | None = None
    qtc_ms: Annotated[Decimal, number(ge=200, le=1000)] | None = None
    measured_at: Instant | None = Field(
        None,
        description="When all of them were measured. Too old, they exclude nothing; absent, they count as of `as_of`.",
    )


class LabResult(Wire):
    """One result with its unit, time and, where known, the laboratory's own limits in the same unit."""

    analyte: Analyte
    value: Annotated[Decimal, number(ge=0, le=1_000_000_000_000)]
    unit: FreeText = Field(description="UCUM code from the analyte's list in `GET /v1/knowledge/analytes`.")
    collected_at: Instant
    upper_limit_normal: Positive | None = None
    lower_limit_normal: NotNegative | None = None
    matrix: Matrix | None = Field(None, description="Needed to interpret a drug level.")
    assay: ShortText | None = None
    last_dose_at: Instant | None = None


class Site(Wire):
    """Choices of the site: tablets it stocks, its time zone, overrides a specialist set."""

    tablet_strengths: (
        Annotated[
            dict[ShortText, Annotated[tuple[Annotated[Decimal, number(gt=0, le=5000)], ...], Field(max_length=20)]],
            Field(max_length=20),
        ]
        | None
    ) = Field(None, description='Strengths in mg per drug key, for example {"prednisone": [1, 5, 20]}.')
    half_tablets: bool | None = Field(None, description="True: every tablet may be halved. Capsules never are.")
    time_zone: ShortText | None = Field(None, description="IANA name, default UTC; decides the day of a result.")
    specialist_override: Annotated[tuple[ShortText, ...], Field(max_length=20)] | None = None
    step_style: StepStyle | None = None


class Episode(Wire):
    """A patient episode. Required: `patient` and `condition.code`; everything else may be unknown."""

    patient: Patient
    condition: Condition
    tacrolimus: Tacrolimus | None = None
    flare: Flare | None = None
    vitals: Vitals | None = None
    labs: Annotated[tuple[LabResult, ...], Field(max_length=2000)] | None = Field(
        None,
        description="Of an analyte and `collected_at` two results that differ are refused; equal ones count once.",
    )
    medications: Annotated[tuple[Medication, ...], Field(max_length=200)] | None = Field(
        None, description="An empty list says none; absent is unknown."
    )
    prior_treatments: Annotated[tuple[PriorTreatment, ...], Field(max_length=100)] | None = None
    allergies: Annotated[tuple[Allergy, ...], Field(max_length=100)] | None = Field(
        None, description="An empty list says none; absent is unknown."
    )
    comorbidities: Annotated[tuple[Comorbidity, ...], Field(max_length=50)] | None = None
    pharmacogenetics: Pharmacogenetics | None = None
    screening: Screening | None = None
    differential: Differential | None = None
    site: Site | None = None
    as_of: Day | None = Field(None, description="The day the plan is for; default today in the site's time zone.")
    start_on: Day | None = Field(None, description="First treatment day; default `as_of`.")


EpisodePatch: type[Wire] = create_model(
    "EpisodePatch",
    __base__=Wire,
    __doc__="A merge patch (RFC 7396): what it names is replaced, null removes it, a list is replaced whole.",
    **dict.fromkeys(Episode.model_fields, (Any, None)),  # type: ignore[call-overload]
)
