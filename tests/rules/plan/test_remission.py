from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from app.rules.plan.remission import flare_not_confirmed, remission_confirmed, remission_not_confirmed
from tests.builders import labs
from tests.rules.plan.prepared import facts_of, labs_without

NORMAL: dict[str, Any] = {"alt": 35, "ast": 35, "igg": 16}
REMISSION = {"context": "in_remission"}


def doubt(kb: KnowledgeBase, **changes: Any) -> str | None:
    whole = {"condition": REMISSION, "labs": labs(**NORMAL), **changes}
    return next((notice.text for notice in remission_not_confirmed(facts_of(kb, **whole))), None)


def test_normal_tests_of_today_confirm_a_remission(kb: KnowledgeBase) -> None:
    assert remission_confirmed(facts_of(kb, labs=labs(**NORMAL)))
    assert doubt(kb) is None


@pytest.mark.parametrize(("analyte", "value"), [("alt", 36), ("ast", 36), ("igg", 16.1)])
def test_a_test_above_its_limit_does_not(kb: KnowledgeBase, analyte: str, value: float) -> None:
    results = labs(**{**NORMAL, analyte: value})
    assert not remission_confirmed(facts_of(kb, labs=results))
    assert f"{analyte} is above its upper limit" in str(doubt(kb, labs=results))


@pytest.mark.parametrize("analyte", NORMAL)
def test_nor_does_a_test_that_is_missing(kb: KnowledgeBase, analyte: str) -> None:
    assert f"{analyte} cannot be read" in str(doubt(kb, labs=labs_without(analyte, **NORMAL)))


def test_nor_do_stale_tests(kb: KnowledgeBase) -> None:
    assert "alt cannot be read" in str(doubt(kb, labs=labs("2025-06-01", **NORMAL)))


def test_nor_does_a_remission_with_a_sign_of_infection(kb: KnowledgeBase) -> None:
    assert "an infection is suspected" in str(doubt(kb, screening={"infection_suspected": True}))
    assert "there is fever" in str(doubt(kb, vitals={"temperature_c": 38}))


def test_the_doubt_belongs_to_a_recorded_remission_of_hepatitis(kb: KnowledgeBase) -> None:
    flaring = labs(alt=200)
    assert doubt(kb, labs=flaring, condition={"context": "loss_of_remission"}) is None
    assert doubt(kb, labs=flaring, condition={**REMISSION, "code": "uveitis"}) is None


@pytest.mark.parametrize(
    ("analyte", "value"), [("alt", 36), ("ast", 36), ("igg", 16.1), ("bilirubin_total", 1.3), ("inr", 1.2)]
)
def test_a_flare_is_doubted_only_while_no_test_is_above_its_limit(
    kb: KnowledgeBase, analyte: str, value: float
) -> None:
    at_their_limits = {**NORMAL, "bilirubin_total": 1.2, "inr": 1.1}
    (notice,) = flare_not_confirmed(facts_of(kb, labs=labs(**at_their_limits)))
    assert notice.severity == "warning"
    assert flare_not_confirmed(facts_of(kb, labs=labs(**{**at_their_limits, analyte: value}))) == ()
