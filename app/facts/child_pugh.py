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
    number, grade = kb.number, Decimal(encephalopathy_grade)
    points = (
        _FEWEST + _band(bilirubin, number("child_pugh_bilirubin_low"), number("child_pugh_bilirubin_high")),
        _MOST - _band(albumin, number("child_pugh_albumin_low"), number("child_pugh_albumin_high")),
        _FEWEST + _band(inr, number("child_pugh_inr_low"), number("child_pugh_inr_high")),
        _FEWEST + _band(grade, number("child_pugh_encephalopathy_low"), number("child_pugh_encephalopathy_high")),
        _ASCITES_POINTS[ascites],
    )
    return ScoreValue(Decimal(sum(points)), Decimal(sum(points)))


def child_pugh_class(points: Decimal, kb: KnowledgeBase) -> ChildPughClass:
    """Return the class of a number of points."""
    if points >= kb.number("child_pugh_class_c_from"):
        return "C"
    return "B" if points >= kb.number("child_pugh_class_b_from") else "A"


def _band(value: Decimal, low: Decimal, high: Decimal) -> int:
    """Return 0 below `low`, 1 from `low` to `high`, 2 above `high`."""
    return (value >= low) + (value > high)
