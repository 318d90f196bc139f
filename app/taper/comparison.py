"""The same way down at two published speeds, so that both cumulative doses can be weighed (C08)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from app.clinical.taper import TaperComparison
from app.facts.dates import one_month_after
from app.knowledge.base import KnowledgeBase
from app.taper.rows import Frame
from app.taper.steps import Descent
from app.taper.wording import plain


def comparison(steroid: Descent, frame: Frame, kb: KnowledgeBase) -> tuple[TaperComparison, ...]:
    """Return the source's monthly speed and the slow end of the guideline's faster one, down to the same floor."""
    step, days = kb.number("taper_guideline_step_mg"), kb.whole("taper_guideline_interval_days")
    monthly = kb.number("taper_prednisone_step_mg")
    return (
        TaperComparison(
            id="source_monthly",
            title=f"Source document: {plain(monthly)} mg less each month",
            cumulative_prednisone_mg=_cumulative(steroid, monthly, one_month_after, frame),
            citations=("S07", "S36", "C08"),
        ),
        TaperComparison(
            id="guideline_faster",
            title=f"Current guideline, the slow end of its pace: {plain(step)} mg less every {days} days by response",
            cumulative_prednisone_mg=_cumulative(steroid, step, lambda day: day + timedelta(days=days), frame),
            citations=("K03", "C08"),
        ),
    )


def _cumulative(steroid: Descent, step: Decimal, later: Callable[[date], date], frame: Frame) -> Decimal:
    """Return the mg taken inside the horizon when each dose is kept until `later` and falls by `step` to the floor."""
    end = frame.start_on + timedelta(days=frame.horizon_days)
    total, dose, day = Decimal(0), steroid.first.mg, frame.start_on
    while day < end:
        following = min(later(day), end)
        total += dose * (following - day).days
        dose, day = max(steroid.floor, dose - step), following
    return total
