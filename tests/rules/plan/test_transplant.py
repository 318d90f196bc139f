from typing import Any, get_args

import pytest

from app.clinical.course import Transplant
from app.clinical.vocabulary import TriggerCode
from app.knowledge.base import KnowledgeBase
from app.rules.plan.transplant import transplant
from tests.builders import labs
from tests.rules.plan.prepared import facts_of, labs_without

CALM = {"treatment_started_on": "2025-01-01", "complete_response_ever": True}
# MELD 16, MELD-Na 18, MELD 3.0 above 15 with bilirubin 2.5 mg/dL, INR 1.5, creatinine 1.2 mg/dL, sodium 135 mmol/L.
HIGH_MELD: dict[str, Any] = {"bilirubin_total": 2.5, "inr": 1.5, "creatinine": 1.2, "sodium": 135, "albumin": 3.0}


def ask(kb: KnowledgeBase, condition: dict[str, Any], **changes: Any) -> Transplant:
    return transplant(facts_of(kb, condition={**CALM, **condition}, **changes), kb)


def met(answer: Transplant, code: TriggerCode) -> bool | None:
    return next(trigger.met for trigger in answer.triggers if trigger.code == code)


def test_a_calm_patient_of_whom_all_is_known_is_not_referred(kb: KnowledgeBase) -> None:
    answer = ask(kb, {})
    assert answer.refer is False
    assert {trigger.code for trigger in answer.triggers} == set(get_args(TriggerCode))


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        ("ascites", {"ascites": "mild"}),
        ("encephalopathy", {"encephalopathy_grade": 1}),
        ("variceal_bleed", {"variceal_bleed": True}),
        ("hepatocellular_carcinoma", {"hepatocellular_carcinoma": True}),
    ],
)
def test_each_recorded_trigger_alone_refers(kb: KnowledgeBase, code: TriggerCode, condition: dict[str, Any]) -> None:
    answer = ask(kb, condition)
    assert met(answer, code) is True
    assert answer.refer is True


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        ("ascites", {"ascites": "unknown"}),
        ("hepatocellular_carcinoma", {"hepatocellular_carcinoma": None}),
    ],
)
def test_an_unknown_trigger_is_not_taken_for_absent(
    kb: KnowledgeBase, code: TriggerCode, condition: dict[str, Any]
) -> None:
    answer = ask(kb, condition, flare=None)
    assert met(answer, code) is None
    assert answer.refer is None


@pytest.mark.parametrize(("cirrhosis", "expected"), [("compensated", True), ("decompensated", True), ("none", False)])
def test_a_high_meld_counts_in_cirrhosis_only(kb: KnowledgeBase, cirrhosis: str, expected: bool) -> None:
    answer = ask(kb, {"cirrhosis": cirrhosis}, labs=labs(**HIGH_MELD))
    assert met(answer, "meld_15") is expected


@pytest.mark.parametrize(("creatinine", "highest", "expected"), [(1.5, 14, False), (1.6, 15, True)])
def test_the_limit_of_15_is_reached_by_the_highest_reported_variant(
    kb: KnowledgeBase, creatinine: float, highest: int, expected: bool
) -> None:
    answer = ask(kb, {"cirrhosis": "compensated"}, labs=labs(inr=1.4, creatinine=creatinine))
    trigger = next(trigger for trigger in answer.triggers if trigger.code == "meld_15")
    assert trigger.met is expected
    assert trigger.detail.startswith(f"Highest known MELD variant {highest}, limit 15;")


def test_a_high_meld_counts_with_decompensation_in_a_liver_not_known_to_be_cirrhotic(kb: KnowledgeBase) -> None:
    answer = ask(kb, {"cirrhosis": "none", "ascites": "mild"}, labs=labs(**HIGH_MELD))
    assert met(answer, "meld_15") is True


@pytest.mark.parametrize("stage", ["unknown", None])
def test_a_high_meld_is_undecided_while_cirrhosis_is_unknown(kb: KnowledgeBase, stage: str | None) -> None:
    answer = ask(kb, {"cirrhosis": stage}, labs=labs(**HIGH_MELD))
    assert met(answer, "meld_15") is None


def test_a_meld_variant_that_cannot_be_computed_may_be_the_high_one(kb: KnowledgeBase) -> None:
    for analyte in ("sodium", "albumin", "inr"):
        without = labs_without(analyte)
        assert met(ask(kb, {"cirrhosis": "compensated"}, labs=without), "meld_15") is None
    assert met(ask(kb, {"cirrhosis": "compensated"}), "meld_15") is False


@pytest.mark.parametrize(
    ("bilirubin", "inr", "expected"),
    [
        (2.7, 1.5, True),
        (2.6, 1.5, False),
        (2.7, 1.49, False),
        (None, 1.49, False),
        (2.7, None, None),
        (None, 1.5, None),
    ],
)
def test_acute_severe_needs_both_results_past_their_limits(
    kb: KnowledgeBase, bilirubin: float | None, inr: float | None, expected: bool | None
) -> None:
    answer = ask(kb, {}, labs=labs_without(bilirubin_total=bilirubin, inr=inr))
    assert met(answer, "acute_severe") is expected


def test_a_recorded_acute_severe_context_is_believed_where_results_are_missing(kb: KnowledgeBase) -> None:
    without_inr = labs_without("inr")
    severe = labs_without("inr", bilirubin_total=5)
    assert met(ask(kb, {"context": "acute_severe"}, labs=severe), "acute_severe") is True
    assert met(ask(kb, {"context": "acute_severe"}, labs=without_inr), "acute_severe") is False


@pytest.mark.parametrize(
    ("started", "ever", "expected"),
    [
        ("2022-03-10", False, True),
        ("2022-03-11", False, False),
        ("2022-03-10", True, False),
        ("2022-03-10", None, None),
        (None, False, None),
        (None, True, False),
        ("2025-01-01", None, False),
    ],
)
def test_48_months_without_complete_response_counts_from_the_day(
    kb: KnowledgeBase, started: str | None, ever: bool | None, expected: bool | None
) -> None:
    answer = ask(kb, {"treatment_started_on": started, "complete_response_ever": ever})
    assert met(answer, "no_complete_response_48_months") is expected


def test_an_urgent_assessment_refers(kb: KnowledgeBase) -> None:
    answer = transplant(facts_of(kb, condition=CALM), kb, escalate_urgent=True)
    assert met(answer, "escalate_urgent") is True
    assert answer.refer is True


def test_another_condition_has_no_liver_trigger(kb: KnowledgeBase) -> None:
    answer = ask(kb, {"code": "minimal_change_disease", "ascites": "moderate_severe"})
    assert answer.refer is False
    assert {trigger.met for trigger in answer.triggers} == {False}
