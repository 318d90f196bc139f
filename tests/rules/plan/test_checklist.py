import pytest

from app.knowledge.base import KnowledgeBase
from app.rules.plan.checklist import checklist, differential_open, differential_tasks
from tests.builders import lab, labs
from tests.rules.plan.prepared import facts_of

ITEMS = ["adherence_confirmed", "viral_hepatitis_excluded", "drug_injury_excluded", "biliary_obstruction_excluded"]


def test_every_item_is_returned_with_its_answer(kb: KnowledgeBase) -> None:
    items = checklist(facts_of(kb, differential={"drug_injury_excluded": False, "adherence_confirmed": None}))
    assert {item.code: item.answer for item in items} == {
        "adherence_confirmed": None,
        "viral_hepatitis_excluded": True,
        "drug_injury_excluded": False,
        "biliary_obstruction_excluded": True,
    }


def test_a_checklist_that_was_not_sent_is_unanswered(kb: KnowledgeBase) -> None:
    assert [item.answer for item in checklist(facts_of(kb, differential=None))] == [None] * 4


def test_a_settled_checklist_raises_nothing(kb: KnowledgeBase) -> None:
    assert differential_open(facts_of(kb)) == ()
    assert differential_tasks(facts_of(kb), kb) == ()


@pytest.mark.parametrize("answer", [None, False])
@pytest.mark.parametrize("item", ITEMS)
def test_an_item_unanswered_or_answered_no_raises_an_alert_and_a_task(
    kb: KnowledgeBase, item: str, answer: bool | None
) -> None:
    facts = facts_of(kb, differential={item: answer})
    (notice,) = differential_open(facts)
    (task,) = differential_tasks(facts, kb)
    assert notice.code == "DIFFERENTIAL_OPEN"
    assert item in notice.text
    assert task.code == f"differential_{item.removesuffix('_excluded').removesuffix('_confirmed')}"
    assert task.gate == "soft"


@pytest.mark.parametrize("serology", ["hbsag", "anti_hbc"])
def test_positive_hbv_serology_asks_for_virus_dna(kb: KnowledgeBase, serology: str) -> None:
    unknown = facts_of(kb, screening={serology: "positive"})
    known = facts_of(kb, screening={serology: "positive"}, labs=[*labs(), lab("hbv_dna", 0, "[IU]/mL")])
    assert [item.answer for item in checklist(unknown) if item.code == "hbv_dna_known"] == [False]
    assert [item.answer for item in checklist(known) if item.code == "hbv_dna_known"] == [True]
    assert differential_open(known) == ()
    assert differential_open(unknown) != ()


def test_virus_dna_has_its_own_task_elsewhere(kb: KnowledgeBase) -> None:
    assert differential_tasks(facts_of(kb, screening={"hbsag": "positive"}), kb) == ()


def test_another_condition_is_asked_about_adherence_only(kb: KnowledgeBase) -> None:
    facts = facts_of(kb, condition={"code": "uveitis"}, screening={"hbsag": "positive"})
    assert [item.code for item in checklist(facts)] == ["adherence_confirmed"]
