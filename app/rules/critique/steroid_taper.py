"""The proposed way down of the steroid: faster than the source, faster than the adrenal glands, below maintenance."""

from collections.abc import Iterator
from decimal import Decimal

from app.facts.dates import one_month_after
from app.facts.proposal import Fall, ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.rules.critique.steroid import AdrenalLimits, beside_steroids, steroid_falls
from app.rules.options.draft import plain
from app.rules.rule import Notice, rule


@rule("critique_taper_too_fast", cites=("S36", "C08", "P-taper"))
def too_fast(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Does prednisone fall by more than 10 mg within a month (hepatitis only)?"""
    limit = kb.number("taper_prednisone_step_mg")
    for fall in _tapering(proposal):
        within = _within_a_month(fall, _tapering(proposal))
        if within > limit:
            yield Notice(
                "TAPER_TOO_FAST",
                f"Prednisone falls by {plain(within)} mg within a month from {fall.day}; faster than {plain(limit)} mg "
                "a month caused rebounds. Current guidance is faster: the two contradict each other.",
            )
            return


def _within_a_month(first: Fall, found: tuple[Fall, ...]) -> Decimal:
    """Return by how much the dose falls from a reduction on until one month after it."""
    end = one_month_after(first.day)
    return sum((fall.mg for fall in found if first.day <= fall.day < end), Decimal(0))


@rule("critique_first_step_too_early", cites=("S06", "S35", "P-month"))
def first_step_too_early(proposal: ProposalFacts) -> Iterator[Notice]:
    """Is the starting dose kept for less than one month (hepatitis only)?"""
    first = next(iter(_tapering(proposal)), None)
    if first is None or first.since is None or first.day >= one_month_after(first.since):
        return
    yield Notice(
        "FIRST_STEP_TOO_EARLY",
        f"Prednisone {plain(first.before)} mg/d from {first.since} falls on {first.day}: the starting dose is kept for "
        f"one month at least, until {one_month_after(first.since)}.",
    )


@rule("critique_adrenal_limits", cites=("ESE24", "P-taper"))
def beyond_adrenal_limits(proposal: ProposalFacts, limits: AdrenalLimits, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is a step at 20 mg of prednisone or below larger than the adrenal glands allow, in any disease?"""
    for fall in _steps_down(proposal):
        most = limits.largest(fall.before)
        if fall.before <= kb.number("adrenal_high_above_mg") and fall.mg > most:
            yield Notice(
                "STEP_BEYOND_ADRENAL_LIMIT",
                f"Prednisone falls from {plain(fall.before)} to {plain(fall.after)} mg/d on {fall.day}; for adrenal "
                f"recovery guidance reduces by {plain(most)} mg at a time from there.",
            )


@rule("critique_below_maintenance", cites=("S09", "K09", "C06", "P-taper"))
def below_maintenance(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Does prednisone fall below the maintenance dose at which the source's schedule ends (hepatitis only)?"""
    floor = _floor(proposal, kb)
    below = next((fall for fall in _tapering(proposal) if fall.after < floor <= fall.before), None)
    if below is not None:
        yield Notice(
            "TAPER_BELOW_MAINTENANCE",
            f"Prednisone falls to {plain(below.after)} mg/d on {below.day}, below the maintenance dose of "
            f"{plain(floor)} mg/d: no rule proposes that step, it is a clinician's own decision.",
        )


def _floor(proposal: ProposalFacts, kb: KnowledgeBase) -> Decimal:
    """Return the maintenance dose in mg per day; 0 beside drugs for which the source names none."""
    if proposal.after.medicines.takes("azathioprine"):
        return kb.number("taper_floor_prednisone_combination_mg")
    return Decimal(0) if beside_steroids(proposal) else kb.number("taper_floor_prednisone_monotherapy_mg")


def _tapering(proposal: ProposalFacts) -> tuple[Fall, ...]:
    return steroid_falls(proposal) if proposal.before.hepatitis else ()


def _steps_down(proposal: ProposalFacts) -> tuple[Fall, ...]:
    """Return the reductions that end above zero; a stop is judged by itself."""
    return tuple(fall for fall in steroid_falls(proposal) if fall.after > 0)
