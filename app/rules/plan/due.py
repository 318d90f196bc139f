"""A task of the knowledge table, dated."""

from datetime import date, timedelta

from app.clinical.plan import Task
from app.clinical.vocabulary import OptionId
from app.knowledge.base import KnowledgeBase


def due(code: str, start: date, kb: KnowledgeBase, *, detail: str = "", option_id: OptionId | None = None) -> Task:
    """Return the task of that code, due so many days after `start` as its row says."""
    row = kb.tasks[code]
    return Task(
        code=row.code,
        title=f"{row.title}: {detail}" if detail else row.title,
        due_on=start + timedelta(days=row.after_days),
        gate=row.gate,
        option_id=option_id,
        citations=row.cites,
    )
