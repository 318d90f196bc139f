"""FIB-4: a screening index of liver fibrosis. Inflammation raises it, so it is not read during a hepatitis flare."""

from decimal import Decimal

from app.facts.arithmetic import half_up
from app.facts.meld import ScoreValue

_REPORTED_TO = Decimal("0.01")


def fib_4(age: int, ast: Decimal, alt: Decimal, platelets: Decimal) -> ScoreValue:
    """Return age x AST / (platelets x root of ALT); enzymes in U/L, platelets (not zero) in 10*9/L."""
    raw = age * ast / (platelets * alt.sqrt())
    return ScoreValue(raw, half_up(raw, _REPORTED_TO))
