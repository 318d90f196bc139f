"""Interleaved rounds: every target once a round, in an order that turns, so that slow drift falls on all alike."""

import statistics
from dataclasses import dataclass

from bench.load import Round, Target, run


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard."""

    rounds: int = 7
    seconds: float = 3
    warm_up_seconds: float = 1.5
    concurrency: int = 16


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rounds of every target, in the same order."""

    rounds: dict[str, list[Round]]

    def per_second(self, name: str) -> float:
        """Return the median of answers per second."""
        return statistics.median(one.per_second for one in self.rounds[name])

    def percentile(self, name: str, share: float) -> float:
        """Return the median over rounds of a latency percentile in milliseconds."""
        return statistics.median(one.percentile(share) for one in self.rounds[name])

    def ratio(self, name: str, reference: str) -> float:
        """Return the median of ratios taken inside each round, which cancels what slows the machine for both."""
        pairs = zip(self.rounds[name], self.rounds[reference], strict=True)
        return statistics.median(one.per_second / other.per_second for one, other in pairs)


def measure(targets: list[Target], plan: Plan) -> Outcome:
    """Warm every target up, then run the rounds."""
    for target in targets:
        run(target, plan.concurrency, plan.warm_up_seconds)
    rounds: dict[str, list[Round]] = {target.name: [] for target in targets}
    for number in range(plan.rounds):
        turn = number % len(targets)
        for target in targets[turn:] + targets[:turn]:
            rounds[target.name].append(run(target, plan.concurrency, plan.seconds))
        print(f"  round {number + 1} of {plan.rounds}", flush=True)
    return Outcome(rounds)
