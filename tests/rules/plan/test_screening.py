from typing import Any

import pytest

from app.clinical.option import Option
from app.knowledge.base import KnowledgeBase
from app.rules.plan.offer import Offer
from app.rules.plan.screening import hepatitis_b_tasks, infection_sign, screening_tasks
from tests.builders import lab, labs
from tests.rules.plan.prepared import COMBINATION, facts_of

ANTIVIRAL = [{"drug": "entecavir", "dose_mg_per_day": 0.5}]


def hepatitis_b(kb: KnowledgeBase, screening: dict[str, Any] | None, **changes: Any) -> list[str]:
    return [task.code for task in hepatitis_b_tasks(facts_of(kb, screening=screening, **changes), kb)]


def screened(kb: KnowledgeBase, *options: Option, **changes: Any) -> list[str]:
    return [task.code for task in screening_tasks(facts_of(kb, **changes), kb, Offer.of(options))]


def test_negative_serology_asks_for_nothing(kb: KnowledgeBase) -> None:
    assert hepatitis_b(kb, {}) == []


@pytest.mark.parametrize("field", ["hbsag", "anti_hbc"])
@pytest.mark.parametrize("answer", [None, "unknown"])
def test_unknown_serology_is_a_soft_task_due_in_7_days(kb: KnowledgeBase, field: str, answer: str | None) -> None:
    (task,) = hepatitis_b_tasks(facts_of(kb, screening={field: answer}), kb)
    assert (task.code, task.gate, str(task.due_on)) == ("hbv_screening", "soft", "2026-03-17")


def test_serology_that_was_not_sent_is_unknown(kb: KnowledgeBase) -> None:
    assert hepatitis_b(kb, None) == ["hbv_screening"]


def test_surface_antigen_without_an_antiviral_is_a_hard_gate(kb: KnowledgeBase) -> None:
    gate, *rest = hepatitis_b_tasks(facts_of(kb, screening={"hbsag": "positive"}), kb)
    assert (gate.code, gate.gate, gate.option_id) == ("hbv_antiviral", "hard", None)
    assert [task.code for task in rest] == ["hbv_dna"]


@pytest.mark.parametrize("core", ["negative", "positive", "unknown"])
def test_beside_the_surface_antigen_the_core_antibody_adds_nothing(kb: KnowledgeBase, core: str) -> None:
    assert hepatitis_b(kb, {"hbsag": "positive", "anti_hbc": core}) == ["hbv_antiviral", "hbv_dna"]


def test_an_antiviral_on_the_list_opens_the_gate(kb: KnowledgeBase) -> None:
    assert hepatitis_b(kb, {"hbsag": "positive"}, medications=ANTIVIRAL) == ["hbv_dna"]


@pytest.mark.parametrize(("started_on", "gate"), [("2026-03-09", False), ("2026-03-10", False), ("2026-03-11", True)])
def test_an_antiviral_that_begins_after_the_first_day_keeps_the_gate_closed(
    kb: KnowledgeBase, started_on: str, gate: bool
) -> None:
    planned = [{"drug": "entecavir", "started_on": started_on}]
    assert ("hbv_antiviral" in hepatitis_b(kb, {"hbsag": "positive"}, medications=planned)) is gate


def test_an_absent_medication_list_keeps_the_gate_closed(kb: KnowledgeBase) -> None:
    assert hepatitis_b(kb, {"hbsag": "positive"}, medications=None) == ["hbv_antiviral", "hbv_dna"]


def test_core_antibody_alone_asks_for_virus_dna_and_a_decision(kb: KnowledgeBase) -> None:
    assert hepatitis_b(kb, {"anti_hbc": "positive"}) == ["hbv_dna", "hbv_monitoring"]


def test_a_known_virus_dna_is_not_asked_for_again(kb: KnowledgeBase) -> None:
    results = [*labs(), lab("hbv_dna", 0, "[IU]/mL")]
    assert hepatitis_b(kb, {"anti_hbc": "positive"}, labs=results) == ["hbv_monitoring"]


def test_another_condition_is_not_asked_for_serology_but_an_antigen_still_gates(kb: KnowledgeBase) -> None:
    uveitis = {"code": "uveitis"}
    assert hepatitis_b(kb, {"hbsag": None}, condition=uveitis) == []
    assert hepatitis_b(kb, {"hbsag": "positive"}, condition=uveitis) == ["hbv_antiviral", "hbv_dna"]


def test_settled_screening_asks_for_nothing(kb: KnowledgeBase) -> None:
    assert screened(kb, COMBINATION) == []


def test_without_an_option_no_screening_is_ordered_here(kb: KnowledgeBase) -> None:
    assert screened(kb, screening=None) == []


def test_screening_that_was_not_sent_is_ordered(kb: KnowledgeBase) -> None:
    assert screened(kb, COMBINATION, screening=None) == [
        "infection_screen",
        "hcv_screening",
        "hiv_screening",
        "tb_screening",
        "strongyloides_screening",
        "varicella_immunity",
    ]


@pytest.mark.parametrize(
    ("field", "answer", "code"),
    [
        ("anti_hcv", "positive", "hcv_screening"),
        ("hiv", "positive", "hiv_screening"),
        ("tuberculosis", "positive", "tb_treatment_choice"),
        ("strongyloides_exposure", "positive", "strongyloides_screening"),
        ("strongyloides_exposure", "unknown", "strongyloides_screening"),
        ("varicella_immune", "negative", "varicella_immunity"),
    ],
)
def test_an_answer_that_matters_stays_a_task(kb: KnowledgeBase, field: str, answer: str, code: str) -> None:
    (task,) = screening_tasks(facts_of(kb, screening={field: answer}), kb, Offer.of([COMBINATION]))
    assert task.code == code
    assert (f"{field} is {answer}" in task.title) is (answer != "unknown")


@pytest.mark.parametrize(
    "changes", [{"screening": {"infection_suspected": True}}, {"flare": {"findings": ["fever"]}}], ids=str
)
def test_a_suspected_infection_is_looked_for(kb: KnowledgeBase, changes: dict[str, Any]) -> None:
    assert screened(kb, COMBINATION, **changes) == ["infection_screen"]


@pytest.mark.parametrize("medications", [None, [{"drug": "zzyzx"}]])
def test_an_incomplete_medication_list_is_completed(kb: KnowledgeBase, medications: list[Any] | None) -> None:
    assert screened(kb, COMBINATION, medications=medications) == ["medication_reconciliation"]


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({}, None),
        ({"screening": None}, None),
        ({"screening": {"infection_suspected": True}}, "an infection is suspected"),
        ({"vitals": {"temperature_c": 38.0}}, "there is fever"),
        ({"vitals": {"temperature_c": 37.9}}, None),
        ({"screening": None, "flare": {"findings": ["fever"]}}, "there is fever"),
    ],
)
def test_suspicion_and_fever_point_to_an_infection(
    kb: KnowledgeBase, changes: dict[str, Any], sign: str | None
) -> None:
    assert infection_sign(facts_of(kb, **changes)) == sign
