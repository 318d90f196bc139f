"""Generated results: values around every limit that decides something, some old, some in another accepted unit."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from app.knowledge.entries import UnitForm
from app.knowledge.load import load_knowledge
from tests.builders import lab
from tests.properties.words import ABSENT

KB = load_knowledge()
# In the canonical unit: the laboratory's upper limit, if it prints one, and values on both sides of what decides.
LIMITS: dict[str, tuple[float | None, tuple[float, ...]]] = {
    "alt": (35, (20, 35, 36, 104, 105, 106, 160, 349, 350, 900)),
    "ast": (35, (20, 35, 36, 104, 105, 106, 120, 349, 350, 900)),
    "bilirubin_total": (1.2, (0.8, 1.2, 1.3, 2.6, 2.7, 5.9, 6.0, 6.1, 12)),
    "inr": (1.1, (1.0, 1.1, 1.2, 1.4, 1.5, 1.6, 2.4)),
    "igg": (1600, (1200, 1600, 1610, 1760, 1770, 1900, 3000)),
    "albumin": (None, (2.5, 2.8, 3.5, 4.0)),
    "wbc": (None, (2.4, 2.5, 6.0)),
    "neutrophils": (None, (0.9, 1.0, 1.2, 1.3, 3.6)),
    "platelets": (None, (49, 50, 120, 210)),
    "creatinine": (1.1, (0.8, 1.1, 1.4, 2.0, 3.5)),
    "sodium": (None, (124, 125, 131, 137, 139)),
    "potassium": (None, (4.2, 5.0, 5.1, 5.4, 5.5, 5.9, 6.0, 6.1)),
    "magnesium": (None, (1.6, 1.7, 2.0)),
    "hba1c": (None, (5.4, 6.5, 8.0, 9.1)),
    "tacrolimus_level": (None, (0.5, 0.6, 1.0, 1.9, 2.0, 6, 10, 10.1)),
}
_TODAY = "2026-03-10"
_EARLIER = ("2026-03-09", "2026-03-06", "2026-03-03", "2026-02-24", "2026-02-23", "2026-01-10", "2025-03-01")
_DAYS = st.sampled_from([_TODAY] * len(_EARLIER) + [*_EARLIER])
_MATRICES = ("whole_blood", "plasma", "unknown", ABSENT)


@st.composite
def results(draw: st.DrawFn, analyte: str) -> list[dict[str, Any]]:
    """Return up to two results of an analyte on different days; none is absence."""
    days = draw(st.lists(_DAYS, max_size=2, unique=True))
    return [draw(_result(analyte, day)) for day in days]


@st.composite
def _result(draw: st.DrawFn, analyte: str, day: str) -> dict[str, Any]:
    limit, values = LIMITS[analyte]
    form = draw(st.sampled_from(KB.analytes[analyte].units))
    more: dict[str, Any] = {}
    if limit is not None and draw(st.booleans()):
        more["upper_limit_normal"] = _written(limit, form)
    if analyte == "tacrolimus_level":
        more["matrix"] = draw(st.sampled_from(_MATRICES))
    return lab(analyte, _written(draw(st.sampled_from(values)), form), form.code, day, **more)


def _written(value: float, form: UnitForm) -> float:
    """Return a value of the canonical unit as a laboratory with another unit would print it."""
    exact = (Decimal(str(value)) - form.offset) / form.factor
    return float(round(exact, 6))
