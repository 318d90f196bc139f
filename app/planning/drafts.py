"""Which options there are for this patient, and which of them would come first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.clinical.taper import Taper
from app.clinical.vocabulary import OptionId
from app.facts.course import level_began_on
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.planning.dispensing import Dispensing
from app.planning.following import ceilings
from app.planning.projection import Projections, project
from app.rules import infection, scope
from app.rules.course.under_way import adapt
from app.rules.options import azathioprine, cyclosporine, mycophenolate, steroid, tacrolimus, third_line
from app.rules.options.draft import Draft
from app.rules.rule import Finding
from app.taper.follow import doses_now

# The order of the question "what comes first"; a later one is only asked when the earlier ones do not stand.
_FIRST: tuple[OptionId, ...] = ("tacrolimus_restart", "prednisone_azathioprine", "prednisone_monotherapy")


@dataclass(frozen=True, slots=True)
class Drafts:
    """The options as found, the schedules of those that have one, and the id that is recommended, if any."""

    items: tuple[Draft, ...]
    tapers: dict[OptionId, Taper]
    recommended: OptionId | None


def draft_options(facts: Facts, kb: KnowledgeBase, dispensing: Dispensing) -> Drafts:
    """Return every option with all that stands for and against it, its doses fitted to the site's tablets."""
    hindrances = azathioprine.hindrances(facts, kb)
    together = (steroid.prednisone(facts, kb, "prednisone_combination_mg"), azathioprine.dose(facts, kb))
    alone = (steroid.prednisone(facts, kb, "prednisone_monotherapy_mg"),)
    tapers = project(
        {
            "prednisone_azathioprine": tuple(map(dispensing.made, together)),
            "prednisone_monotherapy": tuple(map(dispensing.made, alone)),
        },
        facts,
        dispensing,
    )
    items = (
        steroid.combination(facts, kb, together, tapers.cumulative("prednisone_azathioprine"), hindrances),
        steroid.monotherapy(facts, kb, alone, tapers.cumulative("prednisone_monotherapy"), hindrances),
        tacrolimus.restart(facts, kb),
        mycophenolate.add(facts, kb, hindrances),
        cyclosporine.switch(facts, kb),
        third_line.consult(facts),
    )
    gated = (_gate(facts, _along(facts, kb, item)) for item in items)
    return _settle(facts, tuple(_fit(facts, item, dispensing) for item in gated), tapers)


def _fit(facts: Facts, draft: Draft, dispensing: Dispensing) -> Draft:
    """Fit the doses to the site's tablets, but for those of a schedule: tablets never change a dose that is taken."""
    scheduled = facts.follows(draft.id) and facts.level is not None
    return draft if scheduled else dispensing.fit(draft)


def _gate(facts: Facts, draft: Draft) -> Draft:
    """Add the gates that hold for every option with an indication: infection, then facts of scope."""
    if draft.not_indicated:
        return draft
    drugs = tuple(dose.drug for dose in draft.doses)
    return _with(draft, (*infection.suspected(facts), *scope.unknown(facts, drugs)))


def _along(facts: Facts, kb: KnowledgeBase, draft: Draft) -> Draft:
    """Set an option into the treatment that is under way, if one is."""
    if facts.course is None:
        return draft
    doses = doses_now(facts.course, ceilings(facts, kb))
    return adapt(draft, facts.course, doses, level_began_on(facts.course), refractory=facts.refractory)


def _settle(facts: Facts, items: tuple[Draft, ...], tapers: Projections) -> Drafts:
    """Choose what comes first; an unanswered infection question makes that one conditional."""
    first = next((item for item in _in_order(facts, items) if _stands(item)), None)
    if first is None:
        return Drafts(items, tapers.schedules, None)
    doubts = (*infection.unknown(facts), *infection.findings_unanswered(facts))
    items = tuple(_with(item, doubts) if item is first else item for item in items)
    return Drafts(items, tapers.schedules, None if doubts else first.id)


def _in_order(facts: Facts, items: tuple[Draft, ...]) -> Iterable[Draft]:
    by_id = {item.id: item for item in items}
    order = dict.fromkeys((facts.following.option_id, *_FIRST)) if facts.following else _FIRST
    return (by_id[option_id] for option_id in order)


def _stands(draft: Draft) -> bool:
    return draft.favoured and not (draft.blocked or draft.not_indicated or draft.conditions)


def _with(draft: Draft, findings: tuple[Finding, ...]) -> Draft:
    return replace(draft, findings=(*draft.findings, *findings)) if findings else draft
