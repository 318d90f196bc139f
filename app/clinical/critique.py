"""A proposed regimen, order or taper, and what is found against it. Nothing here is an approval.

The episode says what the patient takes now; the proposal says what would change on `episode.start_on`. A running
medication that the proposal does not name goes on beside it; one that it names is replaced by what it says.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.clinical.episode import Episode
from app.clinical.plan import Engine, KnowledgeStamp
from app.clinical.remark import Citation, Remark
from app.clinical.vocabulary import Disposition, Formulation, Frequency, Severity
from app.clinical.wire import Day, Name, NotNegative, Positive, ShortText, Wire, number

_StepDose = Annotated[Decimal, number(ge=0, le=10_000)]


class ProposedMedication(Wire):
    """One drug of the proposal: a start, a change of dose, or, with `stopped_on` or a dose of 0, a stop."""

    drug: Name = Field(description="A drug key of `GET /v1/knowledge/drugs`, or a free name, brand or combination.")
    rxnorm: Annotated[str, Field(pattern=r"^[0-9]{1,12}$")] | None = Field(None, description="RxNorm code, as text.")
    dose_mg_per_day: NotNegative | None = Field(
        None,
        description="Dose in mg per day from `episode.start_on` on; of a drug that is not taken daily, the dose of a "
        "day on which it is taken. 0 stops the drug; null is unknown, and its limits cannot be checked.",
    )
    frequency: Frequency | None = Field(None, description="How often it is taken; null is unknown.")
    formulation: Formulation | None = Field(
        None, description="Release of the product; null takes what the name says, otherwise immediate release."
    )
    strength_mg: Positive | None = Field(None, description="Strength in mg of the one tablet or capsule ordered.")
    stopped_on: Day | None = Field(
        None, description="Day on which the drug ends. Up to `episode.start_on` it is stopped at once."
    )


class ProposedStep(Wire):
    """One dose level of a proposed taper, in force until the next one begins."""

    starts_on: Day
    doses: Annotated[dict[ShortText, _StepDose], Field(min_length=1, max_length=4)] = Field(
        description="mg per day by drug key or name; 0 ends the drug. A drug that is not named keeps its dose."
    )


class ProposedTaper(Wire):
    """The proposed way down: dated dose levels, or for a planned withdrawal its first day, dose and last day."""

    steps: Annotated[tuple[ProposedStep, ...], Field(min_length=1, max_length=200)] = Field(
        description="In the order of their days."
    )
    ends_on: Day | None = Field(
        None,
        description="Day on which the drugs of the last step end. With a single step it says that the dose comes down "
        "evenly from that step to this day.",
    )


class Proposal(Wire):
    """What somebody means to order. An empty list of medications is a taper of what runs already."""

    medications: Annotated[tuple[ProposedMedication, ...], Field(max_length=50)]
    taper: ProposedTaper | None = None


class CritiqueRequest(Wire):
    """Body of `POST /v1/critiques`: the patient's facts and the proposal to be checked against them."""

    episode: Episode
    proposal: Proposal


class CritiqueFinding(Remark):
    """Something that speaks against the proposal, or a fact without which it cannot be checked."""

    severity: Severity = Field(
        description="`critical`: harm is likely, or no dose belongs here. `warning`: against a rule, or not checkable."
    )


class Critique(Wire):
    """What was found, the gravest first. An empty list says that these rules found nothing; it approves nothing."""

    as_of: Day
    start_on: Day
    disposition: Disposition = Field(description="What a plan for this episode would be; only `plan` is in scope.")
    findings: tuple[CritiqueFinding, ...]
    citations: tuple[Citation, ...] = Field(description="Every id used in the findings, resolved.")
    knowledge: KnowledgeStamp
    engine: Engine
    notice: str
