"""The one sentence at the top of a plan."""

from collections.abc import Iterable

from app.clinical.course import Referral
from app.clinical.option import MedicationPlan, Option
from app.clinical.remark import MissingData
from app.clinical.vocabulary import Standing
from app.planning.disposition import Triage
from app.rules.options.draft import plain

_BLOCKING = ("labs.alt", "labs.ast")


def headline(
    triage: Triage,
    options: tuple[Option, ...],
    referral: Referral | None,
    missing: Iterable[MissingData],
    call: str | None = None,
) -> str:
    """Return the sentence for this disposition; `call` is what the latest assessment calls for."""
    if triage.disposition == "emergency":
        return f"Escalate now: {_sentences(flag.text for flag in triage.red_flags)}"
    if triage.disposition == "refer":
        return _refer(triage, referral)
    if triage.disposition == "insufficient_data":
        paths = [item.path for item in missing]
        asked = [path for path in paths if path in _BLOCKING] or paths
        return f"No plan yet: send {' and '.join(asked)}, current and with the laboratory's upper limit."
    return _plan(options) if call is None else f"{call} {_next(options, call)}"


def _next(options: tuple[Option, ...], said: str) -> str:
    """Return what comes next where the treatment under way is no longer enough, or had to be held."""
    failing = next((option for option in options if _has(option, "COURSE_FAILING")), None)
    if failing is None or _titles(options, "recommended"):
        return _plan(options, said)
    others = tuple(option for option in options if option is not failing)
    left, waiting = _titles(others, "alternative"), _titles(others, "conditional")
    return (
        f"{failing.title} goes on until a clinician decides; open to choose: {left or 'nothing'}."
        f"{f' Waiting for a fact: {waiting}.' if waiting else ''}"
    )


def _titles(options: Iterable[Option], standing: Standing) -> str:
    return ", ".join(option.title.lower() for option in options if option.standing == standing)


def _has(option: Option, reason: str) -> bool:
    return any(item.code == reason for item in option.reasons)


def _refer(triage: Triage, referral: Referral | None) -> str:
    where = f" to {referral.target.replace('_', ' ')} ({referral.urgency.replace('_', ' ')})" if referral else ""
    return f"Refer{where}; no dose is produced: {_sentences(item.text for item in triage.out_of_scope)}"


def _plan(options: tuple[Option, ...], said: str = "") -> str:
    """Return what is recommended, or why nothing is, but for what was `said` before it."""
    recommended = next((option for option in options if option.standing == "recommended"), None)
    if recommended is not None:
        return f"For review by a clinician: {recommended.title.lower()}, {_doses(recommended.medications)}."
    infection = [block for option in options for block in option.blocks if block.code == "INFECTION_NOT_EXCLUDED"]
    if infection:
        why = "" if infection[0].text in said else f" {infection[0].text}"
        return f"Nothing is started while infection is not excluded.{why}"
    return _waiting(options)


def _waiting(options: tuple[Option, ...]) -> str:
    conditional = next((option for option in options if option.standing == "conditional"), None)
    if conditional is not None:
        conditions = _sentences(item.text for item in conditional.conditions)
        return f"Nothing is recommended yet. {conditional.title} waits: {conditions}"
    return _blocked(options) or "No treatment option is indicated: see duration and monitoring."


def _blocked(options: tuple[Option, ...]) -> str | None:
    """Return what blocks the first option that would otherwise be indicated; in remission none would be."""
    blocked = next(
        (option for option in options if option.standing == "blocked" and not _has(option, "IN_REMISSION")), None
    )
    if blocked is None:
        return None
    blocks = _sentences(item.text for item in blocked.blocks)
    left = _titles(options, "alternative")
    choice = f" What is left to choose: {left}." if left else ""
    return f"Nothing is recommended. {blocked.title} is blocked: {blocks}{choice}"


def _doses(medications: tuple[MedicationPlan, ...]) -> str:
    return ", ".join(_dose(item) for item in medications)


def _dose(item: MedicationPlan) -> str:
    if item.dose_mg_per_day is None:
        return f"{item.drug} at a dose a clinician enters"
    if item.intakes_per_day is not None and item.intakes_per_day > 1 and item.dose_mg_per_intake is not None:
        return f"{item.drug} {plain(item.dose_mg_per_intake)} mg {item.intakes_per_day} times a day"
    return f"{item.drug} {plain(item.dose_mg_per_day)} mg/d"


def _sentences(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(texts))
