"""Whole decisions: the same twice, complete, cited, and never a dose where there must be none."""

import json
from typing import Any

import pytest

from app.clinical.plan import PlanContent
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from app.planning.document import write_document
from tests.builders import episode, labs

EMERGENCY: dict[str, Any] = {"flare": {"findings": ["encephalopathy"]}}
REFERRAL: dict[str, Any] = {"condition": {"graft": "liver"}}
TOO_LITTLE: dict[str, Any] = {"labs": labs(alt=None, ast=None)}
LUPUS: dict[str, Any] = {"condition": {"code": "lupus_nephritis", "organ_threatening": True}}
WAITING: dict[str, Any] = {"patient": {"weight_kg": None}}
INFECTED: dict[str, Any] = {"screening": {"infection_suspected": True}}
EVERY_KIND = [{}, EMERGENCY, REFERRAL, TOO_LITTLE, LUPUS, WAITING, INFECTED]


def plan(kb: KnowledgeBase, **changes: Any) -> PlanContent:
    return decide(episode(**changes), kb)


def doses(content: PlanContent) -> list[Any]:
    drugs = [item for option in content.options for item in option.medications]
    return [value for item in drugs for value in (item.dose_mg_per_day, item.dose_range_mg_per_day) if value]


def cited_ids(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = set(part["citations"]) if isinstance((part.get("citations") or [0])[0], str) else set()
        return own.union(*(cited_ids(item) for name, item in part.items() if name != "citations"))
    return set().union(*map(cited_ids, part)) if isinstance(part, list) else set()


@pytest.mark.parametrize("changes", EVERY_KIND)
def test_the_same_episode_gives_the_same_bytes(changes: dict[str, Any], kb: KnowledgeBase) -> None:
    assert write_document(plan(kb, **changes)) == write_document(plan(kb, **changes))


@pytest.mark.parametrize("changes", EVERY_KIND)
def test_every_statement_has_its_verdict(changes: dict[str, Any], kb: KnowledgeBase) -> None:
    numbers = [verdict.id for verdict in plan(kb, **changes).statements]
    assert numbers == [f"S{number:02d}" for number in range(1, 50)]


@pytest.mark.parametrize("changes", EVERY_KIND)
def test_every_cited_id_is_resolved_and_none_is_recalled(changes: dict[str, Any], kb: KnowledgeBase) -> None:
    content = plan(kb, **changes)
    resolved = {citation.id for citation in content.citations}
    body = json.loads(write_document(content).json)
    assert cited_ids({**body, "citations": []}) <= resolved
    assert not {key for key in resolved & kb.references.keys() if kb.references[key].grade == "R"}


@pytest.mark.parametrize(
    ("changes", "disposition", "start"),
    [
        (EMERGENCY, "emergency", "Escalate now: "),
        (REFERRAL, "refer", "Refer to transplant centre"),
        (TOO_LITTLE, "insufficient_data", "No plan yet: send labs.alt and labs.ast"),
        (LUPUS, "refer", "Refer to nephrology"),
    ],
)
def test_outside_a_plan_there_is_no_option_and_no_dose(
    changes: dict[str, Any], disposition: str, start: str, kb: KnowledgeBase
) -> None:
    content = plan(kb, **changes)
    assert (content.disposition, content.options, content.taper) == (disposition, (), None)
    assert content.headline.startswith(start)


def test_a_red_flag_comes_before_scope_and_scope_before_missing_data(kb: KnowledgeBase) -> None:
    assert plan(kb, **EMERGENCY, **REFERRAL).disposition == "emergency"
    assert plan(kb, **REFERRAL, **TOO_LITTLE).disposition == "refer"


def test_an_emergency_has_no_timed_work_but_its_transplant_triggers(kb: KnowledgeBase) -> None:
    content = plan(kb, **EMERGENCY)
    assert (content.monitoring, content.tasks) == ((), ())
    assert [trigger.code for trigger in content.transplant.triggers if trigger.met] == ["encephalopathy"]
    assert (content.valid_until - content.as_of).days == 1


def test_a_plan_holds_for_fourteen_days(kb: KnowledgeBase) -> None:
    content = plan(kb)
    assert (content.valid_until - content.as_of).days == 14


def test_an_infection_blocks_every_option_that_is_indicated(kb: KnowledgeBase) -> None:
    content = plan(kb, **INFECTED)
    assert {option.standing for option in content.options} == {"blocked", "not_indicated"}
    assert doses(content) == []
    assert "infection" in content.headline


def test_while_nothing_is_recommended_the_headline_says_what_is_awaited(kb: KnowledgeBase) -> None:
    content = plan(kb, **WAITING)
    assert content.taper is None
    assert content.headline.startswith("Nothing is recommended yet.")


def test_in_remission_no_treatment_is_indicated(kb: KnowledgeBase) -> None:
    content = plan(kb, condition={"context": "in_remission"})
    assert {option.standing for option in content.options} == {"not_indicated"}
    assert content.headline.startswith("No treatment option is indicated")


def test_tacrolimus_twice_a_day_is_headlined_by_intake(kb: KnowledgeBase) -> None:
    course = {"response": "complete", "stop_reason": "planned_withdrawal", "indication_still_valid": True}
    content = plan(kb, tacrolimus=course, condition={"context": "failure_on_therapy"})
    assert "tacrolimus 3 mg 2 times a day" in content.headline
    assert "prednisone at a dose a clinician enters" in content.headline


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, {"C01", "C02", "C04", "C06", "C08", "C09"}),
        (LUPUS, {"C01", "C02", "C21"}),
        (REFERRAL, {"C22"}),
        ({"medications": [{"drug": "budesonide"}]}, {"C26"}),
    ],
)
def test_the_conflicts_that_matter_are_shown(changes: dict[str, Any], shown: set[str], kb: KnowledgeBase) -> None:
    assert shown <= {conflict.id for conflict in plan(kb, **changes).conflicts}


def test_a_severe_relapse_is_no_plain_relapse(kb: KnowledgeBase) -> None:
    shown = {conflict.id for conflict in plan(kb, labs=labs(bilirubin_total=2.7)).conflicts}
    assert "C09" not in shown
