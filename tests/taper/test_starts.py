"""What is refused for the doses a schedule comes down from."""

from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from app.taper.refusal import Problem
from tests.taper.asked import granted, refused, request


def own(**doses: float) -> dict[str, Any]:
    """Return a request in lupus nephritis for doses that come down by 1 mg a month to 1 mg less."""
    floors = {drug: mg - 1 for drug, mg in doses.items()}
    return {
        "condition": "lupus_nephritis",
        "drug_doses": doses,
        "step_mg": dict.fromkeys(doses, 1),
        "floor_mg": floors,
    }


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.code, problem.pointer) for problem in problems]


@pytest.mark.parametrize(
    ("doses", "code"),
    [
        ({"tacrolimus": 4, "cyclosporine": 100}, "TWO_CALCINEURIN_INHIBITORS"),
        ({"azathioprine": 100, "mycophenolate": 1000}, "AZATHIOPRINE_WITH_MYCOPHENOLATE"),
        ({"mycophenolate": 1000, "prednisone": 20, "azathioprine": 100}, "AZATHIOPRINE_WITH_MYCOPHENOLATE"),
    ],
)
@pytest.mark.parametrize("reason", [None, "specialist_advice"])
def test_two_drugs_that_are_never_taken_together_get_no_schedule(
    doses: dict[str, float], code: str, reason: str | None, kb: KnowledgeBase
) -> None:
    problems = refused(request(**own(**doses), override_reason=reason), kb)
    assert told(problems) == [(code, "/drug_doses")]
    assert set(problems[0].citations) <= kb.citations.keys()


def test_both_forbidden_pairs_are_told_at_once(kb: KnowledgeBase) -> None:
    four = own(tacrolimus=4, cyclosporine=100, azathioprine=100, mycophenolate=1000)
    assert {code for code, _ in told(refused(request(**four), kb))} == {
        "TWO_CALCINEURIN_INHIBITORS",
        "AZATHIOPRINE_WITH_MYCOPHENOLATE",
    }


@pytest.mark.parametrize(
    "doses",
    [
        {"tacrolimus": 4, "mycophenolate": 1000},
        {"cyclosporine": 100, "azathioprine": 100},
        {"prednisone": 20, "tacrolimus": 4, "azathioprine": 100},
    ],
)
def test_drugs_that_go_together_are_granted(doses: dict[str, float], kb: KnowledgeBase) -> None:
    assert granted(request(**own(**doses)), kb).steps[0].doses == doses
