"""Standings, ranks, withheld doses, tablets of the site."""

from typing import Any

import pytest

from app.clinical.option import MedicationPlan, Option
from app.knowledge.base import KnowledgeBase
from app.planning.arrange import standing
from app.planning.decide import decide
from app.rules.options.draft import Draft
from app.rules.rule import Block, Condition, Finding, NotIndicated
from tests.builders import episode

BLOCK, OUT, WAIT = Block("B", "b"), NotIndicated("N", "n"), Condition("C", "c")


def options(kb: KnowledgeBase, **changes: Any) -> dict[str, Option]:
    return {option.id: option for option in decide(episode(**changes), kb).options}


def drug(option: Option, name: str) -> MedicationPlan:
    return next(item for item in option.medications if item.drug == name)


@pytest.mark.parametrize(
    ("findings", "recommended", "expected"),
    [
        ((BLOCK, OUT, WAIT), True, "blocked"),
        ((OUT, WAIT), True, "not_indicated"),
        ((WAIT,), True, "conditional"),
        ((), True, "recommended"),
        ((), False, "alternative"),
    ],
)
def test_the_stricter_standing_wins(findings: tuple[Finding, ...], recommended: bool, expected: str) -> None:
    draft = Draft("third_line", "title", ("S42",), findings, ())
    assert standing(draft, recommended=recommended) == expected


def test_the_recommended_option_is_first_and_alternatives_follow(kb: KnowledgeBase) -> None:
    ranks = {option.id: option.rank for option in options(kb, condition={"context": "failure_on_therapy"}).values()}
    assert ranks["prednisone_azathioprine"] == 1
    assert (ranks["prednisone_monotherapy"], ranks["add_mycophenolate"]) == (2, 3)
    assert ranks["third_line"] is None


def test_a_conditional_combination_keeps_its_steroid_and_says_what_azathioprine_waits_for(kb: KnowledgeBase) -> None:
    option = options(kb, patient={"weight_kg": None})["prednisone_azathioprine"]
    assert drug(option, "prednisone").dose_mg_per_day == 30
    assert drug(option, "azathioprine").dose_mg_per_day is None
    assert drug(option, "azathioprine").deferred_until == "the body weight is known"
    assert option.taper is None


def test_a_site_without_the_tablets_gets_the_next_lower_dose(kb: KnowledgeBase) -> None:
    option = options(kb, site={"tablet_strengths": {"azathioprine": [100]}})["prednisone_azathioprine"]
    assert drug(option, "azathioprine").dose_mg_per_day == 100
    assert "DOSE_ROUNDED_TO_TABLETS" in {caution.code for caution in option.cautions}


def test_a_site_without_any_fitting_tablet_gets_no_dose(kb: KnowledgeBase) -> None:
    option = options(kb, site={"tablet_strengths": {"azathioprine": [500]}})["prednisone_azathioprine"]
    assert option.standing == "conditional"
    assert drug(option, "azathioprine").dose_mg_per_day is None
    assert "DOSE_NOT_MAKEABLE" in {condition.code for condition in option.conditions}


def test_a_schedule_starts_at_the_dose_that_can_be_made(kb: KnowledgeBase) -> None:
    option = options(kb, site={"tablet_strengths": {"azathioprine": [100]}})["prednisone_azathioprine"]
    assert option.taper is not None
    assert option.taper.steps[0].doses["azathioprine"] == 100


def test_an_unanswered_infection_question_makes_only_the_first_option_conditional(kb: KnowledgeBase) -> None:
    found = options(kb, screening={"infection_suspected": None})
    assert found["prednisone_azathioprine"].standing == "conditional"
    assert drug(found["prednisone_azathioprine"], "azathioprine").dose_mg_per_day == 150
    assert found["prednisone_monotherapy"].standing == "alternative"


def test_a_fact_of_scope_that_is_unknown_withholds_every_dose(kb: KnowledgeBase) -> None:
    found = options(kb, condition={"graft": None})
    assert [
        item.dose_mg_per_day for option in found.values() for item in option.medications if item.dose_mg_per_day
    ] == []
