"""Facts of a synthetic patient, and options as the planner would arrange them."""

from decimal import Decimal
from typing import Any

from app.clinical.option import MedicationPlan, Option
from app.clinical.vocabulary import OptionId, Standing
from app.facts.facts import Facts
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from tests.builders import episode, labs


def facts_of(kb: KnowledgeBase, **changes: Any) -> Facts:
    """Return the prepared facts of the whole episode with `changes`."""
    return prepare_facts(episode(**changes), kb)


def labs_without(*analytes: str, **values: Any) -> list[dict[str, Any]]:
    """Return the full set of results, `values` replaced, without those named."""
    return [row for row in labs(**values) if row["analyte"] not in analytes]


def option(option_id: OptionId, standing: Standing, **doses: int | None) -> Option:
    """Return an option with a daily dose in mg per drug, None where it is withheld."""
    return Option(
        id=option_id,
        standing=standing,
        rank=1 if standing == "recommended" else None,
        title=option_id,
        specialist_dose=False,
        medications=tuple(_medication(drug, dose) for drug, dose in doses.items()),
        reasons=(),
        blocks=(),
        cautions=(),
        conditions=(),
        taper=None,
        citations=("S01",),
    )


def _medication(drug: str, dose: int | None) -> MedicationPlan:
    return MedicationPlan(
        drug=drug,
        rxnorm=None,
        dose_mg_per_day=None if dose is None else Decimal(dose),
        tablets=(),
        calculation=(),
    )


COMBINATION = option("prednisone_azathioprine", "recommended", prednisone=30, azathioprine=150)
MONOTHERAPY = option("prednisone_monotherapy", "recommended", prednisone=60)
TACROLIMUS = option("tacrolimus_restart", "recommended", tacrolimus=4, prednisone=None)
MYCOPHENOLATE = option("add_mycophenolate", "conditional", mycophenolate=None)
