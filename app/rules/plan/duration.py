"""How long treatment goes on: after a rebound a reduction may come, an end is not proposed."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from app.clinical.course import Duration, RelapseRisk
from app.facts.dates import add_months
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.plan.remission import remission_confirmed
from app.rules.plan.three_valued import Answer, all_of, any_of

_CITES = ("S30", "S46", "S47", "S48", "S49", "C18", "C19", "P-duration")


@dataclass(frozen=True, slots=True)
class _Outlook:
    """What decides the duration. `since` is the first day of the present remission.

    `stated` says whether the source speaks about the duration in this condition at all, `long_enough` whether remission
    has lasted so long, without a rebound, that its end may be discussed, `confirmed` whether the tests show it now.
    """

    stated: bool
    indefinite: Answer
    relapsed_often: Answer
    since: date | None
    reduction_on: date | None
    window_from: date | None
    long_enough: bool
    confirmed: bool

    @property
    def withdrawal(self) -> bool:
        """Whether an end of treatment may be discussed."""
        return self.long_enough and self.confirmed


@asks("treatment_duration", cites=_CITES)
def duration(facts: Facts, kb: KnowledgeBase) -> Duration:
    """How long does treatment go on, and when may the dose be reduced?"""
    outlook = _outlook(facts, kb)
    return Duration(
        indefinite=outlook.indefinite,
        reduction_eligible_on=outlook.reduction_on,
        earlier_than_guidance_from=outlook.window_from,
        withdrawal_proposed=outlook.withdrawal,
        text=" ".join(_sentences(outlook, kb)),
        relapse_risk=_relapse_risk(facts, kb),
        citations=_CITES,
    )


def _outlook(facts: Facts, kb: KnowledgeBase) -> _Outlook:
    often = _relapsed_often(facts, kb)
    indefinite = any_of(rebound(facts, kb), often)
    stated = _holds("S48", facts, kb)
    since = facts.remission_since if stated else None
    reduction_on = since and add_months(since, kb.whole("duration_reduction_months"))
    return _Outlook(
        stated=stated,
        indefinite=indefinite,
        relapsed_often=often,
        since=since,
        reduction_on=reduction_on,
        window_from=since and add_months(since, kb.whole("duration_reduction_source_months")),
        long_enough=indefinite is False and reduction_on is not None and reduction_on <= facts.as_of,
        confirmed=remission_confirmed(facts),
    )


def _holds(statement: str, facts: Facts, kb: KnowledgeBase) -> bool:
    """Whether a statement of the source applies to the patient's condition at all."""
    return statement in kb.conditions[facts.episode.condition.code].applies


def rebound(facts: Facts, kb: KnowledgeBase) -> Answer:
    """Whether the disease came back after tacrolimus was stopped; unknown where the source makes no statement."""
    if not _holds("S46", facts, kb):
        return None
    context = facts.episode.condition.context
    named = None if context in (None, "unknown") else context == "relapse_after_withdrawal"
    return any_of(named, all_of(stopped(facts), _relapses_reach(facts, kb.whole("duration_rebound_relapses"))))


def _relapsed_often(facts: Facts, kb: KnowledgeBase) -> Answer:
    if not _holds("S30", facts, kb):
        return None
    return _relapses_reach(facts, kb.whole("duration_indefinite_relapses"))


def _relapses_reach(facts: Facts, limit: int) -> Answer:
    count = facts.episode.condition.relapse_count
    return None if count is None else count >= limit


def stopped(facts: Facts) -> Answer:
    """Whether a tacrolimus course was stopped: any fact about its end says so, the word unknown is none."""
    course = facts.episode.tacrolimus
    if course is None:
        return None
    told = {course.stopped_on, course.stop_manner, course.stop_reason} - {None, "unknown"}
    return True if told else None


def _sentences(outlook: _Outlook, kb: KnowledgeBase) -> tuple[str, ...]:
    months = kb.whole("duration_reduction_months")
    return (_end(outlook), _reduction(outlook, kb), *_withdrawal(outlook, months))


def _end(outlook: _Outlook) -> str:
    if outlook.relapsed_often:
        return (
            "Plan low-dose immunosuppression without an end date: the disease has come back more than once. Withdrawal "
            "is not proposed."
        )
    if outlook.indefinite:
        return "Plan immunosuppression without an end date: the disease has come back. Withdrawal is not proposed."
    if outlook.indefinite is None:
        return "Whether an end of treatment may ever be discussed cannot be told from the facts sent."
    return "No rebound is recorded; some patients nevertheless need a low dose for life."


def _reduction(outlook: _Outlook, kb: KnowledgeBase) -> str:
    months, early = kb.whole("duration_reduction_months"), kb.whole("duration_reduction_source_months")
    if not outlook.stated:
        return "When a dose may be reduced is the specialist's decision in this condition."
    if outlook.since is None:
        return f"A reduction comes up after {months} months of normal tests, counted from the start of a remission."
    return (
        f"A reduction comes up on {outlook.reduction_on}, after {months} months of normal tests; the source's window "
        f"from {early} months, {outlook.window_from}, is earlier than disease guidance."
    )


def _withdrawal(outlook: _Outlook, months: int) -> tuple[str, ...]:
    if not outlook.long_enough:
        return ()
    if not outlook.confirmed:
        return ("Withdrawal is not discussed before the tests of today show that the remission still lasts.",)
    return (f"After {months} months of remission withdrawal may be discussed with a specialist, never abruptly.",)


def _relapse_risk(facts: Facts, kb: KnowledgeBase) -> tuple[RelapseRisk, ...]:
    """Every published figure, the patient's own disease first; the source's single figure never stands alone."""
    own = facts.episode.condition.code
    rows = (row for row in kb.texts.values() if row.topic == "relapse_risk")
    ordered = sorted(rows, key=lambda row: row.condition not in (own, None))
    return tuple(_risk(row.text, row.cites) for row in ordered)


# The rows are the same for every patient; building them anew would cost more than the rest of the question.
@cache
def _risk(text: str, cites: tuple[str, ...]) -> RelapseRisk:
    return RelapseRisk(text=text, citations=cites)
