"""The sums beside a dose: what is multiplied, where it is cut and rounded, and on what ground."""

from decimal import Decimal
from typing import Any

import pytest

from app.clinical.option import CalculationStep
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import REGISTRY
from app.planning.decide import decide
from tests.builders import episode

FAILED = {"context": "failure_on_therapy"}
HELPED = {"response": "complete", "stop_reason": "planned_withdrawal", "indication_still_valid": True}
TROUBLE = {"response": "complete", "stop_reason": "neurotoxicity"}
OVERRIDE = {"specialist_override": ["CYCLOSPORINE_ABOVE_CAP"]}


def weighing(kg: int) -> dict[str, Any]:
    return {"patient": {"weight_kg": kg}}


def sums(kb: KnowledgeBase, option_id: str, drug: str, changes: dict[str, Any]) -> tuple[CalculationStep, ...]:
    option = next(item for item in decide(episode(**changes), kb).options if item.id == option_id)
    return next(item for item in option.medications if item.drug == drug).calculation


@pytest.mark.parametrize(
    ("option_id", "drug", "changes", "lines"),
    [
        ("prednisone_azathioprine", "prednisone", weighing(62), "30 mg/d, 0.48 mg/kg/d"),
        ("prednisone_azathioprine", "prednisone", {"patient": {"weight_kg": None}}, "30 mg/d"),
        ("prednisone_monotherapy", "prednisone", weighing(62), "60 mg/d, 0.97 mg/kg/d"),
        ("prednisone_azathioprine", "azathioprine", weighing(47), "94 mg/d, 75 mg/d, 1 1, 75 mg/d"),
        (
            "prednisone_azathioprine",
            "azathioprine",
            {**weighing(68), "pharmacogenetics": {"tpmt": "intermediate"}},
            "136 mg/d, 125 mg/d, 0.5 1, 50 mg/d",
        ),
        ("prednisone_azathioprine", "azathioprine", weighing(150), "300 mg/d, 150 mg/d, 1 1, 150 mg/d"),
        (
            "tacrolimus_restart",
            "tacrolimus",
            {**weighing(62), "condition": FAILED, "tacrolimus": HELPED},
            "4.65 mg/d, 4.65 mg/d, 2 mg, 0.65 mg/d",
        ),
        (
            "tacrolimus_restart",
            "tacrolimus",
            {**weighing(96), "condition": FAILED, "tacrolimus": HELPED},
            "7.2 mg/d, 6 mg/d, 3 mg, 0 mg/d",
        ),
        ("add_mycophenolate", "mycophenolate", {"condition": FAILED}, "500 mg, 2000 mg/d"),
        ("switch_cyclosporine", "cyclosporine", {**weighing(62), "tacrolimus": TROUBLE}, "124 mg/d, 248 mg/d"),
        (
            "switch_cyclosporine",
            "cyclosporine",
            {**weighing(62), "tacrolimus": TROUBLE, "site": OVERRIDE},
            "124 mg/d, 310 mg/d",
        ),
    ],
)
def test_a_dose_shows_each_line_of_its_sum(
    option_id: str, drug: str, changes: dict[str, Any], lines: str, kb: KnowledgeBase
) -> None:
    shown = sums(kb, option_id, drug, changes)
    assert ", ".join(f"{Decimal(step.value or 0).normalize():f} {step.unit}" for step in shown) == lines
    assert {step.rule for step in shown} <= REGISTRY.keys()


def test_each_line_of_a_sum_rests_on_its_sources(kb: KnowledgeBase) -> None:
    thirty, by_weight = sums(kb, "prednisone_azathioprine", "prednisone", {})
    assert {"S05", "S33"} <= {*thirty.citations} & {*by_weight.citations}
    assert {"S04", "S33"} <= {*sums(kb, "prednisone_monotherapy", "prednisone", {})[0].citations}
    cited = [{*step.citations} for step in sums(kb, "prednisone_azathioprine", "azathioprine", {})]
    assert all("S05" in sources for sources in cited)
    assert [number for number, sources in enumerate(cited) if "K36" in sources] == [2]
