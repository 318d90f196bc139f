"""What speaks against the doses a schedule comes down from, whatever the step: pairs, and steroid above its limits."""

from collections.abc import Iterator

from app.knowledge.registry import asks
from app.taper.caps import excesses
from app.taper.order import Order
from app.taper.refusal import Problem, pointer


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
