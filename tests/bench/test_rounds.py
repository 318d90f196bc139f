"""Ratios are taken inside a round, so that what slows the machine for both cancels out."""

import pytest

from bench.load import Round
from bench.rounds import Outcome


def answers(count: int) -> Round:
    return Round(seconds=1, latencies=(0.001,) * count)


def test_the_ratio_is_the_median_of_the_ratios_of_each_round() -> None:
    outcome = Outcome(
        {"ours": [answers(50), answers(10), answers(90)], "bare": [answers(100), answers(20), answers(100)]}
    )
    assert outcome.ratio("ours", "bare") == 0.5


def test_a_percentile_is_a_latency_that_was_measured() -> None:
    measured = Round(seconds=1, latencies=(0.004, 0.001, 0.003, 0.002))
    assert [measured.percentile(share) for share in (0, 0.5, 0.99, 1)] == pytest.approx([1, 3, 4, 4])


def test_answers_per_second_is_the_median_over_rounds() -> None:
    assert Outcome({"ours": [answers(10), answers(30), answers(20)]}).per_second("ours") == 20
