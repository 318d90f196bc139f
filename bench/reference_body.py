"""The words of the bare app: a request of about 4 KB and an answer of about 12 KB."""

import uuid
from datetime import UTC, date, datetime

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Frozen, no unknown properties, as a careful service would."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Result(Strict):
    """A laboratory result."""

    analyte: str
    value: float
    unit: str
    collected_at: datetime
    upper_limit: float


class Medicine(Strict):
    """A running medicine."""

    drug: str
    dose: float
    started_on: date


class Case(Strict):
    """The body."""

    reference: str
    diagnosis: str
    born_on: date
    weight: float
    results: list[Result]
    medicines: list[Medicine]


class Advice(Strict):
    """A line of the answer."""

    code: str
    text: str
    sources: list[str]
    inputs: dict[str, float]


class Step(Strict):
    """A dated dose."""

    starts_on: date
    dose: float
    gates: list[str]


class Answer(Strict):
    """The plan."""

    id: uuid.UUID
    case_id: uuid.UUID
    made_on: date
    advice: list[Advice]
    steps: list[Step]


DAY = date(2026, 3, 10)
MORNING = datetime(2026, 3, 10, 6, tzinfo=UTC)
TEMPLATE = Answer(
    id=uuid.UUID(int=1),
    case_id=uuid.UUID(int=2),
    made_on=DAY,
    advice=[
        Advice(
            code=f"ADVICE_{number}",
            text="A sentence as long as those that a clinician reads beside a dose, naming the facts behind it.",
            sources=["S01", "S02", "C04"],
            inputs={"value": 1.5 + number, "limit": 2.5},
        )
        for number in range(48)
    ],
    steps=[
        Step(starts_on=DAY, dose=30 - number / 2, gates=["date_reached", "labs_current", "biochemical_remission"])
        for number in range(25)
    ],
)


def case() -> bytes:
    """Return a request body of the usual size."""
    results = [
        Result(analyte=f"analyte_{number}", value=number / 4, unit="mg/dL", collected_at=MORNING, upper_limit=35)
        for number in range(29)
    ]
    medicines = [Medicine(drug=f"medicine_{number}", dose=number, started_on=DAY) for number in range(12)]
    whole = Case(
        reference="synthetic-1", diagnosis="hepatitis", born_on=DAY, weight=80, results=results, medicines=medicines
    )
    return whole.model_dump_json().encode()


def answer() -> Answer:
    """Return the answer under new ids."""
    return TEMPLATE.model_copy(update={"id": uuid.uuid4(), "case_id": uuid.uuid4()})
