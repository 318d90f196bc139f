from typing import Any

import pytest

from app.clinical.option import Option
from app.knowledge.base import KnowledgeBase
from app.rules.plan.baseline import baseline_tasks, reproduction_tasks, second_agent_task
from app.rules.plan.offer import Offer
from tests.builders import labs
from tests.rules.plan.prepared import (
    COMBINATION,
    MONOTHERAPY,
    MYCOPHENOLATE,
    TACROLIMUS,
    facts_of,
    labs_without,
    option,
)

FERTILE = {"sex": "female", "childbearing_potential": True, "pregnancy": "not_pregnant"}
SEVERE = labs(bilirubin_total=4)


def baseline(kb: KnowledgeBase, chosen: Option, **changes: Any) -> set[str]:
    return {task.code for task in baseline_tasks(facts_of(kb, **changes), kb, Offer.of([chosen]))}


def reproduction(kb: KnowledgeBase, *options: Option, **changes: Any) -> dict[str, str]:
    found = reproduction_tasks(facts_of(kb, **changes), kb, Offer.of(options))
    return {task.code: task.gate for task in found}


KIDNEY_AND_HEART = {"potassium_check", "magnesium_check", "creatinine_check", "ecg_qtc"}
CALCINEURIN = {*KIDNEY_AND_HEART, "neurotoxicity_question", "blood_pressure", "glucose_check", "vaccines"}
STEROID = {"bone_protection", "glucose_check", "blood_pressure", "eye_examination", "steroid_card", "vaccines"}


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        ("prednisone", STEROID),
        ("prednisolone", STEROID),
        ("tacrolimus", CALCINEURIN),
        ("cyclosporine", CALCINEURIN),
        ("azathioprine", {"thiopurine_test", "vaccines"}),
        ("mycophenolate", {"vaccines"}),
        ("methotrexate", set()),
    ],
)
def test_each_drug_asks_for_its_own_checks_where_nothing_was_sent(
    kb: KnowledgeBase, drug: str, expected: set[str]
) -> None:
    without = labs_without("potassium", "magnesium", "creatinine")
    chosen = option("third_line", "conditional", **{drug: None})
    assert baseline(kb, chosen, labs=without, pharmacogenetics=None) == expected


def test_baseline_results_that_were_sent_are_not_asked_for_again(kb: KnowledgeBase) -> None:
    asked = baseline(kb, TACROLIMUS, vitals={"qtc_ms": 420})
    assert not KIDNEY_AND_HEART & asked


@pytest.mark.parametrize(
    ("tpmt", "nudt15", "due"), [("normal", "normal", False), (None, "normal", True), ("normal", "unknown", True)]
)
def test_an_unknown_thiopurine_gene_is_tested(
    kb: KnowledgeBase, tpmt: str | None, nudt15: str | None, due: bool
) -> None:
    asked = baseline(kb, COMBINATION, pharmacogenetics={"tpmt": tpmt, "nudt15": nudt15})
    assert ("thiopurine_test" in asked) is due


def test_tasks_are_dated_from_the_first_treatment_day(kb: KnowledgeBase) -> None:
    facts = facts_of(kb, start_on="2026-03-20")
    dates = {task.code: str(task.due_on) for task in baseline_tasks(facts, kb, Offer.of([MONOTHERAPY]))}
    assert dates["glucose_check"] == "2026-03-20"


def test_who_cannot_conceive_is_asked_for_no_pregnancy_test(kb: KnowledgeBase) -> None:
    assert reproduction(kb, COMBINATION, MYCOPHENOLATE) == {}


def test_who_may_conceive_is_tested_and_advised(kb: KnowledgeBase) -> None:
    assert reproduction(kb, COMBINATION, patient=FERTILE) == {"pregnancy_test": "soft", "contraception": "soft"}
    assert reproduction(kb, COMBINATION, patient={**FERTILE, "contraception": True}) == {"pregnancy_test": "soft"}
    assert reproduction(kb, patient=FERTILE) == {}


@pytest.mark.parametrize("tests", [None, 0, 1])
@pytest.mark.parametrize("contraception", [None, False])
def test_mycophenolate_has_two_hard_gates(kb: KnowledgeBase, tests: int | None, contraception: bool | None) -> None:
    gates = reproduction(
        kb,
        MYCOPHENOLATE,
        patient={**FERTILE, "contraception": contraception},
        screening={"pregnancy_tests_negative": tests},
    )
    assert gates["mycophenolate_pregnancy_tests"] == gates["mycophenolate_contraception"] == "hard"


def test_the_gates_of_mycophenolate_bind_that_option_only(kb: KnowledgeBase) -> None:
    found = reproduction_tasks(facts_of(kb, patient=FERTILE), kb, Offer.of([MYCOPHENOLATE]))
    assert {task.option_id for task in found if task.gate == "hard"} == {"add_mycophenolate"}


def test_two_tests_and_contraception_open_the_gates(kb: KnowledgeBase) -> None:
    open_gates = reproduction(
        kb,
        MYCOPHENOLATE,
        patient={**FERTILE, "contraception": True},
        screening={"pregnancy_tests_negative": 2},
    )
    assert open_gates == {"pregnancy_test": "soft"}


def test_screening_that_was_not_sent_keeps_the_test_gate_closed(kb: KnowledgeBase) -> None:
    gates = reproduction(kb, MYCOPHENOLATE, patient={**FERTILE, "contraception": True}, screening=None)
    assert gates["mycophenolate_pregnancy_tests"] == "hard"


def test_a_severe_flare_on_prednisone_alone_is_reviewed_on_day_14(kb: KnowledgeBase) -> None:
    (task,) = second_agent_task(facts_of(kb, labs=SEVERE), kb, Offer.of([MONOTHERAPY]))
    assert (task.code, str(task.due_on), task.option_id) == ("add_second_agent", "2026-03-24", "prednisone_monotherapy")


def test_a_milder_flare_or_a_combination_needs_no_second_agent_task(kb: KnowledgeBase) -> None:
    assert second_agent_task(facts_of(kb), kb, Offer.of([MONOTHERAPY])) == ()
    assert second_agent_task(facts_of(kb, labs=SEVERE), kb, Offer.of([COMBINATION])) == ()
