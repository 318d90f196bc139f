"""What is wrong with a request for a schedule. Every check is made; all faults are told at once."""

from collections.abc import Iterator
from decimal import Decimal
from math import ceil

from app.clinical.vocabulary import OptionId
from app.facts.dates import add_months, one_month_after
from app.knowledge.registry import asks
from app.taper.order import Order
from app.taper.refusal import Problem, pointer
from app.taper.starts import forbidden_pairs, not_makeable, too_high
from app.taper.steps import COUNTS_AS, SCHEDULED_OPTIONS, STEROIDS, source_floor, source_option, source_step
from app.taper.withdrawal import withdrawal_amounts

_DRUG_OF: dict[OptionId, str] = {
    "tacrolimus_restart": "tacrolimus",
    "add_mycophenolate": "mycophenolate",
    "switch_cyclosporine": "cyclosporine",
}


def find_problems(order: Order) -> tuple[Problem, ...]:
    """Return every reason why the request gets no schedule; whether its drugs are known is settled first."""
    return tuple(_drugs(order)) or (
        *forbidden_pairs(order),
        *too_high(order),
        *not_makeable(order),
        *_option(order),
        *_own_numbers(order),
        *_floors(order),
        *_speed(order),
        *_override(order),
        *(_withdrawal(order) if order.withdrawal else _no_withdrawal(order)),
    )


def _drugs(order: Order) -> Iterator[Problem]:
    """Yield names that no table knows, drugs that never get a dose, and the same steroid under two names."""
    request, drugs = order.request, order.kb.drugs
    for place, names in (("drug_doses", request.drug_doses), ("tablet_strengths", request.tablet_strengths or ())):
        for drug in sorted({*names} - drugs.keys()):
            yield Problem("UNKNOWN_DRUG", pointer(place, drug), "Use a drug key of GET /v1/knowledge/drugs.")
    for drug in (name for name in request.drug_doses if name in drugs and not drugs[name].dose_emitted):
        message = "This drug is a specialist's decision; no dose of it is ever produced."
        yield Problem("NO_DOSE_PRODUCED", pointer("drug_doses", drug), message, ("P-options", *drugs[drug].cites))
    if request.drug_doses.keys() >= {*STEROIDS}:
        yield Problem("STEROID_TWICE", pointer("drug_doses"), "Send prednisone or prednisolone, not both.", ("C26",))
    yield from _strangers(order)


def _strangers(order: Order) -> Iterator[Problem]:
    """Yield steps and floors of drugs that have no dose in the request, and one number for several drugs."""
    request = order.request
    for place, sent in (("step_mg", request.step_mg), ("floor_mg", request.floor_mg)):
        if isinstance(sent, Decimal) and len(request.drug_doses) > 1:
            message = "One number is enough for one drug only: send an object with a number for each drug."
            yield Problem("NUMBER_FOR_EACH_DRUG", pointer(place), message)
    for place, names in (("step_mg", order.steps), ("floor_mg", order.floors)):
        for drug in sorted(names.keys() - request.drug_doses.keys()):
            yield Problem("DRUG_NOT_IN_SCHEDULE", pointer(place, drug), "Name only drugs that stand in drug_doses.")


def _option(order: Order) -> Iterator[Problem]:
    """Yield an option sent without its drugs."""
    option, doses = order.request.option_id, order.request.drug_doses
    if option is None:
        return
    fits = source_option(doses) == option if option in SCHEDULED_OPTIONS else _DRUG_OF.get(option) in doses
    if not fits:
        yield Problem(
            "OPTION_WITHOUT_ITS_DRUGS", pointer("drug_doses"), "Send the drugs of the option.", ("P-options",)
        )


def _own_numbers(order: Order) -> Iterator[Problem]:
    """Yield missing steps and floors where the source gives none."""
    if order.source or (order.withdrawal and order.hepatitis):
        return
    message = "The source gives no schedule here: state the step and the floor of each drug yourself."
    for place, sent in (("step_mg", order.steps), ("floor_mg", order.floors)):
        if order.request.drug_doses.keys() - sent.keys():
            yield Problem("STEP_AND_FLOOR_REQUIRED", pointer(place), message, ("P-conditions", "P-taper"))


def _floors(order: Order) -> Iterator[Problem]:
    """Yield floors above the start, and floors below the maintenance dose without a reason."""
    for drug, floor in order.floors.items():
        start = order.starts[drug]
        if floor > start:
            message = "The floor may not exceed the start dose: a taper never goes up."
            yield Problem("FLOOR_ABOVE_START", pointer("floor_mg", drug), message, ("P-taper",))
        elif order.source and not order.reasoned and floor < min(start, source_floor(order.source, drug, order.kb)):
            message = "Below the maintenance dose there is no automatic step: give an override_reason."
            yield Problem("FLOOR_BELOW_MAINTENANCE", pointer("floor_mg", drug), message, ("S09", "K09", "C06"))


@asks("taper_too_fast", cites=("S36", "C08", "P-taper"))
def _speed(order: Order) -> Iterator[Problem]:
    """Is a step above the source's monthly limit without a reason (hepatitis only)?"""
    if not order.hepatitis or order.reasoned:
        return
    for drug, step in order.steps.items():
        if step > _fastest(order, drug):
            message = "This is faster than the limit: choose a smaller step or give an override_reason."
            yield Problem("TAPER_TOO_FAST", pointer("step_mg", drug), message, ("S36", "C08", "P-taper"))


def _fastest(order: Order, drug: str) -> Decimal:
    """Return the largest step allowed without a reason; a drug without a limit is limited by nothing."""
    if COUNTS_AS.get(drug, drug) == "prednisone":
        return source_step(drug, order.kb)
    return order.kb.number("withdrawal_step_mg") if order.withdrawal else order.steps[drug]


def _override(order: Order) -> Iterator[Problem]:
    """Yield a reason that explains nothing."""
    request = order.request
    if request.override_reason == "other" and not (request.override_note or "").strip():
        message = "The reason `other` needs a note."
        yield Problem("OVERRIDE_NOTE_REQUIRED", pointer("override_note"), message, ("P-taper",))


def _no_withdrawal(order: Order) -> Iterator[Problem]:
    """Yield what does not belong to a schedule down to a floor, and schedules that would take too long."""
    if order.request.end_on is not None:
        message = "An end date belongs to the planned withdrawal of tacrolimus alone."
        yield Problem("END_ON_NOT_USED", pointer("end_on"), message, ("P-withdrawal",))
    most = order.kb.whole("taper_months_at_most")
    if any(ceil((item.start - item.floor) / item.step) > most for item in order.descents()):
        yield too_long("step_mg")


def _withdrawal(order: Order) -> Iterator[Problem]:
    """Yield an abrupt or too short withdrawal of tacrolimus, or one that is too long to be meant."""
    request, kb = order.request, order.kb
    end_on = request.end_on
    if end_on is None or end_on < one_month_after(request.start_on):
        message = "Tacrolimus is never stopped abruptly: send an end date at least one month after start_on."
        yield _too_abrupt("end_on", message)
    elif end_on > add_months(request.start_on, kb.whole("taper_months_at_most")):
        yield too_long("end_on")
    else:
        yield from _levels(order, (end_on - request.start_on).days)


def _levels(order: Order, days: int) -> Iterator[Problem]:
    """Yield a withdrawal without a step, with more steps than days, or with more than anybody plans."""
    step = order.steps.get("tacrolimus", order.kb.number("withdrawal_step_mg"))
    if order.request.drug_doses["tacrolimus"] / step > order.kb.whole("taper_levels_at_most"):
        yield too_long("step_mg")
        return
    levels = len(withdrawal_amounts(order))
    if levels > days:
        yield _too_abrupt("end_on", "There are more steps than days: send a later end date.")
    if levels == 1 and order.request.drug_doses["tacrolimus"] > order.kb.number("withdrawal_step_mg"):
        yield _too_abrupt(
            "step_mg", "No step that can be dispensed lies between start and end: change step or tablets."
        )


def _too_abrupt(place: str, message: str) -> Problem:
    return Problem("TACROLIMUS_TAPER_TOO_SHORT", pointer(place), message, ("S28", "S29", "C20"))


def too_long(place: str) -> Problem:
    """Return the problem of a schedule that runs further than anybody plans."""
    message = "The schedule would run for longer than can be planned: send larger steps or nearer dates."
    return Problem("SCHEDULE_TOO_LONG", pointer(place), message, ("P-taper",))
