"""What the statement and conflict tables look at: the facts, what became of the options, the transplant triggers."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.clinical.course import Transplant
from app.clinical.vocabulary import Disposition, OptionId, Standing, TriggerCode
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Situation:
    """One patient on one day after the options were arranged. `standings` is empty unless the disposition is plan."""

    facts: Facts
    kb: KnowledgeBase
    disposition: Disposition
    standings: Mapping[OptionId, Standing]
    transplant: Transplant

    def offered(self, *option_ids: OptionId) -> bool | None:
        """Whether one of the options may be chosen; None while it waits for a fact or for data."""
        if self.disposition == "insufficient_data":
            return None
        stands = [self.standings.get(option_id) for option_id in option_ids]
        if any(stand in ("recommended", "alternative") for stand in stands):
            return True
        return None if "conditional" in stands else False

    def trigger(self, code: TriggerCode) -> bool | None:
        """Whether a transplant trigger is met; None when it cannot be told."""
        return next(trigger.met for trigger in self.transplant.triggers if trigger.code == code)
