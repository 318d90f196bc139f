"""Medication, allergy and exposure facts of an episode, resolved to substances and classes."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, TypeVar

from app.clinical.episode import Episode
from app.clinical.medicine import Allergy, Medication, PriorTreatment
from app.facts.medicine_facts import MedicineFacts, Running
from app.facts.names import Resolved, resolve, resolve_taken
from app.knowledge.base import KnowledgeBase

_GIVEN_ONCE = "live_vaccine"
_WASHED_OUT_CLASSES = frozenset({"calcineurin_inhibitor", "mtor_inhibitor"})

Item = TypeVar("Item", bound=Medication | Allergy | PriorTreatment)
Pairs = list[tuple[Item, Resolved]]


def medicine_facts(episode: Episode, start_on: date, kb: KnowledgeBase) -> MedicineFacts:
    """Return the facts on the first treatment day."""
    medications = _resolved(episode.medications, kb)
    allergies = _resolved(episode.allergies, kb)
    prior = _resolved(episode.prior_treatments, kb)
    return MedicineFacts(
        running=None if medications is None else tuple(_running(medications, start_on)),
        unscreened=_unscreened(medications, allergies, prior),
        within_washout=frozenset(_within_washout(episode, medications or [], start_on, kb)),
        hypersensitive=_keys(allergies, lambda item: item.reaction != "intolerance"),
        intolerant=_keys(allergies, lambda item: item.reaction == "intolerance"),
        not_tolerated=_told(prior, _was_not_tolerated),
        insufficient=_told(prior, _was_insufficient),
        exposed=_exposed(medications, prior, start_on),
        response_unknown=_told(prior, lambda item: item.response in {None, "unknown"}),
        tolerance_unknown=_keys(prior, lambda item: item.tolerated is None) or frozenset(),
        recent=tuple(_recent(medications or [], start_on, kb)),
        known_not_tolerated=_keys(prior, _was_not_tolerated) or frozenset(),
        known_insufficient=_keys(prior, _was_insufficient) or frozenset(),
        unscreened_allergies=_unscreened(allergies),
    )


def _was_not_tolerated(item: PriorTreatment) -> bool:
    return item.tolerated is False


def _was_insufficient(item: PriorTreatment) -> bool:
    return item.response == "insufficient"


def _resolved(items: Iterable[Item] | None, kb: KnowledgeBase) -> Pairs[Item] | None:
    if items is None:
        return None
    return [(item, _stands_for(item, kb)) for item in items]


def _stands_for(item: Medication | Allergy | PriorTreatment, kb: KnowledgeBase) -> Resolved:
    """Return what an entry stands for; of what is only applied locally an allergy or earlier failure still counts."""
    if isinstance(item, Medication):
        return resolve_taken(item.drug, item.rxnorm, kb)
    return resolve(item.drug, None, kb)


def _running(medications: Pairs[Medication], start_on: date) -> Iterator[Running]:
    """Yield what has no stop before the first treatment day, names nobody knows included."""
    for index, (item, found) in enumerate(medications):
        last = _last_day(item, found)
        if last is None or last >= start_on:
            yield _entry(index, item, found)


def _last_day(item: Medication, found: Resolved) -> date | None:
    """Return the day it was stopped; a vaccine is given on one day, so that its first day is its last."""
    return item.stopped_on or (item.started_on if _GIVEN_ONCE in found.classes else None)


def _recent(medications: Pairs[Medication], start_on: date, kb: KnowledgeBase) -> Iterator[Running]:
    """Yield what was stopped before the start, but so recently that its effect may still be there."""
    earliest = start_on - timedelta(days=kb.whole("recent_stop_days"))
    for index, (item, found) in enumerate(medications):
        last = _last_day(item, found)
        if last is not None and earliest <= last < start_on:
            yield _entry(index, item, found)


def _entry(index: int, item: Medication, found: Resolved) -> Running:
    return Running(
        name=item.drug,
        substances=found.substances,
        classes=found.classes,
        dose_mg_per_day=item.dose_mg_per_day,
        index=index,
        started_on=item.started_on,
        stopped_on=_last_day(item, found),
    )


def _within_washout(
    episode: Episode, medications: Pairs[Medication], start_on: date, kb: KnowledgeBase
) -> Iterator[str]:
    """Yield calcineurin and mTOR inhibitors that were stopped before the start, but not long enough before.

    The stopped tacrolimus course counts like an entry of the medication list.
    """
    earliest_stop = start_on - timedelta(days=kb.whole("washout_days"))
    course = episode.tacrolimus
    if course is not None and course.stopped_on is not None and earliest_stop < course.stopped_on < start_on:
        yield "tacrolimus"
    for item, found in medications:
        if item.stopped_on is not None and earliest_stop < item.stopped_on < start_on:
            yield from (key for key in found.substances if _WASHED_OUT_CLASSES & set(kb.substances[key].classes))


def _keys(pairs: Pairs[Item] | None, wanted: Callable[[Item], bool]) -> frozenset[str] | None:
    """Return substances and classes of the items that answer the question; None when the list was not sent."""
    if pairs is None:
        return None
    return frozenset(key for item, found in pairs if wanted(item) for key in found.keys)


def _told(prior: Pairs[PriorTreatment] | None, wanted: Callable[[PriorTreatment], bool]) -> frozenset[str] | None:
    """Return like `_keys`, but None also when a name nobody knows answers the question: it may be any drug."""
    if any(wanted(item) and found.unknown for item, found in prior or ()):
        return None
    return _keys(prior, wanted)


def _exposed(
    medications: Pairs[Medication] | None, prior: Pairs[PriorTreatment] | None, start_on: date
) -> frozenset[str] | None:
    """Return everything known to have been taken before the start; None when neither list was sent.

    A medication that begins on the first treatment day or later is planned: nobody has been exposed to it yet.
    """
    if medications is None and prior is None:
        return None
    begun = (found for item, found in medications or () if item.started_on is None or item.started_on < start_on)
    return frozenset(key for found in (*begun, *(found for _, found in prior or ())) for key in found.keys)


def _unscreened(*lists: Pairs[Any] | None) -> tuple[str, ...]:
    """Return names no table knows, each once, in the order sent; allergies and treatments are matched by name too."""
    return tuple(dict.fromkeys(name for pairs in lists for _, found in pairs or () for name in found.unknown))
