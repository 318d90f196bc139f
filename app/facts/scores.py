"""The scores of a plan: every formula that can be computed, and for the others what is missing.

Each names its version. A score is interpretable when its value means what its name says for this patient;
`because` says why not, or what limits it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from app.clinical.remark import Score, ScoreInput
from app.clinical.vocabulary import Analyte, ScoreName
from app.facts.child_pugh import child_pugh, child_pugh_class
from app.facts.fibrosis import fib_4
from app.facts.kidney import Sex, ckd_epi_2021
from app.facts.meld import MeldLabs, ScoreValue, meld, meld_3_0, meld_na
from app.facts.score_inputs import ScoreFacts, missing_sentence, shown_inputs
from app.knowledge.base import KnowledgeBase

_MELD_FAMILY: tuple[ScoreName, ...] = ("meld", "meld_na", "meld_3_0")
_MELD_LABS: tuple[Analyte, ...] = ("creatinine", "bilirubin_total", "inr")
_MELD_3_0_LABS: tuple[Analyte, ...] = (*_MELD_LABS, "sodium", "albumin")
_CHILD_PUGH_LABS: tuple[Analyte, ...] = ("bilirubin_total", "albumin", "inr")
_FIB_4_LABS: tuple[Analyte, ...] = ("ast", "alt", "platelets")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a score is called, what it needs and where it comes from."""

    name: ScoreName
    version: str
    unit: str
    needs: tuple[str, ...]
    also_shown: tuple[str, ...]
    cites: tuple[str, ...]


_SHEETS = (
    _Sheet("meld", "MELD, 2016 allocation form", "points", _MELD_LABS, ("dialysis",), ("P-scores",)),
    _Sheet(
        "meld_na",
        "MELD-Na 2016, from the integer MELD",
        "points",
        (*_MELD_LABS, "sodium"),
        ("dialysis",),
        ("P-scores",),
    ),
    _Sheet("meld_3_0", "MELD 3.0 (2021)", "points", _MELD_3_0_LABS, ("dialysis", "sex"), ("K37", "P-scores")),
    _Sheet(
        "child_pugh",
        "Child-Pugh, albumin 2.8-3.5 g/dL, non-cholestatic bilirubin limits",
        "points",
        (*_CHILD_PUGH_LABS, "ascites", "encephalopathy_grade"),
        (),
        ("K51", "P-scores"),
    ),
    _Sheet(
        "egfr_ckd_epi_2021",
        "CKD-EPI 2021, creatinine",
        "mL/min/{1.73_m2}",
        ("creatinine",),
        ("age", "sex", "dialysis"),
        ("INKER21", "NKF", "P-scores"),
    ),
    _Sheet("fib_4", "FIB-4", "1", _FIB_4_LABS, ("age",), ("P-scores",)),
)


def all_scores(facts: ScoreFacts, kb: KnowledgeBase) -> dict[ScoreName, Score]:
    """Return every score of the contract by name."""
    inputs, values = shown_inputs(facts), _values(facts, kb)
    return {sheet.name: _score(sheet, values[sheet.name], inputs, facts, kb) for sheet in _SHEETS}


def meld_highest(scores: dict[ScoreName, Score]) -> Decimal | None:
    """Return the highest reported MELD variant, the one tier and transplant limits read; None without any."""
    return max((value for name in _MELD_FAMILY if (value := scores[name].value) is not None), default=None)


def meld_unknown(scores: dict[ScoreName, Score]) -> tuple[ScoreName, ...]:
    """Return the MELD variants without a value: each may be the one above a limit."""
    return tuple(name for name in _MELD_FAMILY if scores[name].value is None)


def _values(facts: ScoreFacts, kb: KnowledgeBase) -> dict[ScoreName, ScoreValue | None]:
    meld_i = _meld(facts, kb)
    return {
        "meld": meld_i,
        "meld_na": _meld_na(meld_i, facts, kb),
        "meld_3_0": _meld_3_0(facts, kb),
        "child_pugh": _child_pugh(facts, kb),
        "egfr_ckd_epi_2021": _egfr(facts, kb),
        "fib_4": _fib_4(facts),
    }


def _meld(facts: ScoreFacts, kb: KnowledgeBase) -> ScoreValue | None:
    values = facts.known(*_MELD_LABS)
    return None if values is None else meld(*values, dialysis=bool(facts.dialysis), kb=kb)


def _meld_na(meld_i: ScoreValue | None, facts: ScoreFacts, kb: KnowledgeBase) -> ScoreValue | None:
    sodium = facts.labs["sodium"].value
    return None if meld_i is None or sodium is None else meld_na(meld_i.value, sodium, kb=kb)


def _meld_3_0(facts: ScoreFacts, kb: KnowledgeBase) -> ScoreValue | None:
    """Return MELD 3.0; of an unknown sex the female value, which is always the higher one."""
    values = facts.known(*_MELD_3_0_LABS)
    if values is None:
        return None
    return meld_3_0(MeldLabs(*values), female=facts.sex != "male", dialysis=bool(facts.dialysis), kb=kb)


def _child_pugh(facts: ScoreFacts, kb: KnowledgeBase) -> ScoreValue | None:
    values = facts.known(*_CHILD_PUGH_LABS)
    if values is None or facts.ascites is None or facts.encephalopathy_grade is None:
        return None
    return child_pugh(*values, ascites=facts.ascites, encephalopathy_grade=facts.encephalopathy_grade, kb=kb)


def _egfr(facts: ScoreFacts, kb: KnowledgeBase) -> ScoreValue | None:
    """Return the eGFR of an adult off dialysis; of an unknown sex the lower of both."""
    creatinine = facts.labs["creatinine"].value
    if creatinine is None or facts.dialysis or facts.age < kb.number("ckd_epi_lowest_age"):
        return None
    sexes: tuple[Sex, ...] = (facts.sex,) if facts.sex else ("female", "male")
    return min((ckd_epi_2021(creatinine, facts.age, sex, kb=kb) for sex in sexes), key=attrgetter("raw"))


def _fib_4(facts: ScoreFacts) -> ScoreValue | None:
    values = facts.known(*_FIB_4_LABS)
    return None if values is None or not facts.labs["platelets"].value else fib_4(facts.age, *values)


def _score(
    sheet: _Sheet, result: ScoreValue | None, inputs: dict[str, ScoreInput], facts: ScoreFacts, kb: KnowledgeBase
) -> Score:
    remarks = (*_obstacles(sheet, inputs, facts, kb), *(_limits(sheet, facts) if result else ()))
    return Score(
        name=sheet.name,
        version=sheet.version,
        value=None if result is None else result.value,
        raw=None if result is None else result.raw,
        unit=sheet.unit,
        category=child_pugh_class(result.value, kb) if result and sheet.name == "child_pugh" else None,
        inputs=tuple(inputs[name] for name in (*sheet.needs, *sheet.also_shown)),
        interpretable=result is not None and not (sheet.name == "fib_4" and facts.in_flare),
        because=" ".join(remarks) or None,
        citations=sheet.cites,
    )


def _obstacles(sheet: _Sheet, inputs: dict[str, ScoreInput], facts: ScoreFacts, kb: KnowledgeBase) -> Iterator[str]:
    """Yield why the score has no value, or none that may be read."""
    missing = [name for name in sheet.needs if inputs[name].value is None]
    if missing:
        yield missing_sentence(missing, kb)
    if sheet.name == "egfr_ckd_epi_2021":
        yield from _egfr_obstacles(facts, kb)
    if sheet.name == "fib_4":
        yield from _fib_4_obstacles(facts)


def _egfr_obstacles(facts: ScoreFacts, kb: KnowledgeBase) -> Iterator[str]:
    lowest_age = kb.whole("ckd_epi_lowest_age")
    if facts.age < lowest_age:
        yield f"The equation holds from {lowest_age} years."
    if facts.dialysis:
        yield "On dialysis creatinine does not show kidney function."


def _fib_4_obstacles(facts: ScoreFacts) -> Iterator[str]:
    if facts.in_flare:
        yield "Inflammation raises this index: it is a screen in remission, not in a flare."
    if facts.labs["platelets"].value == 0:
        yield "Without platelets it has no value."


def _limits(sheet: _Sheet, facts: ScoreFacts) -> Iterator[str]:
    """Yield what weakens a value that may still be read."""
    if "dialysis" in sheet.also_shown and facts.dialysis is None:
        yield "Dialysis is not recorded; calculated as if there were none."
    if "sex" in sheet.also_shown and facts.sex is None:
        yield "Sex is unknown: calculated for both, the worse value is shown."
    if "inr" in sheet.needs and facts.anticoagulant:
        yield "Unreliable: an anticoagulant changes the INR."
