"""The decision alone: how long one takes, and whether it stays linear in what a patient can have many of."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.clinical.episode import Episode
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide

_WARM_UP = 200
_RUNS = 3000


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """Microseconds, and how the time grows when a list doubles: 2 would be linear without a fixed part."""

    median_us: float
    p99_us: float
    labs_doubled: float
    medications_doubled: float


def measure(episode: Episode, kb: KnowledgeBase) -> EngineFigures:
    """Time the decision on a typical episode and on the same episode with long lists."""
    times = sorted(_times(lambda: decide(episode, kb), _RUNS))
    return EngineFigures(
        median_us=1e6 * statistics.median(times),
        p99_us=1e6 * times[int(0.99 * len(times))],
        labs_doubled=_growth(_with_labs(episode, 240), _with_labs(episode, 480), kb),
        medications_doubled=_growth(_with_medications(episode, 100), _with_medications(episode, 200), kb),
    )


def _times(call: Callable[[], object], runs: int) -> list[float]:
    for _ in range(min(_WARM_UP, runs)):
        call()
    return [_time(call) for _ in range(runs)]


def _time(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _growth(some: Episode, twice: Episode, kb: KnowledgeBase) -> float:
    first, second = (statistics.median(_times(lambda one=one: decide(one, kb), 200)) for one in (some, twice))  # type: ignore[misc]
    return second / first


def _with_labs(episode: Episode, count: int) -> Episode:
    labs = episode.labs or ()
    return episode.model_copy(update={"labs": (labs * count)[:count]})


def _with_medications(episode: Episode, count: int) -> Episode:
    medications = episode.medications or ()
    return episode.model_copy(update={"medications": (medications * count)[:count]})
