"""Proposed doses against their limits, and doses that are not known."""

from collections.abc import Iterator
from decimal import Decimal

from app.clinical.vocabulary import Drug, Frequency
from app.facts.proposal import ProposalFacts, Proposed
from app.knowledge.base import KnowledgeBase
from app.rules.critique.steroid import PREDNISONE
from app.rules.options import azathioprine, checks, cyclosporine
from app.rules.options.draft import Dose, per_kg, plain
from app.rules.rule import Notice, rule

# Tacrolimus and methotrexate have intervals, and rules, of their own.
_TAKEN_EVERY_DAY: tuple[Drug, ...] = (
    "prednisone",
    "prednisolone",
    "budesonide",
    "azathioprine",
    "mycophenolate",
    "cyclosporine",
    "sirolimus",
)
_EVERY_DAY: frozenset[Frequency] = frozenset({"daily", "twice_daily", "three_times_daily", "four_times_daily"})


@rule("critique_azathioprine_ceiling", cites=("S02", "S05", "C04", "K36", "P-rule-a"))
def azathioprine_ceiling(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Does azathioprine exceed the ceiling by weight and genotype, or can the ceiling not be computed?"""
    facts, most = proposal.before, kb.number("azathioprine_max_mg")
    allowed = azathioprine.dose(facts, kb)
    for item in proposal.giving(azathioprine.DRUG):
        ceiling = most if facts.weight is None else allowed.mg_per_day or Decimal(0)
        if item.highest_mg is not None and item.highest_mg > ceiling:
            yield _over_ceiling(item, item.highest_mg, allowed, ceiling, facts.weight)
        elif facts.weight is None:
            yield Notice(
                "AZATHIOPRINE_CEILING_UNKNOWN",
                f"{item.name}: the body weight is not known; only the fixed limit of {plain(most)} mg/d was checked.",
            )


def _over_ceiling(item: Proposed, mg: Decimal, allowed: Dose, ceiling: Decimal, weight: Decimal | None) -> Notice:
    share = per_kg(mg, weight)
    by_weight = "" if share is None else f" ({share} mg/kg)"
    steps = "; ".join(line.step for line in allowed.calculation) or "fixed limit, body weight unknown"
    limit = "the smallest dose already exceeds it" if not ceiling else f"{plain(ceiling)} mg/d"
    text = f"{item.name} {plain(mg)} mg/d{by_weight} is above the ceiling: {limit} ({steps})."
    return Notice("AZATHIOPRINE_OVER_CEILING", text, severity="critical")


@rule("critique_dose_above_range", cites=("P-options", "P-critique"))
def above_range(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is a dose of prednisone, tacrolimus or mycophenolate above the highest this service knows for hepatitis?"""
    if not proposal.before.hepatitis:
        return
    for drug, parameter in _highest(proposal, kb):
        for item in proposal.giving(drug):
            if item.highest_mg is not None and item.highest_mg > kb.number(parameter):
                yield Notice(
                    "DOSE_ABOVE_RANGE",
                    f"{item.name} {plain(item.highest_mg)} mg/d is above {plain(kb.number(parameter))} mg/d.",
                    kb.parameters[parameter].cites,
                    severity="critical",
                )


def _highest(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Yield each drug with the name of its limit in mg per day."""
    yield from ((drug, "prednisone_monotherapy_mg") for drug in PREDNISONE)
    yield "tacrolimus", "tacrolimus_max_mg"
    low = checks.kidneys_below(proposal.before, kb.number("mycophenolate_egfr_caution"))
    yield "mycophenolate", "critique_mycophenolate_low_egfr_max_mg" if low else "critique_mycophenolate_max_mg"


@rule("critique_cyclosporine_cap", cites=("S37", "LABEL-CYCLOSPORINE", "P-options"))
def cyclosporine_cap(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is cyclosporine above its cap by weight, or can the cap not be computed?"""
    allowed = cyclosporine.dose(proposal.before, kb)
    for item in proposal.giving(cyclosporine.DRUG):
        if allowed.high is None:
            yield Notice(
                "CYCLOSPORINE_CAP_UNKNOWN", f"{item.name}: the body weight is not known, nor its cap by weight."
            )
        elif item.highest_mg is not None and item.highest_mg > allowed.high:
            yield Notice(
                "CYCLOSPORINE_OVER_CAP",
                f"{item.name} {plain(item.highest_mg)} mg/d is above {plain(allowed.high)} mg/d for this weight.",
                severity="critical",
            )


@rule("critique_dose_unknown", cites=("P-principles", "P-critique"))
def dose_unknown(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is the dose of a drug not said, before or under the proposal, so that it cannot be checked?"""
    for item in (item for item in proposal.items if item.is_any_of(*kb.drugs)):
        if item.mg is None:
            yield Notice("DOSE_UNKNOWN", f"{item.name}: no dose is proposed, so that no limit can be checked.")
        elif item.running_mg is None:
            yield Notice(
                "CURRENT_DOSE_UNKNOWN",
                f"{item.name}: its present dose is not known; whether the proposal raises or lowers it cannot be told.",
            )


@rule("critique_doses_disagree", cites=("P-principles", "P-critique"))
def doses_disagree(proposal: ProposalFacts) -> Iterator[Notice]:
    """Do the medications and the taper of the proposal give one drug two doses on the first day?"""
    for name in proposal.disagreeing:
        yield Notice(
            "DOSES_DISAGREE",
            f"{name}: medications and taper of the proposal give different doses on the first day; the taper's was "
            "checked.",
            severity="critical",
        )


@rule("critique_unusual_frequency", cites=("P-options", "P-critique"))
def unusual_frequency(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is a drug that is taken every day ordered otherwise?"""
    for drug in _TAKEN_EVERY_DAY:
        for item in proposal.giving(drug):
            if item.frequency is not None and item.frequency not in _EVERY_DAY:
                yield Notice(
                    "UNUSUAL_FREQUENCY",
                    f"{item.name} is ordered {item.frequency.replace('_', ' ')}: it is taken every day, and the limits "
                    "here are those of a day. Check the order.",
                    kb.drugs[drug].cites,
                )
