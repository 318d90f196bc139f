"""Tacrolimus troughs: a level says nothing without its matrix, and plasma and whole blood are never converted."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from app.clinical.course import LevelEvidence, LevelRange, TroughTarget
from app.facts.arithmetic import half_up
from app.facts.facts import Facts, LabFact
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.plan.wording import plain
from app.rules.rule import Notice, rule

_TENTH = Decimal("0.1")
_TARGET_CITES = ("S11", "S17", "S25", "C02", "K10", "P-trough")


@asks("trough_target", cites=_TARGET_CITES)
def trough_target(facts: Facts, kb: KnowledgeBase) -> TroughTarget | None:
    """Which tacrolimus trough is aimed at, in which matrix?

    Only for hepatitis: every other condition names its own usual target in its policy.
    """
    if not facts.hepatitis:
        return None
    return TroughTarget(
        matrix_required=True,
        plasma=LevelRange(low=kb.number("trough_plasma_low"), high=kb.number("trough_plasma_high")),
        whole_blood=_whole_blood_target(facts, kb),
        evidence=tuple(_evidence(row.text, row.cites) for row in kb.texts.values() if row.topic == "trough_evidence"),
        citations=_TARGET_CITES,
    )


# The rows are the same for every patient; building them anew would cost more than the rest of the question.
@cache
def _evidence(text: str, cites: tuple[str, ...]) -> LevelEvidence:
    return LevelEvidence(text=text, citations=cites)


def _whole_blood_target(facts: Facts, kb: KnowledgeBase) -> LevelRange | None:
    """The source gives a whole-blood target only for hepatitis in which standard therapy has failed."""
    target = kb.number("trough_whole_blood_after_failure")
    return LevelRange(low=target, high=target) if facts.hepatitis and facts.refractory else None


@rule("trough_alerts", cites=("S11", "S25", "C02", "P-trough"))
def trough_alerts(facts: Facts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Does the latest tacrolimus level call for attention?"""
    level = facts.labs["tacrolimus_level"]
    if level.value is None:
        return
    obstacle = _obstacle(level, kb)
    if obstacle is not None:
        yield Notice("TROUGH_NOT_INTERPRETABLE", f"Tacrolimus {_shown(level)} is not judged: {obstacle}")
    elif level.matrix == "plasma":
        yield _plasma(level, level.value, kb)
    else:
        yield from _whole_blood(level, level.value, kb)
        yield from _against_target(level, level.value, _whole_blood_target(facts, kb))


def _shown(level: LabFact) -> str:
    return f"{level.as_sent} of {level.collected_on}"


def _obstacle(level: LabFact, kb: KnowledgeBase) -> str | None:
    """Why the level cannot be read as a trough, or None. Without a time of the last dose it is taken at its word."""
    if level.matrix not in ("whole_blood", "plasma"):
        return "its matrix is not known. Send whole_blood or plasma; the two differ many times over."
    earliest, latest = kb.number("trough_earliest_hours"), kb.number("trough_latest_hours")
    hours = level.hours_since_dose
    if hours is not None and not earliest <= hours <= latest:
        return (
            f"it was drawn {plain(half_up(hours, _TENTH))} h after the last dose. A trough is drawn {plain(earliest)}-"
            f"{plain(latest)} h after it."
        )
    return None


def _plasma_range(kb: KnowledgeBase) -> str:
    return f"{kb.number('trough_plasma_low')}-{kb.number('trough_plasma_high')} ng/mL"


def _plasma(level: LabFact, value: Decimal, kb: KnowledgeBase) -> Notice:
    place = _place(value, kb.number("trough_plasma_low"), kb.number("trough_plasma_high"))
    return Notice(
        "TROUGH_PLASMA",
        f"Tacrolimus in plasma {_shown(level)} is {place} the source's plasma range of {_plasma_range(kb)}. "
        "Present-day assays measure whole blood: confirm the matrix with the laboratory before any change of dose.",
        severity="info",
    )


def _whole_blood(level: LabFact, value: Decimal, kb: KnowledgeBase) -> Iterator[Notice]:
    low, high = kb.number("trough_whole_blood_low"), kb.number("trough_whole_blood_high")
    if value < low:
        yield Notice(
            "TROUGH_LOW",
            f"Tacrolimus in whole blood {_shown(level)} is below {plain(low)} ng/mL, possibly too little to work: "
            f"check adherence and inducers. The source's {_plasma_range(kb)} belong to plasma, not to whole blood.",
        )
    if value > high:
        yield Notice(
            "TROUGH_HIGH",
            f"Tacrolimus in whole blood {_shown(level)} is above {plain(high)} ng/mL: check for toxicity and "
            "interactions and repeat the level.",
        )


def _against_target(level: LabFact, value: Decimal, target: LevelRange | None) -> Iterator[Notice]:
    """Where there is a target in whole blood, the level is compared with it; no comparison is advice about a dose."""
    if target is not None:
        place = _place(value, target.low, target.high, at="at")
        yield Notice(
            "TROUGH_AFTER_FAILURE",
            f"Tacrolimus in whole blood {_shown(level)} is {place} the source's target of "
            f"{plain(target.high)} ng/mL after standard therapy failed. No level changes a dose on its own.",
            severity="info",
        )


def _place(value: Decimal, low: Decimal, high: Decimal, at: str = "within") -> str:
    return "below" if value < low else "above" if value > high else at
