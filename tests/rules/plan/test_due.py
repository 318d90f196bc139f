from datetime import date

from app.knowledge.base import KnowledgeBase
from app.rules.plan.due import due

DAY = date(2026, 3, 10)


def test_a_task_is_due_as_many_days_later_as_its_row_says(kb: KnowledgeBase) -> None:
    task = due("hbv_screening", DAY, kb)
    assert (task.code, task.due_on, task.gate) == ("hbv_screening", date(2026, 3, 17), "soft")
    assert task.title == kb.tasks["hbv_screening"].title
    assert task.citations == kb.tasks["hbv_screening"].cites


def test_a_detail_follows_the_title_and_a_special_row_may_keep_the_common_code(kb: KnowledgeBase) -> None:
    task = due("pjp_prophylaxis_atovaquone", DAY, kb, detail="why", known_as="pjp_prophylaxis")
    assert task.code == "pjp_prophylaxis"
    assert task.title.endswith(": why")
