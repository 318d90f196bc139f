"""Traps of the tacrolimus product: name, release, interval, strength, a dose ten times too high or too low."""

from collections.abc import Iterator
from decimal import Decimal

from app.facts.proposal import ProposalFacts, Proposed
from app.knowledge.base import KnowledgeBase
from app.rules.critique.tacrolimus_stop import DRUG
from app.rules.options.draft import plain
from app.rules.rule import Notice, rule

_LOOK_ALIKE = "tacrolimus_look_alike"
_EXTENDED = "tacrolimus_extended_release"
# Intakes a day by how the order says it; any other interval is no usual one for tacrolimus.
_INTAKES = {"daily": Decimal(1), "twice_daily": Decimal(2)}


@rule("critique_tacrolimus_name", cites=("ISMP17", "P-critique"))
def look_alike(proposal: ProposalFacts) -> Iterator[Notice]:
    """Is a drug begun whose name is taken for that of tacrolimus?

    Where tacrolimus is taken too, the interactions say so.
    """
    if proposal.after.medicines.takes(DRUG):
        return
    for item in proposal.giving(_LOOK_ALIKE):
        if item.begins:
            yield Notice(
                "LOOK_ALIKE_NAME",
                f"{item.name} and tacrolimus have been confused at prescribing and dispensing. Check that "
                f"{item.name} is the drug that was meant.",
            )


@rule("critique_tacrolimus_product", cites=("ISMP17", "P-rule-t", "P-drug-limits"))
def product(proposal: ProposalFacts) -> Iterator[Notice]:
    """Is an extended-release product ordered, or one release exchanged for the other?"""
    for item in proposal.giving(DRUG):
        running = {_EXTENDED in one.substances for one in item.replaces}
        if running == {not item.extended_release}:
            yield Notice(
                "TACROLIMUS_PRODUCT_SWITCH",
                f"{item.name} would replace a product of the other release: the two are not interchangeable "
                "milligram for milligram. A specialist converts, with levels.",
                severity="critical",
            )
        elif item.extended_release:
            yield Notice(
                "TACROLIMUS_EXTENDED_RELEASE",
                f"{item.name} is an extended-release product: the dose limits here are those of immediate-release "
                "capsules.",
            )


@rule("critique_tacrolimus_interval", cites=("ISMP17", "C03", "P-rule-t"))
def interval(proposal: ProposalFacts) -> Iterator[Notice]:
    """Does the interval belong to the other release: immediate release is taken every 12 hours, extended once a day?"""
    for item in proposal.giving(DRUG):
        right = "daily" if item.extended_release else "twice_daily"
        if item.frequency is not None and item.frequency != right:
            yield Notice(
                "TACROLIMUS_WRONG_INTERVAL",
                f"{item.name} is ordered {item.frequency.replace('_', ' ')}; this release is taken "
                f"{right.replace('_', ' ')}. Check which product is meant.",
                severity="critical",
            )


@rule("critique_tacrolimus_tenfold", cites=("ISMP17", "P-critique"))
def tenfold(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is the dose ten times the present or the last one, or a tenth of it?"""
    factor = kb.number("critique_tenfold")
    for item in proposal.giving(DRUG):
        last = item.running_mg or _last_dose(proposal)
        if last and item.mg and not last / factor < item.mg < last * factor:
            yield Notice(
                "TENFOLD_DOSE",
                f"{item.name} {plain(item.mg)} mg/d against {plain(last)} mg/d before: capsules of 0.5 mg and 5 mg "
                "have been mixed up.",
                severity="critical",
            )


def _last_dose(proposal: ProposalFacts) -> Decimal | None:
    course = proposal.before.episode.tacrolimus
    return course.last_dose_mg_per_day if course else None


@rule("critique_tacrolimus_strength", cites=("ISMP17", "P-rule-t", "P-tablets"))
def strength(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Can the dose of one intake not be made of whole capsules of the strength ordered, or of any strength?"""
    for item in proposal.giving(DRUG):
        each, capsule = _each(item), item.strength_mg or _smallest(item, kb)
        if each is not None and capsule is not None and each % capsule:
            yield Notice(
                "STRENGTH_DOES_NOT_FIT",
                f"{item.name}: {plain(each)} mg at each intake is no whole number of {plain(capsule)} mg capsules; "
                "they are never opened or split.",
                severity="critical",
            )


def _each(item: Proposed) -> Decimal | None:
    """Return the dose of one intake in mg, taken as often as the order says or else as its release is taken."""
    usual = "daily" if item.extended_release else "twice_daily"
    intakes = _INTAKES.get(item.frequency or usual)
    return None if intakes is None or item.mg is None else item.mg / intakes


def _smallest(item: Proposed, kb: KnowledgeBase) -> Decimal | None:
    """Return the smallest immediate-release capsule in mg; the strengths of extended release are not listed here."""
    return None if item.extended_release else kb.number("tacrolimus_grid_mg")
