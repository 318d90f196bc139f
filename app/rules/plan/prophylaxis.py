"""Pneumocystis prophylaxis: whether it is due, and which drug the other drugs leave open."""

from collections.abc import Iterator

from app.clinical.plan import Task
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.rules.plan.due import due
from app.rules.plan.offer import STEROIDS, Offer
from app.rules.plan.question import asks
from app.rules.plan.wording import plain

_SULFA = frozenset({"co_trimoxazole", "trimethoprim", "sulfamethoxazole"})
_CALCINEURIN = frozenset({"tacrolimus", "cyclosporine"})
_POTASSIUM = ("calcineurin_inhibitor", "ace_inhibitor", "arb", "potassium_sparing", "potassium_supplement")
_FIRST_CHOICE = "trimethoprim-sulfamethoxazole"


@asks("pneumocystis_prophylaxis", cites=("EULAR22", "PARK2019", "C24", "P-prophylaxis"))
def pneumocystis_task(facts: Facts, kb: KnowledgeBase, offer: Offer) -> tuple[Task, ...]:
    """Is Pneumocystis prophylaxis due, and with which drug?"""
    if not _due(facts, kb, offer):
        return ()
    limit, weeks = plain(kb.number("pjp_prednisone_mg")), kb.whole("pjp_weeks")
    while_on = f"while prednisone is {limit} mg/d or more for {weeks} weeks or longer"
    return (due("pjp_prophylaxis", facts.start_on, kb, detail=f"{while_on}; {_choice(facts, offer)}"),)


def _due(facts: Facts, kb: KnowledgeBase, offer: Offer) -> bool:
    """Every option holds its first dose for a month, so the offered dose decides; a running dose not sent counts."""
    limit = kb.number("pjp_prednisone_mg")
    running = facts.medicines.dose(*STEROIDS)
    taken = bool(facts.medicines.takes(*STEROIDS)) and (running is None or running >= limit)
    return taken or offer.steroid_mg >= limit


def _choice(facts: Facts, offer: Offer) -> str:
    refused = _refused(facts)
    if refused is not None:
        return f"not {_FIRST_CHOICE} ({refused}): consider atovaquone"
    if facts.medicines.running is None or facts.medicines.hypersensitive is None:
        return "the drug is chosen once the medication and allergy lists are known"
    return "; ".join((f"consider {_FIRST_CHOICE}", *_checks(facts, offer)))


def _refused(facts: Facts) -> str | None:
    """Why the first choice is out: with methotrexate it destroys the marrow, after a sulfa reaction it is not tried."""
    if facts.medicines.takes("methotrexate"):
        return "methotrexate is running"
    reactions = (facts.medicines.hypersensitive or frozenset()) | (facts.medicines.intolerant or frozenset())
    return "a reaction to it is recorded" if reactions & _SULFA else None


def _checks(facts: Facts, offer: Offer) -> Iterator[str]:
    if offer.drugs & _CALCINEURIN or facts.medicines.takes(*_POTASSIUM):
        yield "it raises potassium with the drugs beside it, check potassium"
    if "azathioprine" in offer.drugs or facts.medicines.takes("azathioprine"):
        yield "it lowers counts with azathioprine, check the blood count"
