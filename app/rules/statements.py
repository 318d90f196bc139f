"""The verdict on every statement S01-S49: does it apply to this patient, does it not, or can it not be told."""

from collections.abc import Callable

from app.clinical.remark import StatementVerdict
from app.clinical.vocabulary import OptionId, TriggerCode
from app.rules.options import tacrolimus
from app.rules.plan.three_valued import all_of, any_of
from app.rules.situation import Situation
from app.rules.verdicts import Answer, from_truth

Question = Callable[[Situation], Answer]
_COURSE_WORDS = {"S20", "S28", "S29", "S30"}


def verdicts(situation: Situation) -> tuple[StatementVerdict, ...]:
    """Return the 49 verdicts in order."""
    answer = _hepatitis if situation.facts.hepatitis else _other
    return tuple(answer(statement_id, situation).about(statement_id) for statement_id in situation.kb.statements)


def _hepatitis(statement_id: str, situation: Situation) -> Answer:
    return QUESTIONS[statement_id](situation)


def _other(statement_id: str, situation: Situation) -> Answer:
    """Return the condition row's answer; a row that is silent does not apply the statement."""
    row = situation.kb.conditions[situation.facts.episode.condition.code]
    if statement_id in row.overridden:
        return Answer("does_not_apply", row.overridden[statement_id], ("condition.code",))
    if statement_id not in row.applies:
        return Answer("does_not_apply", f"The policy for {row.title} does not use this statement.", ("condition.code",))
    if statement_id in _COURSE_WORDS:
        return QUESTIONS[statement_id](situation)
    return Answer("applies", f"Applies to {row.title}; the specialist decides.", ("condition.code",))


def _hepatitis_only(_situation: Situation) -> Answer:
    return Answer("applies", "The condition is autoimmune hepatitis.", ("condition.code",))


def _outside_hepatitis(_situation: Situation) -> Answer:
    return Answer("does_not_apply", "Speaks of conditions other than autoimmune hepatitis.", ("condition.code",))


def _option(*option_ids: OptionId) -> Question:
    """Ask whether an option that carries the statement may be chosen."""
    facts = tuple(f"options.{option_id}" for option_id in option_ids)

    def ask(situation: Situation) -> Answer:
        return from_truth(
            situation.offered(*option_ids),
            facts,
            yes="The option may be chosen.",
            no=_why_not(situation),
            unknown="The option waits for a fact; see its conditions and missing_data.",
        )

    return ask


def _why_not(situation: Situation) -> str:
    if situation.disposition == "plan":
        return "The option is blocked or not indicated; see its blocks and reasons."
    return f"No option is offered: the disposition is {situation.disposition}."


def _flare(situation: Situation) -> Answer:
    context = situation.facts.episode.condition.context
    return from_truth(
        context != "in_remission",
        ("condition.context",),
        yes="The disease is flaring.",
        no="The disease is in remission.",
        unknown="",
    )


def _indication(situation: Situation) -> Answer:
    course = situation.facts.episode.tacrolimus
    return from_truth(
        course.indication_still_valid if course else None,
        ("tacrolimus.indication_still_valid",),
        yes="The reason tacrolimus was given still holds.",
        no="The reason tacrolimus was given no longer holds.",
        unknown="Whether the reason still holds is unknown.",
    )


def _good_and_needed(situation: Situation) -> Answer:
    facts = situation.facts
    return from_truth(
        all_of(tacrolimus.good_response(facts), tacrolimus.severe_or_refractory(facts)),
        ("tacrolimus.response", "severity.severe", "prior_treatments"),
        yes="Good earlier response, and the disease is severe or refractory.",
        no="No good earlier response, or neither severe nor refractory.",
        unknown="Earlier response, severity or earlier treatment is unknown.",
    )


def _controlled(situation: Situation) -> Answer:
    return from_truth(
        tacrolimus.good_response(situation.facts),
        ("tacrolimus.response",),
        yes="The disease was controlled on tacrolimus.",
        no="The disease was not controlled on tacrolimus.",
        unknown="The earlier response is unknown.",
    )


def _relapse(situation: Situation) -> Answer:
    context = situation.facts.episode.condition.context
    known = None if context in (None, "unknown") else context in ("relapse_after_withdrawal", "loss_of_remission")
    return from_truth(
        known,
        ("condition.context",),
        yes="This is a relapse.",
        no=f"The context is {context}.",
        unknown="The context is unknown.",
    )


def _refractory(situation: Situation) -> Answer:
    return from_truth(
        situation.facts.refractory,
        ("condition.context", "prior_treatments"),
        yes="Standard treatment was insufficient.",
        no="Standard treatment has not failed.",
        unknown="The prior treatments are unknown.",
    )


def _at_assessment(_situation: Situation) -> Answer:
    return Answer("unknown", "Decided by the results of the first two weeks of treatment.", ("labs",))


def _stopped(situation: Situation) -> Answer:
    course = situation.facts.episode.tacrolimus
    stopped = bool(course and (course.stopped_on or course.stop_manner or course.stop_reason))
    return from_truth(
        True if stopped else None,
        ("tacrolimus.stopped_on", "tacrolimus.stop_manner"),
        yes="Tacrolimus was stopped; the withdrawal audit says how.",
        no="",
        unknown="Whether and how tacrolimus was stopped is unknown.",
    )


def _relapses(situation: Situation) -> Answer:
    count = situation.facts.episode.condition.relapse_count
    limit = situation.kb.whole("duration_indefinite_relapses")
    return from_truth(
        None if count is None else count >= limit,
        ("condition.relapse_count",),
        yes=f"{count} relapses are recorded.",
        no=f"Fewer than {limit} relapses are recorded.",
        unknown="The number of relapses is unknown.",
    )


def _severe(situation: Situation) -> Answer:
    return from_truth(
        situation.facts.severity.severe,
        ("severity.severe",),
        yes="The flare is severe.",
        no="The flare is not severe.",
        unknown="Severity cannot be told.",
    )


def _stopped_for(*reasons: str) -> Question:
    """Ask whether tacrolimus was stopped for one of the reasons."""

    def ask(situation: Situation) -> Answer:
        course = situation.facts.episode.tacrolimus
        reason = course.stop_reason if course else None
        return from_truth(
            None if reason in (None, "unknown") else reason in reasons,
            ("tacrolimus.stop_reason",),
            yes=f"Tacrolimus was stopped for {reason}.",
            no=f"Tacrolimus was stopped for {reason}.",
            unknown="Why tacrolimus was stopped is unknown.",
        )

    return ask


def _mycophenolate_failed(situation: Situation) -> Answer:
    insufficient = situation.facts.medicines.insufficient
    return from_truth(
        None if insufficient is None else "mycophenolate" in insufficient,
        ("prior_treatments",),
        yes="Mycophenolate was insufficient.",
        no="Mycophenolate is not recorded as insufficient.",
        unknown="The prior treatments are unknown.",
    )


def _trigger(code: TriggerCode, fact: str) -> Question:
    """Ask whether a transplant trigger is met."""

    def ask(situation: Situation) -> Answer:
        return from_truth(
            situation.trigger(code),
            (fact,),
            yes="The transplant trigger is met.",
            no="The transplant trigger is not met.",
            unknown="The transplant trigger cannot be told.",
        )

    return ask


def _rebound(situation: Situation) -> Answer:
    condition = situation.facts.episode.condition
    context = None if condition.context in (None, "unknown") else condition.context == "relapse_after_withdrawal"
    count = None if condition.relapse_count is None else condition.relapse_count >= 1
    stopped = True if _stopped(situation).verdict == "applies" else None
    return from_truth(
        any_of(context, all_of(count, stopped)),
        ("condition.context", "condition.relapse_count", "tacrolimus.stopped_on"),
        yes="The disease came back after tacrolimus was stopped.",
        no="No rebound after tacrolimus withdrawal is recorded.",
        unknown="Whether this is a rebound is unknown.",
    )


def _organ_threat(situation: Situation) -> Answer:
    return from_truth(
        situation.facts.episode.condition.organ_threatening,
        ("condition.organ_threatening",),
        yes="The disease threatens an organ.",
        no="The disease does not threaten an organ.",
        unknown="Whether the disease threatens an organ is unknown.",
    )


def _by_condition(situation: Situation) -> Answer:
    return _outside_hepatitis(situation) if situation.facts.hepatitis else _organ_threat(situation)


_COMBINATION = _option("prednisone_azathioprine")
_STEROID = _option("prednisone_azathioprine", "prednisone_monotherapy")
_TACROLIMUS = _option("tacrolimus_restart")
_SECOND_AGENT = _option("prednisone_azathioprine", "add_mycophenolate")
_CULPRIT = _stopped_for("neurotoxicity", "intolerance", "paradoxical_autoimmunity")

QUESTIONS: dict[str, Question] = {
    "S01": _STEROID,
    "S02": _COMBINATION,
    "S03": _indication,
    "S04": _option("prednisone_monotherapy"),
    "S05": _COMBINATION,
    "S06": _STEROID,
    "S07": _STEROID,
    "S08": _COMBINATION,
    "S09": _STEROID,
    "S10": _TACROLIMUS,
    "S11": _TACROLIMUS,
    "S12": _good_and_needed,
    "S13": _controlled,
    "S14": _TACROLIMUS,
    "S15": _hepatitis_only,
    "S16": _relapse,
    "S17": _refractory,
    "S18": _refractory,
    "S19": _flare,
    "S20": _by_condition,
    "S21": _outside_hepatitis,
    "S22": _flare,
    "S23": _at_assessment,
    "S24": _at_assessment,
    "S25": _TACROLIMUS,
    "S26": _TACROLIMUS,
    "S27": _TACROLIMUS,
    "S28": _stopped,
    "S29": _stopped,
    "S30": _relapses,
    "S31": _SECOND_AGENT,
    "S32": _SECOND_AGENT,
    "S33": _STEROID,
    "S34": _severe,
    "S35": _STEROID,
    "S36": _STEROID,
    "S37": _CULPRIT,
    "S38": _CULPRIT,
    "S39": _CULPRIT,
    "S40": _refractory,
    "S41": _stopped_for("intolerance", "neurotoxicity"),
    "S42": _mycophenolate_failed,
    "S43": _trigger("meld_15", "scores"),
    "S44": _trigger("no_complete_response_48_months", "condition.treatment_started_on"),
    "S45": _trigger("ascites", "condition.ascites"),
    "S46": _rebound,
    "S47": _rebound,
    "S48": _hepatitis_only,
    "S49": _rebound,
}
