"""What a plan asks for: the missing data of a synthetic patient of whom all is known but what a test leaves out."""

from typing import Any

from app.clinical.remark import MissingData
from app.knowledge.base import KnowledgeBase
from app.rules.plan.missing import missing_data
from tests.rules.plan.prepared import facts_of

WHOLE: dict[str, Any] = {
    "patient": {"dialysis": False},
    "condition": {"treatment_started_on": "2025-01-01", "complete_response_ever": True},
    "vitals": {"qtc_ms": 420, "systolic_bp": 130},
}
CONDITION = WHOLE["condition"]


def asked(kb: KnowledgeBase, **changes: Any) -> dict[str, MissingData]:
    """Return path -> what is asked for."""
    return {need.path: need for need in missing_data(facts_of(kb, **{**WHOLE, **changes}), kb)}


def waiting(needs: dict[str, MissingData]) -> dict[str, list[str]]:
    """Return path -> the parts of the plan that wait for it, sorted."""
    return {path: sorted(need.needed_for) for path, need in needs.items()}
