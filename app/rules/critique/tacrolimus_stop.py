"""Tacrolimus that the proposal ends: suddenly, or in less than a month."""

from collections.abc import Iterator
from datetime import date

from app.facts.dates import one_month_after
from app.facts.proposal import ProposalFacts, Proposed
from app.knowledge.base import KnowledgeBase
from app.rules.options.draft import plain
from app.rules.rule import Notice, rule

DRUG = "tacrolimus"


@rule("critique_tacrolimus_stopped", cites=("S28", "C20", "P-critique"))
def stopped_suddenly(proposal: ProposalFacts) -> Iterator[Notice]:
    """Does tacrolimus end without any step down before (S28, in every disease)?"""
    for item, end in _ending(proposal):
        if _tapered_from(item, proposal) is None:
            yield Notice(
                "TACROLIMUS_STOPPED_ABRUPTLY",
                f"{item.name} ends on {end} without a taper: tacrolimus is not stopped suddenly in autoimmune "
                "disease. If a harm forces the stop, plan what replaces it.",
                severity="critical",
            )


@rule("critique_tacrolimus_taper_too_short", cites=("S28", "S29", "C20", "P-withdrawal"))
def taper_too_short(proposal: ProposalFacts) -> Iterator[Notice]:
    """Does the withdrawal of tacrolimus take less than one month (S29, in every disease)?"""
    for item, end in _ending(proposal):
        start = _tapered_from(item, proposal)
        if start is not None and end < one_month_after(start):
            yield Notice(
                "TACROLIMUS_TAPER_TOO_SHORT",
                f"{item.name} comes down over {(end - start).days} days, from {start} to {end}: a withdrawal takes one "
                "month at least, in many diseases far longer.",
                severity="critical",
            )


@rule("critique_tacrolimus_steps", cites=("P-withdrawal", "C20"))
def steps_too_large(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Are the steps of a tacrolimus withdrawal, the last one to nothing included, larger than 0.5 mg a day?"""
    limit = kb.number("withdrawal_step_mg")
    for item, _ in _ending(proposal):
        # The way down of a ramp is even: only its first dose may be a step.
        largest = max((fall.mg for fall in item.falls if fall.after or not item.ramp), default=limit)
        if largest > limit:
            yield Notice(
                "TACROLIMUS_STEP_TOO_LARGE",
                f"{item.name} falls by {plain(largest)} mg a day at once; a withdrawal goes in steps of {plain(limit)} "
                "mg a day.",
            )


def _ending(proposal: ProposalFacts) -> tuple[tuple[Proposed, date], ...]:
    """Return each product of tacrolimus that ends, with the day of its end."""
    return tuple((item, item.stop_on) for item in proposal.touching(DRUG) if item.stop_on is not None)


def _tapered_from(item: Proposed, proposal: ProposalFacts) -> date | None:
    """Return the day from which tacrolimus comes down to its end; None when nothing shows that it does.

    A taper that the episode records as begun counts where the same course is still running.
    """
    days = [day for day in (_first_day_down(item), _recorded(item, proposal)) if day is not None]
    return min(days, default=None)


def _recorded(item: Proposed, proposal: ProposalFacts) -> date | None:
    course = proposal.before.episode.tacrolimus
    began = course.taper_started_on if course else None
    return began if item.replaces and began is not None and began < proposal.before.start_on else None


def _first_day_down(item: Proposed) -> date | None:
    """Return when the taper of the proposal begins.

    The full dose belongs to the taper for no longer than the level after it lasts: a long wait is no taper.
    """
    if item.ramp:
        return item.levels[0].day
    down = [fall for fall in item.falls if fall.after]
    if not down:
        return None
    following = next(level.day for level in item.levels if level.day > down[0].day)
    return max(item.levels[0].day, down[0].day - (following - down[0].day))
