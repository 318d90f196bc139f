"""What scores are computed from, gathered once and shown with every score in the unit the formulas use."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import cast

from app.clinical.remark import ScoreInput
from app.clinical.vocabulary import Analyte
from app.facts.arithmetic import REMEMBERED
from app.facts.child_pugh import AscitesDegree
from app.facts.facts import LabFact
from app.facts.kidney import Sex
from app.knowledge.base import KnowledgeBase

LABS: tuple[Analyte, ...] = ("creatinine", "bilirubin_total", "inr", "sodium", "albumin", "ast", "alt", "platelets")
InputValue = Decimal | str | bool | None
_TITLES = {"ascites": "the degree of ascites", "encephalopathy_grade": "the grade of encephalopathy"}


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """The patient as the scores see it. None is unknown; `sex` None means that both are computed."""

    labs: dict[Analyte, LabFact]
    age: int
    sex: Sex | None
    dialysis: bool | None
    ascites: AscitesDegree | None
    encephalopathy_grade: int | None
    anticoagulant: bool | None
    in_flare: bool

    def known(self, *names: Analyte) -> tuple[Decimal, ...] | None:
        """Return the current values of the analytes, or None when one of them is not known."""
        values = tuple(self.labs[name].value for name in names)
        return None if None in values else cast("tuple[Decimal, ...]", values)


def shown_inputs(facts: ScoreFacts) -> dict[str, ScoreInput]:
    """Return every input by name, null where unknown; the scores share them."""
    grade = facts.encephalopathy_grade
    return {
        **{str(name): _input(name, facts.labs[name].value, facts.labs[name].unit) for name in LABS},
        "age": _input("age", Decimal(facts.age), "a"),
        "sex": _input("sex", facts.sex),
        "dialysis": _input("dialysis", facts.dialysis),
        "ascites": _input("ascites", facts.ascites),
        "encephalopathy_grade": _input("encephalopathy_grade", None if grade is None else Decimal(grade)),
    }


# Inputs are immutable and their values repeat; building one costs more than finding it again.
@lru_cache(maxsize=REMEMBERED)
def _input(name: str, value: InputValue, unit: str | None = None) -> ScoreInput:
    return ScoreInput(name=name, value=value, unit=unit)


def missing_sentence(missing: list[str], kb: KnowledgeBase) -> str:
    """Return which current results or entries a score waits for."""
    titles = [_TITLES[name] if name in _TITLES else kb.analytes[cast("Analyte", name)].title for name in missing]
    return f"Not known or out of date: {', '.join(titles)}."
