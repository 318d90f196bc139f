"""A schedule written out: days, tablets and totals of each level, and what they sum to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.clinical.taper import Gate, TabletCount, TaperStep
from app.clinical.vocabulary import ConditionCode, StepStatus
from app.knowledge.base import KnowledgeBase
from app.taper.flags import flags_of
from app.taper.gates import projected_gates
from app.taper.levels import Level

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every row of a schedule is counted against. `ends_on` is None where the last level stays."""

    start_on: date
    horizon_days: int
    condition: ConditionCode
    ends_on: date | None = None

    def days_inside(self, first: date, last: date | None) -> int:
        """Return how many days from `first` to `last`, both included, lie inside the horizon."""
        end = self.start_on + timedelta(days=self.horizon_days)
        stop = end if last is None else min(end, last + _ONE_DAY)
        return max((stop - first).days, 0)


def rows(levels: tuple[Level, ...], frame: Frame, kb: KnowledgeBase) -> tuple[TaperStep, ...]:
    """Return one row per level, without body weight. The first is being taken, or is a floor without a step."""
    return tuple(_row(index, levels, frame, kb) for index in range(len(levels)))


def _status(index: int, levels: tuple[Level, ...], frame: Frame) -> StepStatus:
    if index:
        return "projected"
    stays = len(levels) == 1 and not levels[0].stuck
    return "floor" if stays and frame.ends_on is None else "current"


def _row(index: int, levels: tuple[Level, ...], frame: Frame, kb: KnowledgeBase) -> TaperStep:
    level, last = levels[index], _last_day(index, levels, frame)
    days, amounts = frame.days_inside(level.starts_on, last), level.amounts
    return TaperStep(
        index=index,
        starts_on=level.starts_on,
        ends_on=last,
        days=days,
        doses={drug: amount.mg for drug, amount in amounts.items()},
        mg_per_kg={},
        tablets={drug: amount.tablets for drug, amount in amounts.items()},
        total_mg={drug: amount.mg * days for drug, amount in amounts.items()},
        total_tablets={drug: _times(amount.tablets, days) for drug, amount in amounts.items()},
        status=_status(index, levels, frame),
        gates=_gates(index, level, frame, kb),
        flags=flags_of(level, levels[index - 1] if index else None, frame.condition, kb),
    )


def _last_day(index: int, levels: tuple[Level, ...], frame: Frame) -> date | None:
    """Return the last day of a level; None where it stays."""
    return levels[index + 1].starts_on - _ONE_DAY if index + 1 < len(levels) else frame.ends_on


def _gates(index: int, level: Level, frame: Frame, kb: KnowledgeBase) -> tuple[Gate, ...]:
    """Return what has to hold before a level may begin; the first one has begun."""
    return projected_gates(level.starts_on, frame.condition, kb) if index else ()


def _times(tablets: tuple[TabletCount, ...], days: int) -> tuple[TabletCount, ...]:
    return tuple(TabletCount(strength_mg=item.strength_mg, count=item.count * days) for item in tablets) if days else ()


def summed_mg(steps: Iterable[TaperStep]) -> dict[str, Decimal]:
    """Return the mg of each drug over all rows."""
    sums: dict[str, Decimal] = {}
    for step in steps:
        for drug, mg in step.total_mg.items():
            sums[drug] = sums.get(drug, Decimal(0)) + mg
    return sums


def summed_tablets(steps: tuple[TaperStep, ...]) -> dict[str, tuple[TabletCount, ...]]:
    """Return the tablets of each drug and strength over all rows, larger strengths first."""
    return {drug: _summed([step.total_tablets[drug] for step in steps]) for drug in steps[0].doses}


def _summed(rows_of_one_drug: list[tuple[TabletCount, ...]]) -> tuple[TabletCount, ...]:
    counts: dict[Decimal, Decimal] = {}
    for tablets in rows_of_one_drug:
        for tablet in tablets:
            counts[tablet.strength_mg] = counts.get(tablet.strength_mg, Decimal(0)) + tablet.count
    return tuple(TabletCount(strength_mg=mg, count=count) for mg, count in sorted(counts.items(), reverse=True))
