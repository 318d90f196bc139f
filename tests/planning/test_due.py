"""What a plan sets due, one row each."""

from datetime import date

from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from app.planning.due import NEXT_STEP, due_items
from tests.builders import episode


def test_every_test_task_and_the_next_step_have_a_row_in_the_order_of_the_days(kb: KnowledgeBase) -> None:
    plan = decide(episode(), kb)
    items = due_items(plan, kb)
    assert [item.due_on for item in items] == sorted(item.due_on for item in items)
    wanted = [*(one.code for one in plan.monitoring), *(one.code for one in plan.tasks), NEXT_STEP]
    assert sorted(item.code for item in items) == sorted(wanted)
    assert all(item.citations for item in items)


def test_the_next_step_names_its_day_its_doses_and_the_results_it_needs(kb: KnowledgeBase) -> None:
    step = next(item for item in due_items(decide(episode(), kb), kb) if item.code == NEXT_STEP)
    assert (step.kind, step.due_on, step.option_id) == ("gate", date(2026, 4, 10), "prednisone_azathioprine")
    assert "20 mg/d" in step.title
    assert {"alt", "ast", "igg"} <= set(step.analytes)


def test_a_plan_without_a_schedule_has_no_step_to_assess(kb: KnowledgeBase) -> None:
    emergency = decide(episode(flare={"findings": ["encephalopathy"]}), kb)
    referred = decide(episode(condition={"graft": "kidney"}), kb)
    assert NEXT_STEP not in {item.code for plan in (emergency, referred) for item in due_items(plan, kb)}


def test_a_task_keeps_its_gate(kb: KnowledgeBase) -> None:
    plan = decide(episode(screening={"hbsag": "positive"}), kb)
    hard = {task.code for task in plan.tasks if task.gate == "hard"}
    assert hard
    assert {item.code for item in due_items(plan, kb) if item.gate == "hard"} == hard
