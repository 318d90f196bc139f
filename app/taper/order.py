"""What a request asks for, with the source's numbers where it gives none of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.clinical.taper import TaperRequest
from app.clinical.vocabulary import OptionId
from app.knowledge.base import KnowledgeBase
from app.taper.caps import start_of
from app.taper.rows import Frame
from app.taper.steps import Descent, curve_of, source_floor, source_option, source_step
from app.taper.stock import Amount, Choices, paired, stock_of

_NONE: Mapping[str, Decimal] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """A request read against the knowledge base."""

    request: TaperRequest
    kb: KnowledgeBase

    @property
    def hepatitis(self) -> bool:
        """Whether the source's own numbers apply."""
        return self.request.condition == "autoimmune_hepatitis"

    @property
    def source(self) -> OptionId | None:
        """The option whose steps and floors the source gives; None where they have to be sent."""
        return source_option(self.request.drug_doses) if self.hepatitis else None

    @property
    def withdrawal(self) -> bool:
        """Whether this is a planned tacrolimus withdrawal: with an end date, or without any other instruction."""
        request = self.request
        return request.drug_doses.keys() == {"tacrolimus"} and (request.end_on is not None or request.floor_mg is None)

    @property
    def steps(self) -> Mapping[str, Decimal]:
        """The steps sent, in mg per month by drug."""
        return self._by_drug(self.request.step_mg)

    @property
    def floors(self) -> Mapping[str, Decimal]:
        """The floors sent, in mg per day by drug."""
        return self._by_drug(self.request.floor_mg)

    @property
    def own(self) -> bool:
        """Whether the clinician sent a step or a floor."""
        return bool(self.steps or self.floors)

    @property
    def reasoned(self) -> bool:
        """Whether the clinician gave a reason to go beyond the source's limits."""
        return self.request.override_reason is not None

    @property
    def choices(self) -> Choices:
        """The site's tablets and the step style."""
        request = self.request
        return Choices(paired(request.tablet_strengths), request.half_tablets, request.step_style)

    @property
    def frame(self) -> Frame:
        """What the rows are counted against."""
        request = self.request
        return Frame(request.start_on, request.horizon_days, request.condition)

    @property
    def starts(self) -> dict[str, Decimal]:
        """The doses the schedule begins with, in mg per day by drug: those sent, but for a ceiling by weight."""
        request = self.request
        return {drug: start_of(drug, mg, request.weight_kg, self.kb) for drug, mg in request.drug_doses.items()}

    def step(self, drug: str) -> Decimal | None:
        """Return the step in mg per month: the one sent, else the source's; None when there is neither."""
        if self.source is None:
            return self.steps.get(drug)
        return self.steps.get(drug, source_step(drug, self.kb))

    def floor(self, drug: str) -> Decimal | None:
        """Return the floor in mg per day: the one sent, else the source's or a lower start; None without either."""
        if self.source is None or drug in self.floors:
            return self.floors.get(drug)
        return min(self.first(drug).mg, source_floor(self.source, drug, self.kb))

    def first(self, drug: str) -> Amount:
        """Return the dose of the first day: the start, or the nearest lower one that the tablets make."""
        return stock_of(drug, self.kb, self.choices).start(self.starts[drug])

    def descents(self) -> tuple[Descent, ...]:
        """Return the way down of every drug whose step and floor are known."""
        found = [(drug, dose, self.step(drug), self.floor(drug)) for drug, dose in self.starts.items()]
        return tuple(
            Descent(drug, dose, step, floor, stock_of(drug, self.kb, self.choices), self._curve(drug))
            for drug, dose, step, floor in found
            if step is not None and floor is not None
        )

    def _by_drug(self, sent: Mapping[str, Decimal] | Decimal | None) -> Mapping[str, Decimal]:
        """Return what was sent by drug; one number belongs to the only drug, for several it is refused (problems)."""
        return dict.fromkeys(self.request.drug_doses, sent) if isinstance(sent, Decimal) else sent or _NONE

    def _curve(self, drug: str) -> Decimal | None:
        """Return the source's curve; a step of the clinician's own counts from the start dose instead."""
        return None if drug in self.steps else curve_of(drug, self.kb)
