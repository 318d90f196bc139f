"""The questions behind the statement verdicts: each looks at one situation and answers in three values."""

from collections.abc import Callable

from app.clinical.vocabulary import OptionId, TriggerCode
from app.rules.options import tacrolimus_history, third_line
from app.rules.plan import duration
from app.rules.plan.three_valued import all_of
from app.rules.situation import Situation
from app.rules.verdicts import Answer, from_truth

Question = Callable[[Situation], Answer]
_UNKNOWN = (None, "unknown")


def hepatitis_only(_situation: Situation) -> Answer:
    """Does the statement speak of hepatitis alone?"""
    return Answer("applies", "The condition is autoimmune hepatitis.", ("condition.code",))


def outside_hepatitis(_situation: Situation) -> Answer:
    """Does the statement speak of other conditions?"""
    return Answer("does_not_apply", "Speaks of conditions other than autoimmune hepatitis.", ("condition.code",))


def option(*option_ids: OptionId) -> Question:
    """Ask whether an option that carries the statement may be chosen."""
    facts = tuple(f"options.{option_id}" for option_id in option_ids)

    def ask(situation: Situation) -> Answer:
        return from_truth(
            facts,
            known=situation.offered(*option_ids),
            yes="The option may be chosen.",
            no=_why_not(situation),
            unknown="The option waits for a fact; see its conditions and missing_data.",
        )

    return ask


def _why_not(situation: Situation) -> str:
    if situation.disposition == "plan":
        return "The option is blocked or not indicated; see its blocks and reasons."
    return f"No option is offered: the disposition is {situation.disposition}."


def flare(situation: Situation) -> Answer:
    """Is the disease flaring?"""
    context = situation.facts.episode.condition.context
    return from_truth(
        ("condition.context",),
        known=None if context in _UNKNOWN else context != "in_remission",
        yes="The disease is flaring.",
        no="The disease is in remission.",
        unknown="The context is unknown.",
    )


def indication(situation: Situation) -> Answer:
    """Does the reason tacrolimus was given still hold?"""
    course = situation.facts.episode.tacrolimus
    return from_truth(
        ("tacrolimus.indication_still_valid",),
        known=course.indication_still_valid if course else None,
        yes="The reason tacrolimus was given still holds.",
        no="The reason tacrolimus was given no longer holds.",
        unknown="Whether the reason still holds is unknown.",
    )


def good_and_needed(situation: Situation) -> Answer:
    """Did tacrolimus work before, and is the disease severe or refractory?"""
    facts = situation.facts
    return from_truth(
        ("tacrolimus.response", "severity.severe", "prior_treatments"),
        known=all_of(tacrolimus_history.good_response(facts), tacrolimus_history.severe_or_refractory(facts)),
        yes="Good earlier response, and the disease is severe or refractory.",
        no="No good earlier response, or neither severe nor refractory.",
        unknown="Earlier response, severity or earlier treatment is unknown.",
    )


def controlled(situation: Situation) -> Answer:
    """Was the disease controlled on tacrolimus?"""
    return from_truth(
        ("tacrolimus.response",),
        known=tacrolimus_history.good_response(situation.facts),
        yes="The disease was controlled on tacrolimus.",
        no="The disease was not controlled on tacrolimus.",
        unknown="The earlier response is unknown.",
    )


def relapse(situation: Situation) -> Answer:
    """Is this a relapse?"""
    context = situation.facts.episode.condition.context
    known = None if context in _UNKNOWN else context in ("relapse_after_withdrawal", "loss_of_remission")
    return from_truth(
        ("condition.context",),
        known=known,
        yes="This is a relapse.",
        no=f"The context is {context}.",
        unknown="The context is unknown.",
    )


def refractory(situation: Situation) -> Answer:
    """Was standard treatment insufficient?"""
    return from_truth(
        ("condition.context", "prior_treatments"),
        known=situation.facts.refractory,
        yes="Standard treatment was insufficient.",
        no="Standard treatment has not failed.",
        unknown="The prior treatments are unknown.",
    )


def at_assessment(_situation: Situation) -> Answer:
    """Is this decided only by the results of the first two weeks?"""
    return Answer("unknown", "Decided by the results of the first two weeks of treatment.", ("labs",))


def stopped(situation: Situation) -> Answer:
    """Was tacrolimus stopped?"""
    facts = ("tacrolimus.stopped_on", "tacrolimus.stop_manner")
    if duration.stopped(situation.facts):
        return Answer("applies", "Tacrolimus was stopped; the withdrawal audit says how.", facts)
    return Answer("unknown", "Whether and how tacrolimus was stopped is unknown.", facts)


def relapses(situation: Situation) -> Answer:
    """Have there been several relapses?"""
    count = situation.facts.episode.condition.relapse_count
    limit = situation.kb.whole("duration_indefinite_relapses")
    return from_truth(
        ("condition.relapse_count",),
        known=None if count is None else count >= limit,
        yes=f"{count} relapses are recorded.",
        no=f"Fewer than {limit} relapses are recorded.",
        unknown="The number of relapses is unknown.",
    )


def severe(situation: Situation) -> Answer:
    """Is the flare severe?"""
    return from_truth(
        ("severity.severe",),
        known=situation.facts.severity.severe,
        yes="The flare is severe.",
        no="The flare is not severe.",
        unknown="Severity cannot be told.",
    )


def stopped_for(*reasons: str) -> Question:
    """Ask whether tacrolimus was stopped for one of the reasons."""

    def ask(situation: Situation) -> Answer:
        course = situation.facts.episode.tacrolimus
        reason = course.stop_reason if course else None
        return from_truth(
            ("tacrolimus.stop_reason",),
            known=None if reason in _UNKNOWN else reason in reasons,
            yes=f"Tacrolimus was stopped for {reason}.",
            no=f"Tacrolimus was stopped for {reason}.",
            unknown="Why tacrolimus was stopped is unknown.",
        )

    return ask


def mycophenolate_failed(situation: Situation) -> Answer:
    """Was mycophenolate insufficient?"""
    return from_truth(
        ("prior_treatments",),
        known=third_line.mycophenolate_failed(situation.facts),
        yes="Mycophenolate was insufficient.",
        no="Mycophenolate is not recorded as insufficient.",
        unknown="How mycophenolate worked, if it was given, is unknown.",
    )


def trigger(code: TriggerCode, fact: str) -> Question:
    """Ask whether a transplant trigger is met."""

    def ask(situation: Situation) -> Answer:
        return from_truth(
            (fact,),
            known=situation.trigger(code),
            yes="The transplant trigger is met.",
            no="The transplant trigger is not met.",
            unknown="The transplant trigger cannot be told.",
        )

    return ask


def rebound(situation: Situation) -> Answer:
    """Did the disease come back after tacrolimus was stopped?"""
    return from_truth(
        ("condition.context", "condition.relapse_count", "tacrolimus.stopped_on"),
        known=duration.rebound(situation.facts, situation.kb),
        yes="The disease came back after tacrolimus was stopped.",
        no="No rebound after tacrolimus withdrawal is recorded.",
        unknown="Whether this is a rebound is unknown.",
    )


def organ_threat(situation: Situation) -> Answer:
    """Does the disease threaten an organ?"""
    return from_truth(
        ("condition.organ_threatening",),
        known=situation.facts.episode.condition.organ_threatening,
        yes="The disease threatens an organ.",
        no="The disease does not threaten an organ.",
        unknown="Whether the disease threatens an organ is unknown.",
    )


def by_condition(situation: Situation) -> Answer:
    """Does the disease threaten an organ, outside hepatitis?"""
    return outside_hepatitis(situation) if situation.facts.hepatitis else organ_threat(situation)
