"""What the patient takes, took, cannot take, and how the body handles it."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from app.clinical.vocabulary import (
    Cyp3a5,
    Metaboliser,
    Pregnancy,
    Reaction,
    Route,
    Sex,
    StopManner,
    StopReason,
    TacrolimusResponse,
    TestResult,
    TreatmentResponse,
)
from app.clinical.wire import INTEGER, Day, Name, NotNegative, ShortText, Wire, number

_AGE_ONCE: list[JsonValue] = [
    {"required": ["birth_date"], "properties": {"birth_date": {"type": "string"}, "age_years": {"type": "null"}}},
    {"required": ["age_years"], "properties": {"age_years": {"type": "integer"}, "birth_date": {"type": "null"}}},
]


class Patient(Wire):
    """The person: an opaque reference, never a name; age, sex, body size, reproductive facts."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _AGE_ONCE})

    reference: ShortText = Field(description="Your own opaque reference, 1-64 characters. Not a name or record number.")
    birth_date: Day | None = Field(None, description="Send this or `age_years`.")
    age_years: Annotated[int, Field(ge=0, le=130), INTEGER] | None = Field(
        None, description="Completed years on `as_of`."
    )
    sex: Sex
    weight_kg: Annotated[Decimal, number(ge=25, le=350)] | None = Field(None, description="Body weight in kg.")
    height_cm: Annotated[Decimal, number(ge=50, le=260)] | None = Field(None, description="Body height in cm.")
    pregnancy: Pregnancy | None = None
    childbearing_potential: bool | None = Field(None, description="Asked separately from sex; null is unknown.")
    contraception: bool | None = Field(None, description="Effective contraception in use; null is unknown.")
    breastfeeding: bool | None = None
    dialysis: bool | None = Field(None, description="Dialysis twice or more in the past week; null is unknown.")

    @model_validator(mode="after")
    def _age_is_given_once(self) -> Self:
        if (self.birth_date is None) == (self.age_years is None):
            raise PydanticCustomError("age", "Send exactly one of birth_date and age_years")
        return self


class Tacrolimus(Wire):
    """The stopped tacrolimus course."""

    started_on: Day | None = None
    stopped_on: Day | None = None
    taper_started_on: Day | None = None
    stop_manner: StopManner | None = None
    route: Route | None = None
    last_dose_mg_per_day: NotNegative | None = Field(None, description="Last daily dose in mg.")
    stop_reason: StopReason | None = None
    response: TacrolimusResponse | None = Field(None, description="Best response while on tacrolimus.")
    indication_still_valid: bool | None = None


class Medication(Wire):
    """One medicine, herb or food that matters. Without `stopped_on` it is running."""

    drug: Name = Field(description="A drug key of `GET /v1/knowledge/drugs`, or a free name, brand or combination.")
    rxnorm: Annotated[str, Field(pattern=r"^[0-9]{1,12}$")] | None = Field(None, description="RxNorm code, as text.")
    dose_mg_per_day: NotNegative | None = Field(None, description="Daily dose in mg.")
    started_on: Day | None = None
    stopped_on: Day | None = None


class PriorTreatment(Wire):
    """One drug of an earlier treatment; a combination is one item per drug."""

    drug: Name
    response: TreatmentResponse | None = None
    tolerated: bool | None = None


class Allergy(Wire):
    """A recorded reaction to a drug."""

    drug: Name
    reaction: Reaction | None = None


class Pharmacogenetics(Wire):
    """Phenotypes as the laboratory reports them."""

    tpmt: Metaboliser | None = None
    nudt15: Metaboliser | None = None
    cyp3a5: Cyp3a5 | None = None


class Screening(Wire):
    """Infection and pregnancy screening before immunosuppression."""

    infection_suspected: bool | None = None
    hbsag: TestResult | None = None
    anti_hbc: TestResult | None = None
    anti_hcv: TestResult | None = None
    hiv: TestResult | None = None
    tuberculosis: TestResult | None = None
    strongyloides_exposure: TestResult | None = None
    varicella_immune: TestResult | None = None
    pregnancy_tests_negative: Annotated[int, Field(ge=0, le=2), INTEGER] | None = Field(
        None, description="Negative pregnancy tests 8-10 days apart: 0, 1 or 2."
    )


class Differential(Wire):
    """What else could raise the enzymes: true means looked for and excluded (or adherence confirmed)."""

    adherence_confirmed: bool | None = None
    viral_hepatitis_excluded: bool | None = None
    drug_injury_excluded: bool | None = None
    biliary_obstruction_excluded: bool | None = None
