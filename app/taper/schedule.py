"""The taper service: a gated schedule for an option of a plan, or for what a clinician asks; or why there is none."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from app.clinical.remark import Remark
from app.clinical.taper import Taper, TaperRequest
from app.clinical.vocabulary import OptionId
from app.clinical.wire import DAY_PATTERN
from app.knowledge.base import KnowledgeBase
from app.taper.advice import entry_advice, source_advice, steroid_safety
from app.taper.levels import levels
from app.taper.order import Order
from app.taper.problems import find_problems, too_long
from app.taper.refusal import TaperRefusal
from app.taper.rows import Frame
from app.taper.sheet import Heading, assemble, last_day
from app.taper.steps import STEROIDS, Descent, source_descents
from app.taper.stock import Choices
from app.taper.weight import over_ceiling, weighed
from app.taper.withdrawal import withdraw

_SOURCE_CITATIONS = ("S06", "S07", "S08", "S09", "S35", "S36", "K09", "C05", "C06", "C07", "C08", "P-taper", "P-month")
_OWN_CITATIONS = ("P-conditions", "P-taper", "P-month", "P-gates")
_DEFAULTS = Choices()
_REMEMBERED = 2 * 100


def schedule_option(
    option_id: OptionId,
    doses: Mapping[str, Decimal],
    weight_kg: Decimal | None,
    start_on: date,
    kb: KnowledgeBase,
    choices: Choices = _DEFAULTS,
) -> Taper:
    """Return the source's schedule for an option of a plan.

    Only the options in `SCHEDULED_OPTIONS` have one; any other, or a drug that is not the option's, raises KeyError.
    """
    return weighed(_of_any_weight(option_id, tuple(doses.items()), start_on, kb, choices), weight_kg, kb)


def schedule_taper(request: TaperRequest, kb: KnowledgeBase) -> Taper | TaperRefusal:
    """Return the schedule asked for, or every problem that stands against it."""
    order = Order(request, kb)
    problems = find_problems(order)
    if problems:
        return TaperRefusal(problems)
    # An end date without a problem means a planned withdrawal.
    taper = _requested(order) if request.end_on is None else withdraw(order, request.end_on)
    # The contract writes days up to the end of its last century.
    if not re.match(DAY_PATTERN, last_day(taper).isoformat()):
        return TaperRefusal((too_long("start_on"),))
    return weighed(_with_floor_named(_with_ceilings_told(taper, order)), request.weight_kg, kb)


def source_heading(option_id: OptionId, descents: tuple[Descent, ...], choices: Choices) -> Heading:
    """Return what stands around the source's own schedule for an option."""
    advice = (*steroid_safety(descents), *source_advice(descents, own_floor=False))
    return _heading(option_id, descents, choices, advice, _SOURCE_CITATIONS)


# Start doses and start days are few, patients are many.
@lru_cache(maxsize=_REMEMBERED)
def _of_any_weight(
    option_id: OptionId, doses: tuple[tuple[str, Decimal], ...], start_on: date, kb: KnowledgeBase, choices: Choices
) -> Taper:
    descents = source_descents(option_id, dict(doses), kb, choices)
    frame = Frame(start_on, kb.whole("taper_horizon_days"), "autoimmune_hepatitis")
    heading = source_heading(option_id, descents, choices)
    return assemble(heading, levels(descents, start_on, choices.step_style, kb), frame, kb)


def _with_ceilings_told(taper: Taper, order: Order) -> Taper:
    """Return the schedule with a flag on its first day for each dose that was sent above its ceiling."""
    first, *later = taper.steps
    told = tuple(
        over_ceiling(sent, order.starts[drug], order.kb)
        for drug, sent in order.request.drug_doses.items()
        if sent > order.starts[drug]
    )
    flagged = first.model_copy(update={"flags": (*first.flags, *told)})
    return taper.model_copy(update={"steps": (flagged, *later)})


def _with_floor_named(taper: Taper) -> Taper:
    """Return the schedule with its last step called the floor where that is reached inside the horizon."""
    *earlier, last = taper.steps
    if not earlier or not last.days or last.doses != taper.floor:
        return taper
    return taper.model_copy(update={"steps": (*earlier, last.model_copy(update={"status": "floor"}))})


def _requested(order: Order) -> Taper:
    request, descents = order.request, order.descents()
    advice = (*steroid_safety(descents), *_requested_advice(order, descents))
    heading = _heading(
        request.option_id or order.source,
        descents,
        order.choices,
        advice,
        _SOURCE_CITATIONS if order.source else _OWN_CITATIONS,
        compared=order.hepatitis,
    )
    return assemble(heading, levels(descents, request.start_on, request.step_style, order.kb), order.frame, order.kb)


def _requested_advice(order: Order, descents: tuple[Descent, ...]) -> Iterator[Remark]:
    yield from entry_advice(own_numbers=order.own, reason_given=order.reasoned)
    if order.source:
        yield from source_advice(descents, own_floor=bool(order.floors))


def _heading(
    option_id: OptionId | None,
    descents: tuple[Descent, ...],
    choices: Choices,
    advice: tuple[Remark, ...],
    citations: tuple[str, ...],
    *,
    compared: bool = True,
) -> Heading:
    steroid = next((descent for descent in descents if descent.drug in STEROIDS), None)
    return Heading(
        option_id=option_id,
        step_style=choices.step_style,
        step_mg={descent.drug: descent.step for descent in descents},
        floor={descent.drug: descent.floor for descent in descents},
        advice=advice,
        citations=citations,
        compared=steroid if compared else None,
    )
