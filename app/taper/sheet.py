"""The schedule as it goes out: heading, rows and sums."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.clinical.remark import Remark
from app.clinical.taper import LabVisit, Taper
from app.clinical.vocabulary import OptionId, StepStyle
from app.knowledge.base import KnowledgeBase
from app.taper.comparison import comparison
from app.taper.levels import Level
from app.taper.rows import Frame, rows, summed_mg, summed_tablets
from app.taper.steps import STEROIDS, Descent


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above and below the rows. `compared` is the steroid whose published speeds are set side by side."""

    option_id: OptionId | None
    step_style: StepStyle
    step_mg: dict[str, Decimal]
    floor: dict[str, Decimal]
    advice: tuple[Remark, ...]
    citations: tuple[str, ...]
    compared: Descent | None = None
    visits: tuple[LabVisit, ...] = ()


def assemble(heading: Heading, levels: tuple[Level, ...], frame: Frame, kb: KnowledgeBase) -> Taper:
    """Return the whole schedule; its totals are the sums of its rows."""
    steps = rows(levels, frame, kb)
    total = summed_mg(steps)
    return Taper(
        option_id=heading.option_id,
        steps=steps,
        floor=heading.floor,
        step_style=heading.step_style,
        step_mg=heading.step_mg,
        cumulative_prednisone_mg=sum((total.get(drug, Decimal(0)) for drug in STEROIDS), Decimal(0)),
        total_mg=total,
        total_tablets=summed_tablets(steps),
        horizon_days=frame.horizon_days,
        comparison=comparison(heading.compared, frame, kb) if heading.compared else (),
        advice=heading.advice,
        visits=heading.visits,
        citations=heading.citations,
    )


def last_day(taper: Taper) -> date:
    """Return the latest day that stands in a schedule."""
    # A level ends before the first visit after it, or not at all.
    return max([taper.steps[-1].starts_on, *(visit.due_on for visit in taper.visits)])
