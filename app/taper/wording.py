"""How the taper writes numbers and remarks."""

from decimal import Decimal

from app.clinical.remark import Remark


def plain(value: Decimal) -> str:
    """Return a number with a leading zero and no trailing one (`0.5`, `1`, `20`): both are misread on a drug chart."""
    return format(value.normalize(), "f")


def remark(code: str, text: str, *cites: str) -> Remark:
    """Return a remark of the taper; its rule is named after its code."""
    return Remark(code=code, text=text, rule=f"taper.{code.lower()}", citations=cites)
