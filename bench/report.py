"""The figures as a page: what was to be reached, what was measured, and the absolute figures below."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass

from bench.engine import EngineFigures
from bench.rounds import Plan
from bench.service import CORE, ECHO, ORM, READ, RECOMMEND, SELECT, SUBMIT, ServiceFigures

_HEAD = """# Measured

Written by `make bench`. Load generator, service, bare app and PostgreSQL share the machine: **the ratios of one run
count, absolute figures move with the machine**. A ratio is the median over interleaved rounds of answers per second
against those of the reference in the same round. The bare app reads about 4 KB and answers about 12 KB without
deciding, without authentication and without keeping a trace of what happened.
"""


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure to reach."""

    what: str
    wanted: str
    measured: str
    reached: bool

    def row(self) -> str:
        """Return the table row."""
        return f"| {self.what} | {self.wanted} | {self.measured} | {'yes' if self.reached else 'not yet'} |"


def page(engine: EngineFigures, service: ServiceFigures, plan: Plan) -> str:
    """Return the whole page."""
    goals = [*_service_goals(service), *_engine_goals(engine)]
    return "\n".join(
        [
            _HEAD,
            _circumstances(service, plan),
            "\n| what | goal | measured | reached |\n|---|---|---|---|",
            *(goal.row() for goal in goals),
            "\n| target | answers per second | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|",
            *_absolute(service),
            "",
        ]
    )


def _circumstances(figures: ServiceFigures, plan: Plan) -> str:
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    load = f"concurrency {plan.concurrency}, {plan.rounds} rounds of {plan.seconds:g} s"
    return f"{machine}; {load}; episode {figures.body_bytes} bytes, plan {figures.plan_bytes} bytes."


def _service_goals(figures: ServiceFigures) -> Iterator[Goal]:
    ratios = [(SUBMIT, ORM, 1.0), (SUBMIT, CORE, 0.7), (RECOMMEND, ECHO, 0.5), (READ, SELECT, 0.8)]
    for name, reference, wanted in ratios:
        ratio = figures.outcome.ratio(name, reference)
        yield Goal(f"`{name}` against {reference}", f">= {wanted}", f"{ratio:.2f}", ratio >= wanted)
    yield _at_most("memory of a worker after the load, MB", figures.memory_mb, 150)
    yield _at_most("start to ready on a migrated database, s", figures.seconds_to_ready, 2)


def _engine_goals(figures: EngineFigures) -> Iterator[Goal]:
    yield _at_most("decision alone, median, us", figures.median_us, 300)
    yield _at_most("decision alone, p99, us", figures.p99_us, 1000)
    # Twice the list may cost twice the time and a little for chance; a hidden nested loop would cost four times.
    yield _at_most("480 results against 240, times as long", figures.labs_doubled, 2.3)
    yield _at_most("200 medications against 100, times as long", figures.medications_doubled, 2.3)


def _at_most(what: str, measured: float, limit: float) -> Goal:
    return Goal(what, f"<= {limit:g}", f"{measured:.{0 if limit >= 100 else 2}f}", measured <= limit)


def _absolute(figures: ServiceFigures) -> Iterator[str]:
    outcome = figures.outcome
    for name in outcome.rounds:
        latencies = " | ".join(f"{outcome.percentile(name, share):.1f}" for share in (0.5, 0.95, 0.99))
        yield f"| {name} | {outcome.per_second(name):.0f} | {latencies} |"
