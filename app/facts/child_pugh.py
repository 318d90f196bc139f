"""Child-Pugh with the albumin limits 2.8 and 3.5 g/dL; other textbooks print 3.0, so the variant is always named."""

from decimal import Decimal
from typing import Literal

from app.facts.meld import ScoreValue
from app.knowledge.base import KnowledgeBase

AscitesDegree = Literal["none", "mild", "moderate_severe"]
ChildPughClass = Literal["A", "B", "C"]

_ASCITES_POINTS: dict[AscitesDegree, int] = {"none": 1, "mild": 2, "moderate_severe": 3}
_FEWEST, _MOST = 1, 3


def child_pugh(
    bilirubin: Decimal,
    albumin: Decimal,
    inr: Decimal,
    *,
    ascites: AscitesDegree,
    encephalopathy_grade: int,
    kb: KnowledgeBase,
) -> ScoreValue:
    """Return 5 to 15 points; bilirubin in mg/dL (limits for non-cholestatic disease), albumin in g/dL."""
    points = (
        _FEWEST + _band(bilirubin, "bilirubin", kb),
        _MOST - _band(albumin, "albumin", kb),
        _FEWEST + _band(inr, "inr", kb),
        _FEWEST + _band(Decimal(encephalopathy_grade), "encephalopathy", kb),
        _ASCITES_POINTS[ascites],
    )
    return ScoreValue(Decimal(sum(points)), Decimal(sum(points)))


def child_pugh_class(points: Decimal, kb: KnowledgeBase) -> ChildPughClass:
    """Return the class of a number of points."""
    if points >= kb.number("child_pugh_class_c_from"):
        return "C"
    return "B" if points >= kb.number("child_pugh_class_b_from") else "A"


def _band(value: Decimal, name: str, kb: KnowledgeBase) -> int:
    """Return 0 below the named band, 1 inside (both ends included), 2 above."""
    return (value >= kb.number(f"child_pugh_{name}_low")) + (value > kb.number(f"child_pugh_{name}_high"))
