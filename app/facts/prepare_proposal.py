"""The one place where an episode and a proposal become facts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from app.clinical.critique import Proposal
from app.clinical.episode import Episode
from app.clinical.medicine import Medication
from app.facts.facts import Facts
from app.facts.medicine_facts import MedicineFacts, Running
from app.facts.medicines import medicine_facts
from app.facts.prepare import prepare_facts
from app.facts.proposal import ProposalFacts, Proposed
from app.facts.proposed_drugs import disagreeing, proposed_drugs
from app.knowledge.base import KnowledgeBase

_ONE_DAY = timedelta(days=1)


def prepare_proposal(episode: Episode, proposal: Proposal, kb: KnowledgeBase) -> ProposalFacts:
    """Return the facts of a proposal for an episode whose dates are resolved; neither has a fault."""
    before = prepare_facts(episode, kb)
    items = proposed_drugs(proposal, before.medicines, before.start_on, kb)
    kept = tuple(_kept(episode, items, before.start_on, kb))
    medications = (*kept, *(_medication(item) for item in items if item.given))
    return ProposalFacts(
        before=before,
        after=replace(before, medicines=_medicines(episode, medications, before, kb)),
        items=items,
        first_index=len(kept),
        disagreeing=disagreeing(proposal, before.start_on, kb),
    )


def _medicines(
    episode: Episode, medications: tuple[Medication, ...], before: Facts, kb: KnowledgeBase
) -> MedicineFacts:
    """Return what is taken under the proposal. A dose that is only proposed has exposed nobody to the drug."""
    changed = episode.model_copy(update={"medications": medications})
    return replace(medicine_facts(changed, before.start_on, kb), exposed=before.medicines.exposed)


def _kept(episode: Episode, items: tuple[Proposed, ...], start_on: date, kb: KnowledgeBase) -> Iterator[Medication]:
    """Yield the medications as sent, without those that a proposed dose replaces; stopped ones with their stop.

    An entry that stands for other drugs as well, by its code or as a combination, goes on until all of them are named.
    """
    given, stopped = (frozenset(_named(items, kb, given=given)) for given in (True, False))
    for index, sent in enumerate(episode.medications or ()):
        if index in stopped:
            yield _stopped(sent, start_on)
        elif index not in given:
            yield sent
    for item in items:
        if not (item.given or item.replaces):
            yield _stopped(Medication(drug=item.name, rxnorm=item.rxnorm), start_on)


def _named(items: tuple[Proposed, ...], kb: KnowledgeBase, *, given: bool) -> Iterator[int]:
    """Yield the indexes of the medications that proposed doses replace, or that the proposal stops."""
    for item in items:
        yield from (running.index for running in item.replaces if item.given is given and _wholly(running, items, kb))


def _wholly(running: Running, items: tuple[Proposed, ...], kb: KnowledgeBase) -> bool:
    """Whether the proposal names all that a running medication stands for; a product is its ingredients."""
    named = {key for item in items if running in item.replaces for key in item.substances}
    others = set(running.substances) - named
    return not others & kb.drugs.keys() and all(kb.substances[key].ingredients for key in others)


def _stopped(sent: Medication, start_on: date) -> Medication:
    """Return a medication that the proposal ends by its first day.

    It counts as stopped the day before: a switch is no overlap, and wash-out and fading effects still see it.
    """
    return sent.model_copy(update={"stopped_on": start_on - _ONE_DAY})


def _medication(item: Proposed) -> Medication:
    return Medication(
        drug=item.name,
        rxnorm=item.rxnorm,
        dose_mg_per_day=item.mg,
        started_on=item.start_on,
        stopped_on=item.stop_on,
    )
