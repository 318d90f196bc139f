"""What a plan sets due, as the worklist shows it: one row for each test, each task and the gates of the next step."""

from collections.abc import Iterator

from app.clinical.plan import PlanContent
from app.clinical.taper import Taper, TaperStep
from app.clinical.worklist import DueContent
from app.knowledge.base import KnowledgeBase
from app.rules.plan.wording import plain

NEXT_STEP = "next_step"
_AHEAD = frozenset({"projected", "held"})


def due_items(content: PlanContent, kb: KnowledgeBase) -> tuple[DueContent, ...]:
    """Return everything that a plan sets due, in the order of the days."""
    found = (*_tests(content), *_gate(content.taper, kb), *_tasks(content))
    return tuple(sorted(found, key=lambda item: item.due_on))


def _tests(content: PlanContent) -> Iterator[DueContent]:
    for item in content.monitoring:
        yield DueContent(
            kind="test",
            code=item.code,
            title=item.title,
            due_on=item.due_on,
            analytes=item.analytes,
            repeat_days=item.repeat_days,
            gate=None,
            option_id=None,
            citations=item.citations,
        )


def _tasks(content: PlanContent) -> Iterator[DueContent]:
    for task in content.tasks:
        yield DueContent(
            kind="task",
            code=task.code,
            title=task.title,
            due_on=task.due_on,
            analytes=(),
            repeat_days=None,
            gate=task.gate,
            option_id=task.option_id,
            citations=task.citations,
        )


def _gate(taper: Taper | None, kb: KnowledgeBase) -> Iterator[DueContent]:
    """Yield the assessment that the next step waits for; at the floor there is none."""
    ahead = None if taper is None else next((step for step in taper.steps if step.status in _AHEAD), None)
    if taper is not None and ahead is not None:
        yield DueContent(
            kind="gate",
            code=NEXT_STEP,
            title=f"Assess the gates of the next step: {_doses(ahead, kb)}",
            due_on=ahead.starts_on,
            analytes=kb.monitoring["liver_labs"].analytes,
            repeat_days=None,
            gate=None,
            option_id=taper.option_id,
            citations=taper.citations,
        )


def _doses(step: TaperStep, kb: KnowledgeBase) -> str:
    return ", ".join(f"{kb.drugs[drug].title} {plain(mg)} mg/d" for drug, mg in step.doses.items())
