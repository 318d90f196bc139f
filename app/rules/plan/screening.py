"""Infections to look for before immunosuppression."""

from collections.abc import Iterator

from app.clinical.plan import Task
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.rules.plan.checklist import hbv_positive
from app.rules.plan.due import due
from app.rules.plan.offer import Offer
from app.rules.plan.question import asks

# Task code -> screening field, the answer that settles it, and what the opposite answer asks for.
_ROWS = {
    "hcv_screening": ("anti_hcv", "negative", "anti-HCV is positive, measure HCV RNA"),
    "hiv_screening": ("hiv", "negative", "HIV is positive, involve infectious diseases before any interacting drug"),
    "tb_screening": (
        "tuberculosis",
        "negative",
        "positive, treatment by infectious diseases (rifamycins take tacrolimus and prednisone levels away)",
    ),
    "strongyloides_screening": ("strongyloides_exposure", "negative", "exposed, serology before the steroid or treat"),
    "varicella_immunity": (
        "varicella_immune",
        "positive",
        "not immune, prophylaxis after contact, no live vaccine now",
    ),
}


def answer_to(facts: Facts, field: str) -> str | None:
    """Return a screening answer; None when it was not sent or is unknown."""
    answer: str | None = getattr(facts.episode.screening, field, None)
    return None if answer == "unknown" else answer


@asks("hepatitis_b_tasks", cites=("AGA25", "AGA15", "C24", "P-hard-gates", "P-screening"))
def hepatitis_b_tasks(facts: Facts, kb: KnowledgeBase) -> tuple[Task, ...]:
    """Is hepatitis B excluded, covered, or still to be looked for?"""
    return tuple(due(code, facts.as_of, kb) for code in _hepatitis_b(facts))


def _hepatitis_b(facts: Facts) -> Iterator[str]:
    """An antiviral on the list is the only thing that opens the hard gate; an absent list does not."""
    surface, core = answer_to(facts, "hbsag"), answer_to(facts, "anti_hbc")
    if surface == "positive" and not facts.medicines.takes("hbv_antiviral"):
        yield "hbv_antiviral"
    if facts.hepatitis and surface != "positive" and None in (surface, core):
        yield "hbv_screening"
    if hbv_positive(facts) and not facts.labs["hbv_dna"].known:
        yield "hbv_dna"


@asks("screening_tasks", cites=("EULAR22", "TB20", "C24", "P-screening"))
def screening_tasks(facts: Facts, kb: KnowledgeBase, offer: Offer) -> tuple[Task, ...]:
    """Which other infections have to be looked for before treatment?"""
    if not offer.options:
        return ()
    return tuple(_screening(facts, kb))


def _screening(facts: Facts, kb: KnowledgeBase) -> Iterator[Task]:
    if facts.fever or getattr(facts.episode.screening, "infection_suspected", None) is not False:
        yield due("infection_screen", facts.as_of, kb)
    for code, (field, settled, otherwise) in _ROWS.items():
        answer = answer_to(facts, field)
        if answer != settled:
            yield due(code, facts.as_of, kb, detail="" if answer is None else otherwise)
