from typing import Any

import pytest

from app.clinical.course import Referral
from app.clinical.vocabulary import ConditionCode, Disposition
from app.knowledge.base import KnowledgeBase
from app.rules.plan.referral import referral
from app.rules.plan.transplant import transplant
from tests.builders import labs
from tests.rules.plan.prepared import facts_of

CALM = {"treatment_started_on": "2025-01-01", "complete_response_ever": True}
T4: dict[str, Any] = {"bilirubin_total": 5, "inr": 1.6}


def ask(kb: KnowledgeBase, disposition: Disposition, condition: dict[str, Any], **changes: Any) -> Referral | None:
    facts = facts_of(kb, condition={**CALM, **condition}, **changes)
    return referral(facts, kb, disposition, transplant(facts, kb))


def test_a_plan_without_a_trigger_needs_no_referral(kb: KnowledgeBase) -> None:
    assert ask(kb, "plan", {}) is None
    assert ask(kb, "insufficient_data", {}) is None


@pytest.mark.parametrize("graft", ["liver", "kidney", "other"])
def test_a_graft_recipient_goes_to_the_transplant_team(kb: KnowledgeBase, graft: str) -> None:
    answer = ask(kb, "refer", {"graft": graft})
    assert answer is not None
    assert (answer.target, answer.urgency) == ("transplant_centre", "urgent")
    assert "graft" in answer.reason


@pytest.mark.parametrize(
    ("disposition", "condition", "results"),
    [("plan", {}, T4), ("refer", {"ascites": "mild"}, {}), ("emergency", {"encephalopathy_grade": 2}, {})],
)
def test_the_gravest_tiers_go_to_the_transplant_centre_at_once(
    kb: KnowledgeBase, disposition: Disposition, condition: dict[str, Any], results: dict[str, Any]
) -> None:
    answer = ask(kb, disposition, condition, labs=labs(**results))
    assert answer is not None
    assert (answer.target, answer.urgency) == ("transplant_centre", "immediate")


def test_another_transplant_trigger_goes_there_urgently(kb: KnowledgeBase) -> None:
    answer = ask(kb, "plan", {"hepatocellular_carcinoma": True})
    assert answer is not None
    assert (answer.target, answer.urgency) == ("transplant_centre", "urgent")


@pytest.mark.parametrize(("age", "paediatric"), [(17, True), (18, False)])
def test_the_transplant_team_is_told_that_the_patient_is_a_minor(kb: KnowledgeBase, age: int, paediatric: bool) -> None:
    answer = ask(kb, "refer", {"graft": "liver"}, patient={"age_years": age})
    assert answer is not None
    assert ("paediatric" in answer.reason) is paediatric


def test_a_graft_recipient_in_an_emergency_goes_at_once(kb: KnowledgeBase) -> None:
    answer = ask(kb, "emergency", {"graft": "liver"})
    assert answer is not None
    assert answer.urgency == "immediate"


@pytest.mark.parametrize(
    ("code", "target"), [("autoimmune_hepatitis", "hepatology"), ("myasthenia_gravis", "neurology")]
)
def test_a_red_flag_goes_to_the_own_specialty_at_once(kb: KnowledgeBase, code: ConditionCode, target: str) -> None:
    answer = ask(kb, "emergency", {"code": code})
    assert answer is not None
    assert (answer.target, answer.urgency) == (target, "immediate")
    assert "transplant team" not in answer.reason


def test_a_red_flag_outside_hepatitis_is_named_and_a_graft_does_not_divert_it(kb: KnowledgeBase) -> None:
    flare = {"findings": ["bulbar_weakness"]}
    answer = ask(kb, "emergency", {"code": "myasthenia_gravis", "graft": "kidney"}, flare=flare)
    assert answer is not None
    assert (answer.target, answer.urgency) == ("neurology", "immediate")
    assert "swallowing and airway at risk" in answer.reason
    assert "transplant team" in answer.reason


@pytest.mark.parametrize(
    ("results", "target", "urgency"),
    [
        ({"alt": 36, "ast": 30, "igg": 12}, "dermatology", "routine"),
        ({"alt": 30, "ast": 30, "igg": 12}, "dermatology", "routine"),
        ({"alt": 105, "ast": 30, "igg": 12}, "hepatology", "urgent"),
        ({"alt": 350, "ast": 30, "igg": 12}, "hepatology", "same_day"),
        ({"alt": 36, "ast": None, "igg": 12}, "hepatology", "same_day"),
        ({"alt": 36, "ast": 30, "igg": 12, "inr": None}, "hepatology", "same_day"),
    ],
)
def test_topical_tacrolimus_goes_to_dermatology_only_in_a_hepatitis_known_to_be_mild(
    kb: KnowledgeBase, results: dict[str, Any], target: str, urgency: str
) -> None:
    answer = ask(kb, "refer", {}, labs=labs(**results), tacrolimus={"route": "topical"})
    assert answer is not None
    assert (answer.target, answer.urgency) == (target, urgency)
    assert "topical" in answer.reason


@pytest.mark.parametrize(("threat", "target"), [(True, "nephrology"), (False, "dermatology"), (None, "dermatology")])
def test_a_recorded_organ_threat_comes_before_the_skin(kb: KnowledgeBase, threat: bool | None, target: str) -> None:
    condition = {"code": "lupus_nephritis", "organ_threatening": threat}
    answer = ask(kb, "refer", condition, tacrolimus={"route": "topical"})
    assert answer is not None
    assert answer.target == target


@pytest.mark.parametrize(("age", "paediatric"), [(17, True), (18, False)])
def test_a_minor_goes_to_the_paediatric_service_of_the_specialty(kb: KnowledgeBase, age: int, paediatric: bool) -> None:
    answer = ask(kb, "refer", {}, patient={"age_years": age})
    assert answer is not None
    assert answer.target == "hepatology"
    assert ("paediatric" in answer.reason) is paediatric


def test_in_pregnancy_obstetric_medicine_is_involved(kb: KnowledgeBase) -> None:
    answer = ask(kb, "refer", {}, patient={"sex": "female", "pregnancy": "pregnant", "childbearing_potential": True})
    assert answer is not None
    assert answer.target == "hepatology"
    assert "obstetric" in answer.reason


@pytest.mark.parametrize(("threat", "urgency"), [(True, "immediate"), (False, "urgent"), (None, "immediate")])
def test_only_an_organ_threat_known_to_be_absent_slows_the_referral(
    kb: KnowledgeBase, threat: bool | None, urgency: str
) -> None:
    answer = ask(kb, "refer", {"code": "anca_vasculitis", "organ_threatening": threat}, tacrolimus=None)
    assert answer is not None
    assert (answer.target, answer.urgency) == ("rheumatology", urgency)
