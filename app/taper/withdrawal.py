"""Planned withdrawal of tacrolimus: small even steps to an agreed day, never abrupt, with a laboratory calendar."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from app.clinical.remark import Remark
from app.clinical.taper import LabVisit, Taper
from app.clinical.vocabulary import Analyte, ConditionCode
from app.facts.dates import add_months, one_month_after
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.taper.advice import entry_advice
from app.taper.levels import Level, spread_evenly
from app.taper.order import Order
from app.taper.sheet import Heading, assemble
from app.taper.stock import Amount, stock_of
from app.taper.wording import remark

_DRUG = "tacrolimus"
_CITATIONS = ("S28", "S29", "S30", "C20", "P-withdrawal")
_DRUG_SAFETY: tuple[Analyte, ...] = ("tacrolimus_level", "creatinine", "potassium", "magnesium", "glucose")
_INDEFINITE = remark(
    "PROPOSE_INDEFINITE_LOW_DOSE",
    "After repeated relapses a low dose without end is proposed instead of a withdrawal: the lowest level stays.",
    "S30",
    "S46",
)
_RELAPSES_UNKNOWN = remark(
    "RELAPSE_COUNT_UNKNOWN",
    "The number of earlier relapses was not sent; after repeated relapses a low dose without end would be proposed.",
    "S30",
    "P-withdrawal",
)
_RELAPSED_BEFORE = remark(
    "RELAPSED_BEFORE",
    "A relapse is on record: if it followed a withdrawal of tacrolimus, treatment without end is the plan.",
    "S46",
)
_MINIMUM = remark(
    "ONE_MONTH_IS_THE_MINIMUM",
    "One month is the shortest withdrawal accepted, not advice: in other diseases safe withdrawals took far longer.",
    "S29",
    "C20",
)
_STOP = remark(
    "STOP_IS_A_DECISION",
    "This schedule ends at its lowest level; stopping the drug after it is the clinician's decision on that day.",
    "S28",
    "P-withdrawal",
)


@asks("tacrolimus_withdrawal", cites=_CITATIONS)
def withdraw(order: Order, end_on: date) -> Taper:
    """How is tacrolimus withdrawn, once the request has no fault?"""
    heading = Heading(
        option_id=order.request.option_id,
        step_style="monthly",
        step_mg={_DRUG: _step(order)},
        floor={_DRUG: _lowest(order)},
        advice=(*_advice(order), *entry_advice(own_numbers=order.own, reason_given=order.reasoned)),
        citations=_CITATIONS,
        visits=_visits(order, end_on),
    )
    frame = replace(order.frame, ends_on=None if _keeps_low_dose(order) else end_on)
    return assemble(heading, _levels(order, end_on), frame, order.kb)


def _keeps_low_dose(order: Order) -> bool:
    """Whether earlier relapses make a low dose without end the proposal; an unknown count does not."""
    relapses = order.request.relapse_count
    return relapses is not None and relapses >= order.kb.whole("withdrawal_indefinite_from_relapses")


def _step(order: Order) -> Decimal:
    """Return the step in mg per day: the one sent, else the specification's."""
    return order.steps.get(_DRUG, order.kb.number("withdrawal_step_mg"))


def _lowest(order: Order) -> Decimal:
    """Return the last level in mg per day: the floor sent, else one step, or a start below that."""
    return order.floors.get(_DRUG, min(_step(order), order.first(_DRUG).mg))


def withdrawal_amounts(order: Order) -> tuple[Amount, ...]:
    """Return the daily doses from the start to the lowest, on multiples of the step; fewer where tablets end it."""
    step, lowest, stock = _step(order), _lowest(order), stock_of(_DRUG, order.kb, order.choices)
    found = [order.first(_DRUG)]
    while found[-1].mg > lowest:
        multiple = step * (ceil(found[-1].mg / step) - 1)
        lower = stock.step_to(max(multiple, lowest), found[-1].mg)
        if lower is None:
            break
        found.append(lower)
    return tuple(found)


def _levels(order: Order, end_on: date) -> tuple[Level, ...]:
    """Return the levels, spread evenly over the days from the start to `end_on`, both included."""
    start_on, amounts = order.request.start_on, withdrawal_amounts(order)
    *levels, last = spread_evenly(start_on, (end_on - start_on).days + 1, [{_DRUG: amount} for amount in amounts])
    return (*levels, replace(last, stuck=(_DRUG,) if amounts[-1].mg > _lowest(order) else ()))


def _advice(order: Order) -> Iterator[Remark]:
    """Yield what is said about the withdrawal as a whole."""
    if order.request.relapse_count is None:
        yield _RELAPSES_UNKNOWN
    elif order.request.relapse_count:
        yield _INDEFINITE if _keeps_low_dose(order) else _RELAPSED_BEFORE
    yield _MINIMUM
    yield _STOP


def _visits(order: Order, end_on: date) -> tuple[LabVisit, ...]:
    """Return the laboratory calendar: every two weeks on the way down, monthly after it, then every three months."""
    markers = _markers(order.request.condition, order.kb)
    during = (*markers, *(test for test in _DRUG_SAFETY if test not in markers))
    return (
        *(_visit(day, during, "during the withdrawal") for day in _during(order, end_on)),
        *(_visit(day, markers, phase) for day, phase in _afterwards(end_on, order.kb)),
    )


def _visit(day: date, analytes: tuple[str, ...], phase: str) -> LabVisit:
    return LabVisit(due_on=day, analytes=analytes, phase=phase)


def _during(order: Order, end_on: date) -> Iterator[date]:
    interval = timedelta(days=order.kb.whole("withdrawal_lab_interval_days"))
    day = order.request.start_on + interval
    while day <= end_on:
        yield day
        day += interval


def _afterwards(end_on: date, kb: KnowledgeBase) -> Iterator[tuple[date, str]]:
    day = end_on
    for _ in range(kb.whole("withdrawal_monthly_visits")):
        day = one_month_after(day)
        yield day, "monthly after the withdrawal"
    months = kb.whole("withdrawal_later_visit_months")
    for _ in range(kb.whole("withdrawal_later_visits")):
        day = add_months(day, months)
        yield day, f"every {months} months from here on"


def _markers(condition: ConditionCode, kb: KnowledgeBase) -> tuple[str, ...]:
    """Return the tests by which the condition is followed, each once; a marker without an analyte by its title."""
    tests = (test for marker in kb.conditions[condition].markers for test in marker.analytes or (marker.title,))
    return tuple(dict.fromkeys(tests))
