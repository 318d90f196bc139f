"""Dated things to do: screening before immunosuppression, prophylaxis, baseline checks, open questions."""

from collections.abc import Iterable, Iterator

from app.clinical.course import Task
from app.clinical.option import Option
from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.rules.plan.baseline import baseline_tasks, reproduction_tasks, second_agent_task
from app.rules.plan.checklist import differential_tasks
from app.rules.plan.offer import Offer
from app.rules.plan.prophylaxis import pneumocystis_task
from app.rules.plan.screening import hepatitis_b_tasks, screening_tasks


def tasks(facts: Facts, kb: KnowledgeBase, options: Iterable[Option]) -> tuple[Task, ...]:
    """Return every task of the plan, hard gates first.

    Without options (referral, emergency) what remains is what the facts alone ask for: hepatitis B, the open
    differential, prophylaxis under a steroid that is running.
    """
    offer = Offer.of(options)
    found = (
        *hepatitis_b_tasks(facts, kb),
        *reproduction_tasks(facts, kb, offer),
        *differential_tasks(facts, kb),
        *screening_tasks(facts, kb, offer),
        *pneumocystis_task(facts, kb, offer),
        *baseline_tasks(facts, kb, offer),
        *second_agent_task(facts, kb, offer),
    )
    return tuple(sorted(found, key=lambda task: task.gate != "hard"))


def open_gates(found: Iterable[Task], option_id: OptionId) -> Iterator[Task]:
    """Yield the open hard gates of an option: its own, and those of every option."""
    for task in found:
        if task.gate == "hard" and task.option_id in (None, option_id):
            yield task
