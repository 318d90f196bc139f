from app.knowledge.base import KnowledgeBase
from app.rules.plan.tasks import tasks
from tests.builders import labs
from tests.rules.plan.prepared import COMBINATION, MONOTHERAPY, MYCOPHENOLATE, TACROLIMUS, facts_of

EVERYTHING = (COMBINATION, MONOTHERAPY, TACROLIMUS, MYCOPHENOLATE)


def test_hard_gates_come_first(kb: KnowledgeBase) -> None:
    facts = facts_of(kb, screening={"hbsag": "positive"}, patient={"sex": "female", "childbearing_potential": None})
    gates = [task.gate for task in tasks(facts, kb, EVERYTHING)]
    assert gates == sorted(gates)
    assert gates.count("hard") == 3


def test_no_task_is_asked_twice_and_each_cites_what_is_known(kb: KnowledgeBase) -> None:
    facts = facts_of(kb, screening=None, differential=None, medications=None, labs=labs(bilirubin_total=4))
    found = tasks(facts, kb, EVERYTHING)
    codes = {task.code for task in found}
    assert len(codes) == len(found)
    # One of each kind: screening, differential, prophylaxis, baseline, second agent.
    assert codes >= {"tb_screening", "differential_adherence", "pjp_prophylaxis", "vaccines", "add_second_agent"}
    assert {cite for task in found for cite in task.citations} <= set(kb.citations)


def test_without_options_what_the_facts_alone_ask_for_remains(kb: KnowledgeBase) -> None:
    facts = facts_of(
        kb,
        screening={"hbsag": "positive"},
        differential={"adherence_confirmed": False},
        medications=[{"drug": "prednisone", "dose_mg_per_day": 40}],
    )
    codes = [task.code for task in tasks(facts, kb, ())]
    assert codes == ["hbv_antiviral", "hbv_dna", "differential_adherence", "pjp_prophylaxis"]
