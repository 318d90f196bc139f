"""What a plan shows as a dose, read from its JSON as a client would read it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.planning.decide import decide
from app.planning.document import write_document
from tests.properties.episodes import KB, Body, read

Plan = dict[str, Any]
# The drug an option stands for: what is withheld, blocked or calculated when the option is.
LEADS = {
    "prednisone_azathioprine": "azathioprine",
    "prednisone_monotherapy": "prednisone",
    "tacrolimus_restart": "tacrolimus",
    "add_mycophenolate": "mycophenolate",
    "switch_cyclosporine": "cyclosporine",
}


def written(whole: Body) -> bytes:
    """Return the plan for an episode as the bytes that are sent."""
    return write_document(decide(read(whole), KB)).json


def plan_of(whole: Body) -> Plan:
    """Return the plan for an episode as JSON."""
    plan: Plan = json.loads(written(whole))
    return plan


@dataclass(frozen=True)
class Shown:
    """One drug of one option."""

    option: Plan
    item: Plan

    @property
    def drug(self) -> str:
        return str(self.item["drug"])

    @property
    def mg(self) -> float | None:
        """The daily dose in mg; None where none is shown."""
        dose: float | None = self.item["dose_mg_per_day"]
        return dose

    @property
    def numbers(self) -> list[float]:
        """Every amount in mg: the dose, both ends of a range, what is taken at once."""
        ends = self.item["dose_range_mg_per_day"] or {}
        return [mg for mg in (self.mg, self.item["dose_mg_per_intake"], *ends.values()) if mg is not None]


def shown(plan: Plan) -> Iterator[Shown]:
    """Yield every drug of every option."""
    return (Shown(option, item) for option in plan["options"] for item in option["medications"])


def dosed(plan: Plan, drug: str) -> list[Shown]:
    """Return where a drug has a daily dose."""
    return [entry for entry in shown(plan) if entry.drug == drug and entry.mg is not None]


def leading(plan: Plan) -> dict[str, Shown]:
    """Return option id -> the drug it stands for; the third line never has a dose and is left out."""
    return {entry.option["id"]: entry for entry in shown(plan) if LEADS.get(entry.option["id"]) == entry.drug}


def parts(plan: Any) -> Iterator[Plan]:
    """Yield every object of a plan, the plan itself first."""
    if isinstance(plan, dict):
        yield plan
        for value in plan.values():
            yield from parts(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from parts(value)
