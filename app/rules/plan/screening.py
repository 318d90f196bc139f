"""Infections to look for before immunosuppression."""

from collections.abc import Iterator

from app.clinical.course import Task
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.plan.checklist import hbv_positive
from app.rules.plan.due import due
from app.rules.plan.offer import Offer

# Screening field -> the answer that settles it, and the task otherwise: while unknown, after the opposite answer.
_ROWS = {
    "anti_hcv": ("negative", "hcv_screening", "hcv_screening"),
    "hiv": ("negative", "hiv_screening", "hiv_screening"),
    "tuberculosis": ("negative", "tb_screening", "tb_treatment_choice"),
    "strongyloides_exposure": ("negative", "strongyloides_screening", "strongyloides_screening"),
    "varicella_immune": ("positive", "varicella_immunity", "varicella_immunity"),
}


def answer_to(facts: Facts, field: str) -> str | None:
    """Return a screening answer; None when it was not sent or is unknown."""
    answer: str | None = getattr(facts.episode.screening, field, None)
    return None if answer == "unknown" else answer


def infection_sign(facts: Facts) -> str | None:
    """Return what points to an infection now; None also where nobody said, which is not the same as no infection."""
    screening = facts.episode.screening
    if screening is not None and screening.infection_suspected:
        return "an infection is suspected"
    if facts.finding("sepsis_screen_positive"):
        return "the sepsis screen is positive"
    return "there is fever" if facts.fever else None


@asks("hepatitis_b_tasks", cites=("AGA25", "AGA15", "C24", "P-hard-gates", "P-screening"))
def hepatitis_b_tasks(facts: Facts, kb: KnowledgeBase) -> tuple[Task, ...]:
    """Is hepatitis B excluded, covered, or still to be looked for?"""
    return tuple(due(code, facts.first_day, kb) for code in _hepatitis_b(facts))


def _hepatitis_b(facts: Facts) -> Iterator[str]:
    """An antiviral on the list is the only thing that opens the hard gate; an absent list does not."""
    surface, core = answer_to(facts, "hbsag"), answer_to(facts, "anti_hbc")
    if surface == "positive" and not _antiviral_begun(facts):
        yield "hbv_antiviral"
    if facts.hepatitis and surface != "positive" and None in (surface, core):
        yield "hbv_screening"
    if hbv_positive(facts) and not facts.labs["hbv_dna"].known:
        yield "hbv_dna"
    if core == "positive" and surface != "positive":
        yield "hbv_monitoring"


def _antiviral_begun(facts: Facts) -> bool:
    """An antiviral planned for a later day does not protect on the first one; without a first day it is running."""
    antivirals = facts.medicines.matching("hbv_antiviral")
    return any(item.started_on is None or item.started_on <= facts.start_on for item in antivirals)


@asks("screening_tasks", cites=("EULAR22", "TB20", "C24", "P-screening"))
def screening_tasks(facts: Facts, kb: KnowledgeBase, offer: Offer) -> tuple[Task, ...]:
    """Which other infections have to be looked for before treatment?"""
    if not offer.options:
        return ()
    return tuple(_screening(facts, kb))


def _screening(facts: Facts, kb: KnowledgeBase) -> Iterator[Task]:
    if infection_sign(facts) or getattr(facts.episode.screening, "infection_suspected", None) is None:
        yield due("infection_screen", facts.first_day, kb)
    for field, (settled, unknown, otherwise) in _ROWS.items():
        answer = answer_to(facts, field)
        if answer is None:
            yield due(unknown, facts.first_day, kb)
        elif answer != settled:
            yield due(otherwise, facts.first_day, kb, detail=f"{field} is {answer}")
    if facts.medicines.running is None or facts.medicines.unscreened:
        yield due("medication_reconciliation", facts.first_day, kb)
