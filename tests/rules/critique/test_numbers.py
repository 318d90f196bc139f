"""The numbers a finding tells, and limits that no result of a laboratory meets exactly."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.facts.prepare_proposal import prepare_proposal
from app.facts.proposal import ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.rules.critique import doses, third_line
from tests.builders import episode
from tests.rules.critique.proposed import STOP, Drug, findings, order, proposal, since


@pytest.mark.parametrize(
    ("orders", "changes", "words"),
    [
        (
            [order("azathioprine", 200)],
            {},
            "azathioprine 200 mg/d (2.50 mg/kg) is above the ceiling: 150 mg/d (2 mg/kg",
        ),
        (
            [order("azathioprine", 200)],
            {"patient": {"weight_kg": None}},
            "azathioprine 200 mg/d is above the ceiling: 150 mg/d (fixed limit, body weight unknown).",
        ),
        (
            [order("azathioprine", 1)],
            {
                "patient": {"weight_kg": 40},
                "pharmacogenetics": {"tpmt": "intermediate", "nudt15": "intermediate"},
            },
            "azathioprine 1 mg/d (0.03 mg/kg) is above the ceiling: the smallest dose already exceeds it (",
        ),
        (
            [order("prednisone", **STOP)],
            {"medications": [since("2026-02-16")]},
            "prednisone ends on 2026-03-10 from 30 mg/d, taken for 22 days:",
        ),
        (
            [order("budesonide", **STOP)],
            {"medications": [order("budesonide")]},
            "budesonide ends on 2026-03-10 from an unknown dose, taken for an unknown time:",
        ),
        (
            [order("methotrexate", 15, frequency="twice_daily")],
            {},
            "methotrexate is ordered twice daily: methotrexate is taken once a week",
        ),
        ([order("methotrexate", 15)], {}, "methotrexate is ordered without saying how often:"),
        (
            [order("Imuran", 50), order("azathioprine", 50)],
            {},
            "Imuran, azathioprine are the same drug",
        ),
    ],
)
def test_a_finding_tells_the_numbers_it_rests_on(
    orders: list[Drug], changes: dict[str, Any], words: str, kb: KnowledgeBase
) -> None:
    texts = [finding.text for finding in findings(kb, *orders, changes=changes)]
    assert any(text.startswith(words) for text in texts), texts


def with_egfr(raw: int, medication: Drug, kb: KnowledgeBase) -> ProposalFacts:
    """Return a proposal for a patient whose eGFR is a whole number, which no creatinine gives exactly."""
    facts = prepare_proposal(episode(), proposal(medication), kb)
    scores = {**facts.before.scores}
    scores["egfr_ckd_epi_2021"] = scores["egfr_ckd_epi_2021"].model_copy(update={"raw": Decimal(raw)})
    return replace(facts, before=replace(facts.before, scores=scores), after=replace(facts.after, scores=scores))


@pytest.mark.parametrize(("raw", "over"), [(24, True), (25, False)])
def test_mycophenolate_has_its_lower_limit_below_an_egfr_of_25(raw: int, over: bool, kb: KnowledgeBase) -> None:
    assert bool(doses.above_range(with_egfr(raw, order("mycophenolate", 2250), kb), kb)) is over


@pytest.mark.parametrize(("raw", "codes"), [(29, ["EGFR_TOO_LOW"]), (30, [])])
def test_methotrexate_is_forbidden_below_an_egfr_of_30(raw: int, codes: list[str], kb: KnowledgeBase) -> None:
    facts = with_egfr(raw, order("methotrexate", 15, frequency="weekly"), kb)
    assert [finding.code for finding in third_line.methotrexate(facts, kb)] == codes
