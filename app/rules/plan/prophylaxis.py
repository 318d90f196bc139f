"""Pneumocystis prophylaxis: whether it is due, and which drug the other drugs leave open."""

from collections.abc import Iterator

from app.clinical.course import Task
from app.facts.facts import Facts
from app.facts.medicine_facts import Running
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.plan.due import due
from app.rules.plan.offer import STEROIDS, Offer
from app.rules.plan.wording import listed

# Co-trimoxazole is known by these, its ingredients.
_SULFA = frozenset({"trimethoprim", "sulfonamide_antibiotic"})
_GLUCOCORTICOID = "systemic_glucocorticoid"
_CALCINEURIN = frozenset({"tacrolimus", "cyclosporine"})
_POTASSIUM = ("calcineurin_inhibitor", "potassium_raising")
_CODE = "pjp_prophylaxis"


@asks("pneumocystis_prophylaxis", cites=("EULAR22", "PARK2019", "C24", "P-prophylaxis"))
def pneumocystis_task(facts: Facts, kb: KnowledgeBase, offer: Offer) -> tuple[Task, ...]:
    """Is Pneumocystis prophylaxis due, and with which drug?"""
    if not _due(facts, kb, offer):
        return ()
    refused = _refused(facts)
    if refused is not None:
        return (due("pjp_prophylaxis_atovaquone", facts.treatment_start, kb, detail=refused, known_as=_CODE),)
    return (due(_CODE, facts.treatment_start, kb, detail="; ".join(_checks(facts, offer))),)


def _due(facts: Facts, kb: KnowledgeBase, offer: Offer) -> bool:
    """Every option holds its first dose for a month, so the offered dose decides; what is running counts too."""
    limit, running = kb.number("pjp_prednisone_mg"), facts.medicines.dose(*STEROIDS)
    high = running is not None and running >= limit
    return offer.steroid_mg >= limit or high or bool(_of_unknown_strength(facts))


def _of_unknown_strength(facts: Facts) -> tuple[Running, ...]:
    """Running glucocorticoids whose dose is not known in terms of prednisone: they count as high."""
    running = facts.medicines.matching(_GLUCOCORTICOID)
    return tuple(item for item in running if item.dose_mg_per_day is None or not item.is_any_of(*STEROIDS))


def _refused(facts: Facts) -> str | None:
    """Why the first choice is out: with methotrexate it destroys the marrow, after a sulfa reaction it is not tried."""
    if facts.medicines.takes("methotrexate"):
        return "methotrexate is running"
    reactions = (facts.medicines.hypersensitive or frozenset()) | (facts.medicines.intolerant or frozenset())
    return "a reaction to it or to its kind is recorded" if reactions & _SULFA else None


def _checks(facts: Facts, offer: Offer) -> Iterator[str]:
    if facts.medicines.running is None or facts.medicines.hypersensitive is None:
        yield "choose the drug once the medication and allergy lists are known"
    if facts.medicines.unscreened_allergies:
        names = listed(facts.medicines.unscreened_allergies)
        yield f"exclude a sulfonamide allergy first, the allergy list names what is not known here ({names})"
    unmeasured = _of_unknown_strength(facts)
    if unmeasured:
        yield f"convert to prednisone first: {listed(item.name for item in unmeasured)}"
    if offer.drugs & _CALCINEURIN or facts.medicines.takes(*_POTASSIUM):
        yield "it raises potassium with the drugs beside it, check potassium"
    if "azathioprine" in offer.drugs or facts.medicines.takes("azathioprine"):
        yield "it lowers counts with azathioprine, check the blood count"
