"""The differential checklist: what else could look like a flare, and whether it was excluded."""

from collections.abc import Iterator
from functools import cache

from app.clinical.course import ChecklistItem, Task
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.plan.due import due
from app.rules.plan.three_valued import Answer
from app.rules.plan.wording import listed
from app.rules.rule import Notice, rule

_CITES = ("C23", "P-differential")
_ADHERENCE = "adherence_confirmed"
_HBV_DNA = "hbv_dna_known"
_QUESTIONS = {
    _ADHERENCE: "Has adherence to treatment been confirmed?",
    "viral_hepatitis_excluded": "Has viral hepatitis been excluded?",
    "drug_injury_excluded": "Has liver injury by a drug or herb been excluded?",
    "biliary_obstruction_excluded": "Has biliary obstruction been excluded?",
}
_TASKS = {
    _ADHERENCE: "differential_adherence",
    "viral_hepatitis_excluded": "differential_viral_hepatitis",
    "drug_injury_excluded": "differential_drug_injury",
    "biliary_obstruction_excluded": "differential_biliary_obstruction",
}


@asks("differential_checklist", cites=_CITES)
def checklist(facts: Facts) -> tuple[ChecklistItem, ...]:
    """Which other causes have been looked for, with which answer?

    Adherence is asked in every condition, the causes of raised liver enzymes in hepatitis. Positive HBV serology adds
    HBV DNA: a reactivation looks like a relapse.
    """
    return tuple(_item(code, question, answer) for code, question, answer in _asked(facts))


# A handful of items and three answers: asked three times per plan, built once.
@cache
def _item(code: str, question: str, answer: Answer) -> ChecklistItem:
    return ChecklistItem(code=code, question=question, answer=answer, citations=_CITES)


def _asked(facts: Facts) -> Iterator[tuple[str, str, Answer]]:
    answers = facts.episode.differential
    for code, question in _QUESTIONS.items():
        if facts.hepatitis or code == _ADHERENCE:
            yield code, question, None if answers is None else getattr(answers, code)
    if facts.hepatitis and hbv_positive(facts):
        yield _HBV_DNA, "Is HBV DNA known, HBV serology being positive?", facts.labs["hbv_dna"].known


def hbv_positive(facts: Facts) -> bool:
    """Whether HBsAg or anti-HBc is known to be positive."""
    screening = facts.episode.screening
    return screening is not None and "positive" in (screening.hbsag, screening.anti_hbc)


def open_items(facts: Facts) -> tuple[ChecklistItem, ...]:
    """Return the items that are unanswered or answered no."""
    return tuple(item for item in checklist(facts) if not item.answer)


@rule("differential_open", cites=_CITES)
def differential_open(facts: Facts) -> Iterator[Notice]:
    """Is an item of the checklist unanswered or answered no?"""
    items = open_items(facts)
    if items:
        yield Notice(
            "DIFFERENTIAL_OPEN",
            f"Another cause is not excluded: {listed(item.code for item in items)}. Settle it beside treatment.",
        )


@asks("differential_tasks", cites=_CITES)
def differential_tasks(facts: Facts, kb: KnowledgeBase) -> tuple[Task, ...]:
    """Which open items of the checklist become tasks?

    HBV DNA has its own task among those of hepatitis B.
    """
    codes = (item.code for item in open_items(facts) if item.code != _HBV_DNA)
    return tuple(due(_TASKS[code], facts.first_day, kb) for code in codes)
