"""The proposed way down of the steroid: faster than the source, faster than the adrenal glands, below maintenance."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.facts.dates import one_month_after
from app.facts.proposal import Fall, ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.rules.critique.steroid import AdrenalLimits, beside_steroids, steroid_falls
from app.rules.options.draft import plain
from app.rules.rule import Notice, rule


@rule("critique_taper_too_fast", cites=("S06", "S36", "C08", "P-taper", "P-month"))
def too_fast(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Does prednisone fall before its dose was kept for a month, or by more than 10 mg in one (hepatitis only)?

    Parts of a month's step may follow each other within the month; only the dose before the first is kept for one.
    """
    found, limit = _tapering(proposal), kb.number("taper_prednisone_step_mg")
    for fall in found:
        if fall.since is not None and _from_the_top(fall, found) and fall.day < one_month_after(fall.since):
            yield _not_kept(fall, fall.since, limit)
            break
    for fall in found:
        within = _within_a_month(fall, found)
        if within > limit:
            yield _too_much(fall, within, limit)
            break


def _from_the_top(fall: Fall, found: tuple[Fall, ...]) -> bool:
    """Return whether the dose that is lowered was started or raised to, not itself reached by a reduction."""
    return all(fall.since != earlier.day for earlier in found)


def _not_kept(fall: Fall, since: date, limit: Decimal) -> Notice:
    return Notice(
        "TAPER_TOO_FAST",
        f"Prednisone {plain(fall.before)} mg/d from {since} falls on {fall.day}: the dose is kept for one month at "
        f"least, until {one_month_after(since)}. Faster than {plain(limit)} mg a month caused rebounds.",
    )


def _too_much(fall: Fall, within: Decimal, limit: Decimal) -> Notice:
    return Notice(
        "TAPER_TOO_FAST",
        f"Prednisone falls by {plain(within)} mg within a month from {fall.day}; faster than {plain(limit)} mg a month "
        "caused rebounds. Current guidance is faster: the two contradict each other.",
    )


def _within_a_month(first: Fall, found: tuple[Fall, ...]) -> Decimal:
    """Return by how much the dose falls from a reduction on until one month after it."""
    end = one_month_after(first.day)
    return sum((fall.mg for fall in found if first.day <= fall.day < end), Decimal(0))


@rule("critique_dose_since_unknown", cites=("S36", "P-month", "P-principles"))
def since_unknown(proposal: ProposalFacts) -> Iterator[Notice]:
    """Is it unknown whether the dose that is lowered was kept for a month (hepatitis only)?

    What runs on the first day of the proposal has been kept for a month once a month has passed since.
    """
    first = next(iter(_tapering(proposal)), None)
    if first is not None and first.since is None and first.day < one_month_after(proposal.before.start_on):
        yield Notice(
            "DOSE_SINCE_UNKNOWN",
            f"Prednisone {plain(first.before)} mg/d falls on {first.day}, and since when it is taken is not known: "
            "whether it was kept for a month cannot be told. Send medications.started_on.",
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
