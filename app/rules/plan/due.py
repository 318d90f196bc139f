"""A task of the knowledge table, dated."""

from datetime import date, timedelta

from app.clinical.course import Task
from app.clinical.vocabulary import OptionId
from app.knowledge.base import KnowledgeBase


def due(
    code: str,
    start: date,
    kb: KnowledgeBase,
    *,
    detail: str = "",
    option_id: OptionId | None = None,
    known_as: str | None = None,
) -> Task:
    """Return the task of that row, due so many days after `start` as the row says.

    `known_as` keeps the code stable where another row words the same task for a special case.
    """
    row = kb.tasks[code]
    return Task(
        code=known_as or row.code,
        title=f"{row.title}: {detail}" if detail else row.title,
        due_on=start + timedelta(days=row.after_days),
        gate=row.gate,
        option_id=option_id,
        citations=row.cites,
    )
