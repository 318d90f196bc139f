"""The proposed steroid: started too low, given alone in a severe flare, lowered too early, stopped too suddenly."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Protocol

from app.clinical.taper import Gate
from app.facts.proposal import Fall, ProposalFacts, Proposed, falls
from app.knowledge.base import KnowledgeBase
from app.rules.critique.patient import IMMUNOSUPPRESSANTS
from app.rules.options.draft import plain
from app.rules.options.steroid import severe_monotherapy
from app.rules.rule import Caution, Notice, rule

PREDNISONE = ("prednisone", "prednisolone")
_STEROID = "systemic_glucocorticoid"


class AdrenalLimits(Protocol):
    """How fast a steroid may fall for the adrenal glands (ESE24)."""

    def largest(self, mg: Decimal) -> Decimal:
        """Return the largest single reduction in mg from a daily dose."""


@rule("critique_steroid_start", cites=("S33", "C11", "P-critique"))
def start_too_low(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Does the proposal treat a flare of hepatitis with less than 30 mg of prednisone (S33)?"""
    start, limit = started_mg(proposal), kb.number("critique_steroid_start_mg")
    if start is not None and start < limit and _must_reach_start(proposal):
        yield Notice(
            "STEROID_START_BELOW_30",
            f"Prednisone {plain(start)} mg/d: a start below {plain(limit)} mg/d often leaves hepatitis incompletely "
            "suppressed. A low dose is meant only beside tacrolimus, and in remission.",
        )


def started_mg(proposal: ProposalFacts) -> Decimal | None:
    """Return the prednisone dose a proposal starts or raises to; None when it does neither or the dose is unknown."""
    items = proposal.giving(*PREDNISONE)
    total = sum((item.mg for item in items if item.mg is not None), Decimal(0))
    running = sum((item.running_mg for item in items if item.running_mg is not None), Decimal(0))
    return total if total > running else None


def _must_reach_start(proposal: ProposalFacts) -> bool:
    facts = proposal.after
    in_remission = facts.episode.condition.context == "in_remission"
    return facts.hepatitis and not in_remission and not facts.medicines.takes("tacrolimus")


def beside_steroids(proposal: ProposalFacts) -> frozenset[tuple[str, ...]]:
    """Return the immunosuppressants taken under the proposal that are no steroids."""
    taken = proposal.after.medicines.matching(*IMMUNOSUPPRESSANTS)
    return frozenset(item.substances for item in taken if not item.is_any_of(_STEROID))


def one_agent(proposal: ProposalFacts) -> tuple[Caution, ...]:
    """Return what is said of a severe flare of hepatitis under a single immunosuppressant (S34).

    All steroids together are one.
    """
    agents = len(beside_steroids(proposal)) + bool(proposal.after.medicines.matching(_STEROID))
    return severe_monotherapy(proposal.after) if proposal.after.hepatitis and agents == 1 else ()


def fall_now(proposal: ProposalFacts) -> Fall | None:
    """Return the steroid reduction the proposal makes on its first day, if it makes one."""
    return next((fall for fall in steroid_falls(proposal) if fall.day <= proposal.before.start_on), None)


@rule("critique_reduction_before_remission", cites=("S35", "C07", "P-gates"))
def reduction_before_remission(proposal: ProposalFacts, closed: tuple[Gate, ...]) -> Iterator[Notice]:
    """Does the proposal lower the steroid although a gate of a step is not open (hepatitis only)?

    `closed` says which gates are closed or unknown today. A dose that runs may not be planned to fall later either
    while the tests are not normal; of one that the proposal starts or raises nothing can be shown yet.
    """
    fall = fall_now(proposal)
    if fall is None and started_mg(proposal) is None:
        fall = next(iter(steroid_falls(proposal)), None)
        closed = tuple(gate for gate in closed if gate.code == "biochemical_remission")
    if fall is not None and closed and proposal.before.hepatitis:
        yield Notice(
            "REDUCTION_BEFORE_REMISSION",
            f"Prednisone falls from {plain(fall.before)} to {plain(fall.after)} mg/d on {fall.day} before a remission "
            f"is shown: {' '.join(gate.detail for gate in closed)}",
        )


@rule("critique_later_steps_wait_for_gates", cites=("S07", "S35", "P-gates"))
def later_steps(proposal: ProposalFacts) -> Iterator[Notice]:
    """Are steroid reductions planned for later days, on which no test result can be known yet?"""
    later = [fall for fall in steroid_falls(proposal) if fall.day > proposal.before.start_on]
    if later and proposal.before.hepatitis:
        yield Notice(
            "STEPS_WAIT_FOR_GATES",
            f"From {later[0].day} on each step waits for normal AST, ALT and IgG in current results and for the "
            "absence of worsening: dates alone do not allow it.",
            severity="info",
        )


@rule("critique_steroid_stopped", cites=("ESE24", "P-taper", "P-critique"))
def stopped_suddenly(proposal: ProposalFacts, limits: AdrenalLimits, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is a steroid stopped without a taper after more than three to four weeks, or after an unknown time?"""
    if any(item.stopped_on is None for item in proposal.after.medicines.matching(_STEROID)):
        return
    for item in proposal.touching(_STEROID):
        for stop, drop in _stops(item):
            days = _days_taken(item, stop)
            short = days is not None and days <= kb.whole("critique_steroid_stop_days")
            if not short and (drop is None or drop > limits.largest(drop)):
                yield _suddenly(item, stop, days, drop)


def _stops(item: Proposed) -> Iterator[tuple[date, Decimal | None]]:
    """Yield each day on which the drug ends or pauses, with the dose before it in mg; None when unknown."""
    before = item.running_mg
    for level in item.levels:
        if not level.mg:
            yield level.day, before
        before = level.mg


def _suddenly(item: Proposed, stop: date, days: int | None, drop: Decimal | None) -> Notice:
    taken = "for an unknown time" if days is None else f"for {days} days"
    dose = "an unknown dose" if drop is None else f"{plain(drop)} mg/d"
    return Notice(
        "STEROID_STOPPED_SUDDENLY",
        f"{item.name} ends on {stop} from {dose}, taken {taken}: after more than 3 to 4 weeks a sudden stop "
        "can cause adrenal crisis. Taper it.",
        severity="critical",
    )


def _days_taken(item: Proposed, stop: date) -> int | None:
    """Return for how many days the drug was taken when it ends; None when its start is not known."""
    starts = [item.levels[0].day] if item.running_mg == 0 else [running.started_on for running in item.replaces]
    known = [start for start in starts if start is not None]
    return (stop - min(known)).days if known and len(known) == len(starts) else None


def steroid_falls(proposal: ProposalFacts) -> tuple[Fall, ...]:
    """Return every reduction of prednisone and prednisolone taken together."""
    return falls(proposal.touching(*PREDNISONE))
