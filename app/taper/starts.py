"""What speaks against the doses a schedule comes down from, whatever the step: pairs, and steroid above its limits."""

from collections.abc import Iterator
from decimal import Decimal

from app.knowledge.registry import asks
from app.taper.caps import excesses
from app.taper.order import Order
from app.taper.refusal import Problem, pointer
from app.taper.steps import source_floor


@asks("taper_pairs", cites=("C15", "C16", "P-invariants"))
def forbidden_pairs(order: Order) -> Iterator[Problem]:
    """Are two drugs asked for that are never taken together, in any condition and for any reason?"""
    asked = order.request.drug_doses.keys()
    for row in order.kb.interactions.values():
        if row.effect == "block" and {row.drug, row.partner} <= asked:
            yield Problem(row.code, pointer("drug_doses"), f"{row.text} {row.action}", row.cites)


@asks("taper_start_too_high", cites=("S04", "P-drug-caps", "P-conditions"))
def too_high(order: Order) -> Iterator[Problem]:
    """Is a start above the highest dose known for its condition, without a reason?"""
    if order.reasoned:
        return
    for drug, mg in order.request.drug_doses.items():
        for excess in excesses(drug, mg, order.request.condition, order.kb):
            message = f"{excess.text} Send a lower dose or give an override_reason."
            yield Problem(excess.code, pointer("drug_doses", drug), message, excess.citations)


def not_makeable(order: Order) -> Iterator[Problem]:
    """Yield starts that the tablets do not make, nor any dose below them down to their floor."""
    for drug, start in order.starts.items():
        made, floor = order.first(drug), _wanted_floor(order, drug)
        if made.fit == "unmakeable" or made.mg < floor <= start:
            message = "The tablets make neither this dose nor a lower one above its floor: send other tablets or doses."
            yield Problem("DOSE_NOT_MAKEABLE", pointer("drug_doses", drug), message, ("P-tablets",))


def _wanted_floor(order: Order, drug: str) -> Decimal:
    """Return the floor in mg per day that was sent, else the source's; 0 where there is neither."""
    if drug in order.floors:
        return order.floors[drug]
    return source_floor(order.source, drug, order.kb) if order.source else Decimal(0)
