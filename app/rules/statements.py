"""The verdict on every statement S01-S49: does it apply to this patient, does it not, or can it not be told."""

from dataclasses import replace

from app.clinical.remark import StatementVerdict
from app.rules import statement_questions as ask
from app.rules.situation import Situation
from app.rules.verdicts import Answer

_COURSE_WORDS = {"S20", "S28", "S29", "S30"}


def verdicts(situation: Situation) -> tuple[StatementVerdict, ...]:
    """Return the 49 verdicts in order."""
    answer = _hepatitis if situation.facts.hepatitis else _other
    return tuple(answer(statement_id, situation).about(statement_id) for statement_id in situation.kb.statements)


def _hepatitis(statement_id: str, situation: Situation) -> Answer:
    """Return the answer for hepatitis; where the policy overrides a statement, it says so beside the verdict."""
    answer = QUESTIONS[statement_id](situation)
    overridden = situation.kb.conditions["autoimmune_hepatitis"].overridden.get(statement_id)
    return answer if overridden is None else replace(answer, because=f"{answer.because} Overridden: {overridden}")


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


_COMBINATION = ask.option("prednisone_azathioprine")
_STEROID = ask.option("prednisone_azathioprine", "prednisone_monotherapy")
_TACROLIMUS = ask.option("tacrolimus_restart")
_SECOND_AGENT = ask.option("prednisone_azathioprine", "add_mycophenolate")
_CULPRIT = ask.stopped_for("neurotoxicity", "intolerance", "paradoxical_autoimmunity")

QUESTIONS: dict[str, ask.Question] = {
    "S01": _STEROID,
    "S02": _COMBINATION,
    "S03": ask.indication,
    "S04": ask.option("prednisone_monotherapy"),
    "S05": _COMBINATION,
    "S06": _STEROID,
    "S07": _STEROID,
    "S08": _COMBINATION,
    "S09": _STEROID,
    "S10": _TACROLIMUS,
    "S11": _TACROLIMUS,
    "S12": ask.good_and_needed,
    "S13": ask.controlled,
    "S14": _TACROLIMUS,
    "S15": ask.hepatitis_only,
    "S16": ask.relapse,
    "S17": ask.refractory,
    "S18": ask.refractory,
    "S19": ask.flare,
    "S20": ask.by_condition,
    "S21": ask.outside_hepatitis,
    "S22": ask.flare,
    "S23": ask.at_assessment,
    "S24": ask.at_assessment,
    "S25": _TACROLIMUS,
    "S26": _TACROLIMUS,
    "S27": _TACROLIMUS,
    "S28": ask.stopped,
    "S29": ask.stopped,
    "S30": ask.relapses,
    "S31": _SECOND_AGENT,
    "S32": _SECOND_AGENT,
    "S33": _STEROID,
    "S34": ask.severe,
    "S35": _STEROID,
    "S36": _STEROID,
    "S37": _CULPRIT,
    "S38": _CULPRIT,
    "S39": _CULPRIT,
    "S40": ask.refractory,
    "S41": ask.stopped_for("intolerance", "neurotoxicity"),
    "S42": ask.mycophenolate_failed,
    "S43": ask.trigger("meld_15", "scores"),
    "S44": ask.trigger("no_complete_response_48_months", "condition.treatment_started_on"),
    "S45": ask.trigger("ascites", "condition.ascites"),
    "S46": ask.rebound,
    "S47": ask.rebound,
    "S48": ask.hepatitis_only,
    "S49": ask.rebound,
}
