"""Verdicts in three values: what is not known is never a no."""

from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from tests.builders import episode, labs

TACROLIMUS = {"response": "complete", "stop_reason": "planned_withdrawal", "indication_still_valid": True}
LUPUS = {"code": "lupus_nephritis"}


def verdicts(kb: KnowledgeBase, **changes: Any) -> dict[str, str]:
    return {row.id: row.verdict for row in decide(episode(**changes), kb).statements}


@pytest.mark.parametrize(
    ("statement", "changes", "verdict"),
    [
        ("S05", {}, "applies"),
        ("S05", {"pharmacogenetics": {"tpmt": "poor"}}, "does_not_apply"),
        ("S05", {"patient": {"weight_kg": None}}, "unknown"),
        ("S05", {"labs": labs(alt=None, ast=None)}, "unknown"),
        ("S05", {"condition": {"graft": "liver"}}, "does_not_apply"),
        ("S12", {"tacrolimus": TACROLIMUS, "flare": {"severity": "severe"}}, "applies"),
        ("S12", {"tacrolimus": TACROLIMUS}, "does_not_apply"),
        ("S12", {"tacrolimus": {"response": "unknown"}, "flare": {"severity": "severe"}}, "unknown"),
        ("S16", {}, "applies"),
        ("S16", {"condition": {"context": "acute_severe"}}, "does_not_apply"),
        ("S16", {"condition": {"context": "unknown"}}, "unknown"),
        ("S19", {"condition": {"context": None}}, "unknown"),
        ("S19", {"condition": {"context": "in_remission"}}, "does_not_apply"),
        ("S28", {}, "applies"),
        ("S28", {"tacrolimus": {"stopped_on": None, "stop_reason": "unknown"}}, "unknown"),
        ("S30", {"condition": {"relapse_count": 2}}, "applies"),
        ("S30", {"condition": {"relapse_count": 1}}, "does_not_apply"),
        ("S30", {"condition": {"relapse_count": None}}, "unknown"),
        ("S37", {"tacrolimus": {"stop_reason": "neurotoxicity"}}, "applies"),
        ("S37", {"tacrolimus": {"stop_reason": "unknown"}}, "unknown"),
        ("S42", {"prior_treatments": [{"drug": "mycophenolate", "response": "insufficient"}]}, "applies"),
        ("S42", {"prior_treatments": None}, "unknown"),
        ("S46", {"condition": {"context": "unknown", "relapse_count": 0}}, "unknown"),
        ("S20", {}, "does_not_apply"),
        ("S20", {"condition": {**LUPUS, "organ_threatening": True}}, "applies"),
        ("S20", {"condition": {**LUPUS, "organ_threatening": False}}, "does_not_apply"),
        ("S20", {"condition": LUPUS}, "unknown"),
        ("S21", {"condition": LUPUS}, "applies"),
        ("S05", {"condition": LUPUS}, "does_not_apply"),
    ],
)
def test_a_statement_has_the_verdict_its_facts_give(
    statement: str, changes: dict[str, Any], verdict: str, kb: KnowledgeBase
) -> None:
    assert verdicts(kb, **changes)[statement] == verdict


def test_an_overridden_statement_says_so_beside_its_verdict(kb: KnowledgeBase) -> None:
    rows = {row.id: row for row in decide(episode(tacrolimus=TACROLIMUS), kb).statements}
    assert "Overridden: " in rows["S11"].because
