"""Missing facts: what is not known, what waits for it and how to send it. Unknown is never taken for no."""

from collections.abc import Iterator

from app.clinical.remark import MissingData
from app.facts.facts import Facts, LabFact
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.plan.missing_facts import FACTS
from app.rules.plan.missing_results import RESULTS, Result
from app.rules.rule import Need


@asks("missing_data", cites=("P-principles", "P-freshness", "P-absent-lists"))
def missing_data(facts: Facts, kb: KnowledgeBase) -> tuple[MissingData, ...]:
    """Which facts are not known, and what waits for them?"""
    return tuple(need.missing() for need in (*missing_results(facts, kb), *missing_facts(facts)))


def missing_facts(facts: Facts) -> Iterator[Need]:
    """Yield the facts of the table that were not sent or are too old; most belong to the hepatitis plan."""
    hepatitis = facts.hepatitis
    for row in FACTS:
        old = row.path.removeprefix("vitals.") in facts.stale_vitals
        if (hepatitis or row.everywhere) and (old or row.lacks(facts)):
            yield Need(row.path, row.needed_for, row.effect, f"What was sent is too old. {row.how}" if old else row.how)


def missing_results(facts: Facts, kb: KnowledgeBase) -> Iterator[Need]:
    """Yield absent and stale results, and results whose own upper limit was not sent.

    Other conditions are asked for their own markers by the monitoring dates.
    """
    meld_decides = facts.episode.condition.cirrhosis != "none"
    for row in RESULTS if facts.hepatitis else ():
        lab = facts.labs[row.analyte]
        if not lab.known:
            yield _result(row, _how(lab, kb), decides_severity=row.in_meld and meld_decides)
        elif row.limit_for and lab.upper_limit is None:
            yield _limit(row)


def _result(row: Result, how: str, *, decides_severity: bool) -> Need:
    path = f"labs.{row.analyte}"
    if not decides_severity:
        return Need(path, row.needed_for, row.effect, how)
    effect = f"{row.effect} In cirrhosis a MELD decides the severity, so it cannot be told to be mild or moderate."
    return Need(path, ("severity", *row.needed_for), effect, how)


def _how(lab: LabFact, kb: KnowledgeBase) -> str:
    info = kb.analytes[lab.analyte]
    ask = f"send {info.title} with unit (for example {info.unit}) and collection time"
    if lab.status == "stale":
        return (
            f"The latest result is stale: {lab.age_days} days old, limit {info.stable_days} days. Repeat it and {ask}."
        )
    return f"{ask[0].upper()}{ask[1:]}."


def _limit(row: Result) -> Need:
    return Need(
        f"labs.{row.analyte}",
        row.limit_for,
        "Without the laboratory's own limit the result cannot be read as a multiple of normal; no default is assumed.",
        "send upper_limit_normal with the result, in the unit of the result.",
    )
