"""The prepared facts that rules read. Built once per decision by `prepare.py`; nothing here computes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from app.clinical.course import WithdrawalAudit
from app.clinical.episode import Episode
from app.clinical.plan import SeverityBasis
from app.clinical.progress import Course, Following, PathLevel
from app.clinical.remark import Score
from app.clinical.vocabulary import Analyte, OptionId, ScoreName, Tier
from app.facts.course import current_level, recorded_remission, remission_since
from app.facts.medicine_facts import MedicineFacts

LabStatus = Literal["known", "stale", "absent"]


@dataclass(frozen=True, slots=True)
class LabFact:
    """The latest result of an analyte in its canonical unit. `value` is None unless the status is known."""

    analyte: Analyte
    status: LabStatus
    unit: str
    value: Decimal | None = None
    upper_limit: Decimal | None = None
    lower_limit: Decimal | None = None
    collected_on: date | None = None
    age_days: int | None = None
    old_for_flare: bool = False
    matrix: str | None = None
    assay: str | None = None
    hours_since_dose: Decimal | None = None
    as_sent: str | None = None

    @property
    def known(self) -> bool:
        """Whether there is a current value."""
        return self.value is not None

    @property
    def x_uln(self) -> Decimal | None:
        """Multiple of the laboratory's own upper limit; None without value or limit."""
        if self.value is None or self.upper_limit is None:
            return None
        return self.value / self.upper_limit

    @property
    def above_uln(self) -> bool | None:
        """Whether the value exceeds the laboratory's own upper limit; None when it cannot be told."""
        if self.value is None or self.upper_limit is None:
            return None
        return self.value > self.upper_limit


@dataclass(frozen=True, slots=True)
class LabPoint:
    """One converted result of a series, oldest first. `hours` counts from the first result of the series."""

    value: Decimal
    collected_on: date
    hours: Decimal
    upper_limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SeverityFact:
    """Hepatitis tier and severity. `severe` None: it cannot be told."""

    tier: Tier
    severe: bool | None
    basis: tuple[SeverityBasis, ...]


@dataclass(frozen=True)
class Facts:
    """Everything the rules may read about one episode on one day.

    `sent` is the episode as it came; in `episode` the course has added what the assessments found. `stale_vitals`
    names vital signs that are too old to be a baseline; what they show of harm counts all the same.
    """

    sent: Episode
    episode: Episode
    as_of: date
    start_on: date
    age: int
    labs: dict[Analyte, LabFact]
    series: dict[Analyte, tuple[LabPoint, ...]]
    scores: dict[ScoreName, Score]
    meld_highest: Decimal | None
    severity: SeverityFact
    refractory: bool | None
    encephalopathy: bool | None
    ascites: bool | None
    variceal_bleed: bool | None
    fever: bool | None
    may_be_pregnant: bool | None
    medicines: MedicineFacts
    withdrawal: WithdrawalAudit | None
    course: Course | None = None
    stale_vitals: frozenset[str] = frozenset()

    @property
    def weight(self) -> Decimal | None:
        """Body weight in kg."""
        return self.episode.patient.weight_kg

    @property
    def following(self) -> Following | None:
        """The treatment that is followed; None before one is."""
        return self.course.following if self.course else None

    def follows(self, option_id: OptionId) -> bool:
        """Whether this option is the treatment that is followed."""
        return self.following is not None and self.following.option_id == option_id

    @property
    def level(self) -> PathLevel | None:
        """The level of the schedule that is being taken; None where no schedule is followed."""
        return current_level(self.course) if self.course else None

    @property
    def treatment_start(self) -> date:
        """First day of the treatment that is followed; before one is, the first day planned."""
        return self.start_on if self.following is None else self.following.start_on

    def start_of(self, drug: str) -> date:
        """First day of a drug of the treatment: a later one where the drug had to wait for a fact."""
        joined_on = self.following.joined_on if self.following else {}
        return joined_on.get(drug, self.treatment_start)

    @property
    def begun(self) -> bool:
        """Whether treatment has gone on for a day or been assessed; one that begins today still lies ahead whole."""
        return self.course is not None and (bool(self.course.visits) or self.as_of > self.treatment_start)

    @property
    def first_day(self) -> date:
        """The day from which open questions count: once a treatment is followed its start, before it the plan's day."""
        return self.as_of if self.following is None else self.following.start_on

    @property
    def remission_since(self) -> date | None:
        """First day of the remission that lasts, assessed here or recorded by the sender."""
        assessed = None if self.course is None else remission_since(self.course)
        return assessed or recorded_remission(self.episode)

    @property
    def hepatitis(self) -> bool:
        """Whether the condition is autoimmune hepatitis."""
        return self.episode.condition.code == "autoimmune_hepatitis"

    @property
    def findings(self) -> frozenset[str] | None:
        """Clinical findings now; None when they were not sent."""
        flare = self.episode.flare
        return None if flare is None or flare.findings is None else frozenset(flare.findings)

    def finding(self, code: str) -> bool | None:
        """Whether a finding is present; None when findings were not sent."""
        return None if self.findings is None else code in self.findings

    def lab(self, analyte: Analyte) -> Decimal | None:
        """The current value of an analyte in its canonical unit, or None."""
        return self.labs[analyte].value
