"""The drugs of a proposal: its medications joined with its taper, each beside what runs of the same drug."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.clinical.critique import Proposal, ProposedMedication, ProposedStep, ProposedTaper
from app.facts.medicine_facts import MedicineFacts, Running
from app.facts.names import Resolved, resolve, resolve_taken
from app.facts.proposal import Level, Proposed
from app.knowledge.base import KnowledgeBase

_ZERO = Decimal(0)
_Sent = tuple[ProposedMedication, Resolved]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A medication of the proposal with the names under which its taper speaks of the same drug."""

    sent: ProposedMedication
    found: Resolved
    tapered_as: frozenset[str]


def proposed_drugs(
    proposal: Proposal, medicines: MedicineFacts, start_on: date, kb: KnowledgeBase
) -> tuple[Proposed, ...]:
    """Return the drugs of the medications, then those that only the taper names."""
    entries = _entries(proposal, start_on, kb)
    return tuple(_proposed(entry, proposal.taper, medicines, start_on, kb) for entry in entries)


def disagreeing(proposal: Proposal, start_on: date, kb: KnowledgeBase) -> tuple[str, ...]:
    """Return the names of drugs to which medications and taper give different doses on the first day."""
    return tuple(
        entry.sent.drug
        for entry in _entries(proposal, start_on, kb)
        if entry.sent.dose_mg_per_day is not None
        and any(
            level.day == start_on and level.mg != entry.sent.dose_mg_per_day
            for level in _steps(proposal.taper, entry.tapered_as)
        )
    )


def same_drug(one: Resolved | Running, other: Resolved | Running, kb: KnowledgeBase) -> bool:
    """Whether two names stand for one drug: they share a drug of this service, or are the same in all parts."""
    shared = set(one.substances) & set(other.substances)
    return bool(shared & kb.drugs.keys()) or (bool(shared) and set(one.substances) == set(other.substances))


def _entries(proposal: Proposal, start_on: date, kb: KnowledgeBase) -> Iterator[_Entry]:
    taper = {name: resolve(name, None, kb) for step in _all(proposal.taper) for name in step.doses}
    sent = tuple((item, resolve_taken(item.drug, item.rxnorm, kb)) for item in proposal.medications)
    for item, found in _without_renewed(sent, start_on, kb):
        names = {name for name, key in taper.items() if name == item.drug or same_drug(found, key, kb)}
        taper = {name: key for name, key in taper.items() if name not in names}
        yield _Entry(item, found, frozenset(names))
    for name, found in taper.items():
        yield _Entry(ProposedMedication(drug=name), found, frozenset({name}))


def _without_renewed(sent: tuple[_Sent, ...], start_on: date, kb: KnowledgeBase) -> Iterator[_Sent]:
    """Leave out a stop beside a new order of the same drug: order systems write a change of dose that way."""
    orders = [(item, found) for item, found in sent if not _stops_at_once(item, start_on)]
    for item, found in sent:
        renewed = any(order.drug == item.drug or same_drug(found, key, kb) for order, key in orders)
        if not (renewed and _stops_at_once(item, start_on)):
            yield item, found


def _stops_at_once(sent: ProposedMedication, start_on: date) -> bool:
    return sent.dose_mg_per_day == 0 or (sent.stopped_on is not None and sent.stopped_on <= start_on)


def _proposed(
    entry: _Entry, taper: ProposedTaper | None, medicines: MedicineFacts, start_on: date, kb: KnowledgeBase
) -> Proposed:
    sent, levels = entry.sent, tuple(_levels(entry, taper, start_on))
    replaces = tuple(item for item in medicines.running or () if _replaces(entry, item, kb))
    return Proposed(
        name=sent.drug,
        substances=entry.found.substances,
        classes=entry.found.classes,
        start_on=start_on,
        levels=levels,
        replaces=replaces,
        running_mg=_running_mg(entry.sent, replaces, start_on, known=medicines.running is not None),
        frequency=sent.frequency,
        formulation=sent.formulation,
        strength_mg=sent.strength_mg,
        rxnorm=sent.rxnorm,
        ramp=_ends_on(taper, entry.tapered_as) is not None and len(_steps(taper, entry.tapered_as)) == 1,
    )


def _replaces(entry: _Entry, running: Running, kb: KnowledgeBase) -> bool:
    return running.name.casefold() == entry.sent.drug.casefold() or same_drug(entry.found, running, kb)


def _running_mg(
    sent: ProposedMedication, replaces: tuple[Running, ...], start_on: date, *, known: bool
) -> Decimal | None:
    """Return the dose now. Who stops a drug at once that nobody listed tells with its dose that it runs."""
    doses = [item.dose_mg_per_day for item in replaces]
    if doses and None not in doses:
        return sum((dose for dose in doses if dose is not None), _ZERO)
    if sent.dose_mg_per_day and _stops_at_once(sent, start_on):
        return sent.dose_mg_per_day
    only_ends = sent.stopped_on is not None and not sent.dose_mg_per_day
    return _ZERO if known and not doses and not only_ends else None


def _levels(entry: _Entry, taper: ProposedTaper | None, start_on: date) -> list[Level]:
    """Return the doses in the order of their days; of two on one day the taper's, and a stop ends them all."""
    sent = entry.sent
    first = [] if sent.dose_mg_per_day is None else [Level(start_on, sent.dose_mg_per_day)]
    ends = [day for day in (sent.stopped_on, _ends_on(taper, entry.tapered_as)) if day is not None]
    found = {level.day: level for level in (*first, *_steps(taper, entry.tapered_as))}
    if ends:
        found = {day: level for day, level in found.items() if day < min(ends)}
        found[min(ends)] = Level(min(ends), _ZERO)
    return [found[day] for day in sorted(found)]


def _steps(taper: ProposedTaper | None, names: frozenset[str]) -> list[Level]:
    return [Level(step.starts_on, mg) for step in _all(taper) for name, mg in step.doses.items() if name in names]


def _all(taper: ProposedTaper | None) -> tuple[ProposedStep, ...]:
    return taper.steps if taper else ()


def _ends_on(taper: ProposedTaper | None, names: frozenset[str]) -> date | None:
    """Return the last day of the taper for a drug that its last step names."""
    last = _all(taper)[-1:]
    return taper.ends_on if taper and last and names & last[0].doses.keys() else None
