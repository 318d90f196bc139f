"""Tasks: which gates are hard, when each is due, and that prophylaxis respects interactions."""

import re

import pytest

from app.knowledge.base import KnowledgeBase

HARD = {"hbv_antiviral", "mycophenolate_pregnancy_tests", "mycophenolate_contraception"}
# What the specification asks for before or beside treatment.
BASELINE = (
    "hbv_screening hcv_screening hiv_screening tb_screening strongyloides_screening varicella_immunity pjp_prophylaxis "
    "bone_protection glucose_check blood_pressure eye_examination vaccines contraception pregnancy_test ecg_qtc "
    "potassium_check magnesium_check neurotoxicity_question trough_after_steroid_step add_second_agent "
    "second_line_review thiopurine_test infection_screen steroid_card medication_reconciliation hbv_dna"
)
DIFFERENTIAL = {
    "differential_adherence",
    "differential_viral_hepatitis",
    "differential_drug_injury",
    "differential_biliary_obstruction",
}


def test_only_hepatitis_b_and_the_pregnancy_gates_of_mycophenolate_are_hard(kb: KnowledgeBase) -> None:
    assert {code for code, row in kb.tasks.items() if row.gate == "hard"} == HARD


@pytest.mark.parametrize("code", BASELINE.split())
def test_the_baseline_and_prophylaxis_set_is_complete(kb: KnowledgeBase, code: str) -> None:
    assert code in kb.tasks


def test_every_item_of_the_differential_checklist_has_a_task(kb: KnowledgeBase) -> None:
    assert {code for code in kb.tasks if code.startswith("differential_")} == DIFFERENTIAL


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("hbv_screening", 7),
        ("hbv_antiviral", 0),
        ("add_second_agent", 14),
        ("trough_after_steroid_step", 5),
        ("pjp_prophylaxis", 0),
        ("thiopurine_test", 0),
        ("eye_examination", 90),
    ],
)
def test_a_task_is_due_on_its_day(kb: KnowledgeBase, code: str, days: int) -> None:
    assert kb.tasks[code].after_days == days


def test_the_day_of_the_second_agent_cites_why(kb: KnowledgeBase) -> None:
    assert {"S34", "C10"} <= set(kb.tasks["add_second_agent"].cites)


def test_lung_prophylaxis_names_the_way_out_beside_methotrexate(kb: KnowledgeBase) -> None:
    title = kb.tasks["pjp_prophylaxis"].title
    assert "never with methotrexate" in title
    assert "atovaquone" in title


def test_no_task_is_due_before_treatment_starts(kb: KnowledgeBase) -> None:
    assert all(row.after_days >= 0 for row in kb.tasks.values())


def test_codes_are_lower_case_words(kb: KnowledgeBase) -> None:
    assert [code for code in kb.tasks if not re.fullmatch(r"[a-z][a-z0-9_]*", code)] == []
