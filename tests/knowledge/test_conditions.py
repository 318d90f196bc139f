"""Conditions: which statements apply, who decides, what is followed, which codes stand for it."""

import re
from typing import get_args

import pytest

from app.clinical.vocabulary import ConditionCode
from app.knowledge.base import KnowledgeBase

# Lines of the source document; its title is line 1. A statement id narrows a line to one of its statements.
APPLIES: dict[str, tuple[int, ...]] = {
    "lupus_nephritis": (18, 19, 22, 27, 28, 31, 33, 35, 49, 51),
    "systemic_lupus_erythematosus": (18, 19, 22, 27, 28, 31, 33, 35, 49, 51),
    "anca_vasculitis": (18, 19, 22, 27, 31),
    "membranous_nephropathy": (27, 28, 31, 33, 45),
    "minimal_change_disease": (18, 19, 27, 28, 31, 33, 45),
    "focal_segmental_glomerulosclerosis": (27, 28, 31, 33, 45),
    "myasthenia_gravis": (19, 27, 28, 31, 35),
    "myositis_ild": (18, 19, 22, 27, 28, 31, 35),
    "rheumatoid_arthritis": (19, 22, 27, 28, 31),
    "ulcerative_colitis": (19, 22, 27, 28, 31),
    "uveitis": (19, 27, 28, 31, 35),
    "atopic_dermatitis": (27, 28, 31),
    "other_autoimmune": (19, 22, 27, 28, 31),
}
OVERRIDDEN: dict[str, tuple[int | str, ...]] = {
    "lupus_nephritis": (5, 6, "S11", 23, 24, 39, 43, 53, 54, 56),
    "systemic_lupus_erythematosus": (5, 6, "S11", 23, 24, 39, 43, 53, 54, 56),
    "anca_vasculitis": ("S04", 6, 9, 35, 43, 49, 50, 51, 53, 54, 56, 57),
    "membranous_nephropathy": ("S01", "S04", 6, "S11", "S25", 39, 43, 53, 54, 56),
    "minimal_change_disease": (6, "S11", "S25", 39, 43, 53, 54, 56),
    "focal_segmental_glomerulosclerosis": (6, "S11", "S25", 39, 43, 53, 54, 56),
    "myasthenia_gravis": ("S01", 5, 6, "S11", 22, 39, 53, 54, 56),
    "myositis_ild": (6, "S11", 51, 53, 54, 56),
    "rheumatoid_arthritis": ("S01", "S02", 5, 6, "S11", 18, 39, 53, 54, 56),
    "ulcerative_colitis": (6, "S11", 23, 49, 53, 54, 56, 57),
    "uveitis": (6, "S11", 22, 53, 54, 56),
}
# Hepatitis: everything but its three overridden figures and the two statements about other organs.
NOT_FOR_HEPATITIS = {"S11", "S18", "S20", "S21", "S25"}
REFERRAL = {
    "autoimmune_hepatitis": "hepatology",
    "lupus_nephritis": "nephrology",
    "systemic_lupus_erythematosus": "rheumatology",
    "anca_vasculitis": "rheumatology",
    "membranous_nephropathy": "nephrology",
    "minimal_change_disease": "nephrology",
    "focal_segmental_glomerulosclerosis": "nephrology",
    "myasthenia_gravis": "neurology",
    "myositis_ild": "pulmonology",
    "rheumatoid_arthritis": "rheumatology",
    "ulcerative_colitis": "gastroenterology",
    "uveitis": "ophthalmology",
    "atopic_dermatitis": "dermatology",
    "other_autoimmune": "rheumatology",
}
URGENCY = ("immediate", "same_day", "urgent", "routine")


def at(kb: KnowledgeBase, places: tuple[int | str, ...]) -> set[str]:
    """The statements on the lines named, and those named themselves."""
    return {row.id for row in kb.statements.values() if row.line in places or row.id in places}


def test_every_condition_of_the_contract_has_a_row_and_no_other_has(kb: KnowledgeBase) -> None:
    assert set(kb.conditions) == set(get_args(ConditionCode))


@pytest.mark.parametrize("condition", APPLIES)
def test_the_statements_that_apply_are_those_of_the_table(kb: KnowledgeBase, condition: str) -> None:
    assert set(kb.conditions[condition].applies) == at(kb, APPLIES[condition])


@pytest.mark.parametrize("condition", OVERRIDDEN)
def test_the_statements_that_are_overridden_are_those_of_the_table(kb: KnowledgeBase, condition: str) -> None:
    assert set(kb.conditions[condition].overridden) == at(kb, OVERRIDDEN[condition])


def test_hepatitis_uses_all_statements_but_its_wrong_figures_and_other_organs(kb: KnowledgeBase) -> None:
    row = kb.conditions["autoimmune_hepatitis"]
    assert set(kb.statements) - set(row.applies) == NOT_FOR_HEPATITIS
    assert set(row.overridden) == {"S11", "S18", "S25"}


def test_no_statement_both_applies_and_is_overridden(kb: KnowledgeBase) -> None:
    assert {key for key, row in kb.conditions.items() if set(row.applies) & set(row.overridden)} == set()


def test_only_hepatitis_is_dosed(kb: KnowledgeBase) -> None:
    assert [key for key, row in kb.conditions.items() if row.dosing] == ["autoimmune_hepatitis"]


@pytest.mark.parametrize("condition", ["lupus_nephritis", "anca_vasculitis"])
def test_organ_threat_shows_the_option_text_of_the_source(kb: KnowledgeBase, condition: str) -> None:
    text = kb.conditions[condition].specialist_text
    assert "high-dose glucocorticoid or reintroduction of immunosuppressants including tacrolimus" in text
    assert "S20" in kb.conditions[condition].cites


def test_myasthenia_gets_no_high_dose_start_outside_hospital(kb: KnowledgeBase) -> None:
    row = kb.conditions["myasthenia_gravis"]
    assert "No start of prednisone 30-60 mg outside hospital" in row.specialist_text
    assert {"S01", "S04", "S05"} <= set(row.overridden)


def test_atopic_dermatitis_gets_no_systemic_steroid(kb: KnowledgeBase) -> None:
    row = kb.conditions["atopic_dermatitis"]
    assert row.specialist_text.startswith("No systemic steroid plan.")
    assert {"S01", "S04", "S05", "S06", "S07", "S33", "S35", "S36"} <= set(row.overridden)


@pytest.mark.parametrize(("condition", "target"), REFERRAL.items())
def test_a_condition_goes_to_its_specialist(kb: KnowledgeBase, condition: str, target: str) -> None:
    assert kb.conditions[condition].referral == target


def test_an_organ_threat_never_slows_the_referral(kb: KnowledgeBase) -> None:
    for row in kb.conditions.values():
        assert URGENCY.index(row.urgency_organ_threatening) <= URGENCY.index(row.urgency)


def test_every_marker_is_due_within_two_weeks(kb: KnowledgeBase) -> None:
    assert all(1 <= marker.due_days <= 14 for row in kb.conditions.values() for marker in row.markers)


def test_lupus_nephritis_follows_urine_kidney_and_serology(kb: KnowledgeBase) -> None:
    followed = {name for marker in kb.conditions["lupus_nephritis"].markers for name in marker.analytes}
    assert {"upcr", "creatinine", "urine_rbc", "c3", "c4", "anti_dsdna", "albumin"} <= followed


def test_the_name_of_a_marker_outside_the_contract_makes_a_code(kb: KnowledgeBase) -> None:
    titles = [marker.title for row in kb.conditions.values() for marker in row.markers if not marker.analytes]
    assert [title for title in titles if not re.fullmatch(r"[A-Za-z0-9 -]+", title)] == []


def test_every_condition_names_red_flags_tiers_and_markers(kb: KnowledgeBase) -> None:
    assert all(row.red_flags and row.tiers and row.markers for row in kb.conditions.values())


@pytest.mark.parametrize(
    ("condition", "snomed_ct", "icd_10_cm"),
    [
        ("autoimmune_hepatitis", "408335007", "K75.4"),
        ("lupus_nephritis", "68815009", "M32.14"),
        ("anca_vasculitis", "722191003", "I77.82"),
        ("membranous_nephropathy", "722119002", "N04.21"),
        ("focal_segmental_glomerulosclerosis", "236403004", "N04.1"),
        ("myasthenia_gravis", "91637004", "G70.01"),
        ("ulcerative_colitis", "64766004", "K51.90"),
        ("uveitis", "128473001", "H20.9"),
    ],
)
def test_a_condition_carries_its_codes(kb: KnowledgeBase, condition: str, snomed_ct: str, icd_10_cm: str) -> None:
    row = kb.conditions[condition]
    assert snomed_ct in row.snomed_ct
    assert icd_10_cm in row.icd_10_cm


def test_a_code_stands_for_one_condition_only(kb: KnowledgeBase) -> None:
    codes = [code for row in kb.conditions.values() for code in (*row.snomed_ct, *row.icd_10_cm)]
    assert len(codes) == len(set(codes))


def test_codes_that_cannot_be_billed_or_were_not_confirmed_are_absent(kb: KnowledgeBase) -> None:
    codes = {code for row in kb.conditions.values() for code in (*row.snomed_ct, *row.icd_10_cm)}
    assert codes.isdisjoint(("N04.2", "31384009"))


def test_the_plasma_range_is_nobodys_whole_blood_target(kb: KnowledgeBase) -> None:
    assert [key for key, row in kb.conditions.items() if "0.6" in row.tacrolimus_target] == []
