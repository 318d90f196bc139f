from typing import Any

import pytest

from app.clinical.course import Task
from app.clinical.option import Option
from app.knowledge.base import KnowledgeBase
from app.rules.plan.offer import Offer
from app.rules.plan.prophylaxis import pneumocystis_task
from tests.rules.plan.prepared import COMBINATION, MONOTHERAPY, TACROLIMUS, facts_of, option


def asked(kb: KnowledgeBase, *options: Option, **changes: Any) -> tuple[Task, ...]:
    return pneumocystis_task(facts_of(kb, **changes), kb, Offer.of(options))


@pytest.mark.parametrize("chosen", [COMBINATION, MONOTHERAPY])
def test_both_steroid_options_ask_for_prophylaxis(kb: KnowledgeBase, chosen: Option) -> None:
    (task,) = asked(kb, chosen)
    assert (task.code, task.gate) == ("pjp_prophylaxis", "soft")


def test_tacrolimus_with_a_steroid_not_yet_chosen_asks_for_none(kb: KnowledgeBase) -> None:
    assert asked(kb, TACROLIMUS) == ()


@pytest.mark.parametrize(("dose", "due"), [(19, False), (20, True)])
def test_prophylaxis_begins_at_20_mg(kb: KnowledgeBase, dose: int, due: bool) -> None:
    assert bool(asked(kb, option("prednisone_monotherapy", "recommended", prednisone=dose))) is due
    assert bool(asked(kb, medications=[{"drug": "prednisolone", "dose_mg_per_day": dose}])) is due


def test_a_running_steroid_without_its_dose_counts_as_high(kb: KnowledgeBase) -> None:
    assert asked(kb, medications=[{"drug": "prednisone"}]) != ()


def test_one_steroid_without_its_dose_counts_as_high_beside_a_low_one(kb: KnowledgeBase) -> None:
    low = {"drug": "prednisone", "dose_mg_per_day": 5}
    assert asked(kb, medications=[low]) == ()
    assert asked(kb, medications=[low, {"drug": "prednisolone"}]) != ()


@pytest.mark.parametrize("drug", ["methylprednisolone", "dexamethasone", "budesonide"])
def test_another_systemic_glucocorticoid_counts_as_high_and_has_to_be_converted(kb: KnowledgeBase, drug: str) -> None:
    (task,) = asked(kb, medications=[{"drug": drug, "dose_mg_per_day": 4}])
    assert f"convert to prednisone first: {drug}" in task.title


def test_an_allergy_nobody_can_name_is_a_warning_in_the_task(kb: KnowledgeBase) -> None:
    (task,) = asked(kb, COMBINATION, allergies=[{"drug": "Frobozz"}])
    assert "exclude a sulfonamide allergy first" in task.title
    assert "Frobozz" in task.title


def test_without_a_medication_list_the_options_decide_and_the_drug_waits(kb: KnowledgeBase) -> None:
    assert asked(kb, TACROLIMUS, medications=None) == ()
    for unknown in ("medications", "allergies"):
        (task,) = asked(kb, COMBINATION, **{unknown: None})
        assert "once the medication and allergy lists are known" in task.title


def test_with_methotrexate_the_choice_is_atovaquone(kb: KnowledgeBase) -> None:
    (task,) = asked(kb, COMBINATION, medications=[{"drug": "methotrexate"}])
    assert task.code == "pjp_prophylaxis"
    assert task.title.startswith(kb.tasks["pjp_prophylaxis_atovaquone"].title)
    assert "methotrexate is running" in task.title


@pytest.mark.parametrize("reaction", ["hypersensitivity", "intolerance"])
@pytest.mark.parametrize("drug", ["co-trimoxazole", "sulfamethoxazole", "sulfa", "Sulfonamides", "trimethoprim"])
def test_after_a_sulfa_reaction_the_choice_is_atovaquone(kb: KnowledgeBase, drug: str, reaction: str) -> None:
    (task,) = asked(kb, COMBINATION, allergies=[{"drug": drug, "reaction": reaction}])
    assert task.title.startswith(kb.tasks["pjp_prophylaxis_atovaquone"].title)


@pytest.mark.parametrize("medication", ["lisinopril", "losartan", "spironolactone", "cyclosporine"])
def test_potassium_is_checked_beside_drugs_that_raise_it(kb: KnowledgeBase, medication: str) -> None:
    (task,) = asked(kb, MONOTHERAPY, medications=[{"drug": medication}])
    assert "check potassium" in task.title


def test_a_suggested_drug_counts_like_a_running_one(kb: KnowledgeBase) -> None:
    (both,) = asked(kb, COMBINATION, TACROLIMUS)
    assert "check potassium" in both.title
    assert "check the blood count" in both.title
    (other,) = asked(kb, MONOTHERAPY, option("switch_cyclosporine", "conditional", cyclosporine=None))
    assert "check potassium" in other.title
    (alone,) = asked(kb, MONOTHERAPY)
    assert alone.title == kb.tasks["pjp_prophylaxis"].title


def test_running_azathioprine_asks_for_the_blood_count(kb: KnowledgeBase) -> None:
    (task,) = asked(kb, MONOTHERAPY, medications=[{"drug": "azathioprine"}])
    assert "check the blood count" in task.title
