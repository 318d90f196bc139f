"""One test against its baseline: abnormal, normalised, better, worse, and what cannot be told."""

from decimal import Decimal
from typing import Any

import pytest

from app.clinical.vocabulary import Analyte
from app.facts.facts import LabFact
from app.knowledge.base import KnowledgeBase
from app.rules.course.compare import Pair, abnormal, improving, pair
from tests.treatment import START, on_day


def fact(analyte: Analyte, value: str | None, limit: str | None = "35", day: int = 0) -> LabFact:
    """Return a result of a day; `limit` is the lower one of albumin, the upper one of any other test."""
    bound = None if limit is None else Decimal(limit)
    return LabFact(
        analyte,
        "absent" if value is None else "known",
        "U/L",
        value=None if value is None else Decimal(value),
        upper_limit=None if analyte == "albumin" else bound,
        lower_limit=bound if analyte == "albumin" else None,
        collected_on=None if value is None else on_day(day),
    )


def change(analyte: Analyte, before: str | None, now: str | None, limit: str | None = "35") -> Pair:
    return Pair(fact(analyte, before, limit), fact(analyte, now, limit, 14))


@pytest.mark.parametrize(
    ("analyte", "value", "limit", "expected"),
    [
        ("alt", "35", "35", False),
        ("alt", "35.1", "35", True),
        ("alt", "35.1", None, None),
        ("alt", None, "35", None),
        ("albumin", "3.5", "3.5", False),
        ("albumin", "3.4", "3.5", True),
        ("albumin", "3.4", None, None),
        ("albumin", None, "3.5", None),
    ],
)
def test_a_result_is_abnormal_beyond_the_laboratorys_own_limit(
    analyte: Analyte, value: str | None, limit: str | None, expected: bool | None
) -> None:
    assert abnormal(fact(analyte, value, limit)) is expected


def test_a_change_is_told_in_its_unit_and_in_per_cent_of_the_baseline() -> None:
    fell = change("alt", "160", "80.1")
    assert (fell.known, fell.difference, fell.percent) == (True, Decimal("-79.9"), Decimal("-49.9375"))
    assert fell.told() == "ALT 160 to 80.1 U/L"
    row = fell.change()
    assert (row.baseline, row.current, row.change_percent) == (Decimal(160), Decimal("80.1"), Decimal("-49.9"))
    assert (row.abnormal_before, row.abnormal_now) == (True, True)


@pytest.mark.parametrize(("before", "now"), [(None, "80"), ("160", None), (None, None)])
def test_without_two_values_there_is_no_change(before: str | None, now: str | None, kb: KnowledgeBase) -> None:
    missing = change("alt", before, now)
    assert (missing.known, missing.difference, missing.percent) == (False, None, None)
    assert missing.change().change_percent is None
    assert not missing.normalised
    assert missing.improved(kb) is None


def test_only_the_value_that_is_known_is_told() -> None:
    assert (change("alt", None, "80").told(), change("alt", "160", None).told()) == ("ALT 80 U/L", "ALT 160 U/L")


def test_over_a_baseline_of_zero_there_is_no_percentage_and_every_rise_counts(kb: KnowledgeBase) -> None:
    risen = change("bilirubin_total", "0", "1.3", "1.2")
    assert (risen.percent, risen.improved(kb), risen.worsened(kb)) == (None, None, True)
    assert change("ast", "0", "0", None).worsened(kb) is False
    assert change("albumin", "0", "0.1", None).worsened(kb) is False


@pytest.mark.parametrize(
    ("before", "now", "limit", "expected"),
    [("160", "35", "35", True), ("160", "35.1", "35", False), ("35", "30", "35", False), ("160", "30", None, False)],
)
def test_only_what_is_known_to_have_been_abnormal_becomes_normal(
    before: str, now: str, limit: str | None, expected: bool
) -> None:
    assert change("alt", before, now, limit).normalised is expected


@pytest.mark.parametrize(
    ("analyte", "before", "now", "limit", "expected"),
    [
        ("alt", "160", "144", "35", True),
        ("alt", "160", "144.1", "35", False),
        ("alt", "160", "144", None, None),
        ("alt", "160", "144.1", None, False),
        ("alt", "30", "20", "35", False),
        ("albumin", "3.0", "3.3", "3.5", True),
        ("albumin", "3.0", "3.29", "3.5", False),
        ("albumin", "3.0", "2.7", "3.5", False),
    ],
)
def test_a_tenth_towards_normal_is_better(
    analyte: Analyte, before: str, now: str, limit: str | None, expected: bool | None, kb: KnowledgeBase
) -> None:
    assert change(analyte, before, now, limit).improved(kb) is expected


@pytest.mark.parametrize(
    ("analyte", "before", "now", "limit", "expected"),
    [
        ("alt", "160", "176", "35", False),
        ("alt", "160", "176.1", "35", True),
        ("alt", "20", "35", "35", False),
        ("alt", "20", "30", None, True),
        ("alt", None, "176", "35", None),
        ("bilirubin_total", "1.0", "1.3", "1.2", False),
        ("bilirubin_total", "1.0", "1.31", "1.2", True),
        ("bilirubin_total", "4.0", "4.4", "1.2", False),
        ("bilirubin_total", "4.0", "4.41", "1.2", True),
        ("inr", "1.1", "1.2", "1.1", False),
        ("inr", "1.1", "1.21", "1.1", True),
        ("inr", "2.0", "2.11", "1.1", True),
        ("albumin", "3.0", "2.7", "3.5", False),
        ("albumin", "3.0", "2.69", "3.5", True),
        ("albumin", "4.5", "3.5", "3.5", False),
        ("albumin", "3.0", "3.4", "3.5", False),
    ],
)
def test_worse_is_more_than_noise_and_out_of_the_limits(
    analyte: Analyte, before: str | None, now: str, limit: str | None, expected: bool | None, kb: KnowledgeBase
) -> None:
    assert change(analyte, before, now, limit).worsened(kb) is expected


def test_a_result_that_is_the_baseline_itself_is_no_new_one() -> None:
    baseline = fact("alt", "160")
    assert not pair(baseline, baseline).known
    assert pair(baseline, fact("alt", "150", day=1)).known
    assert not pair(fact("alt", "160", day=1), fact("alt", "150")).known
    assert pair(fact("alt", None), fact("alt", "150")).now.value == 150
    assert not pair(baseline, fact("alt", None)).known
    assert baseline.collected_on == START


@pytest.mark.parametrize(
    ("alt", "ast", "bilirubin", "since", "expected"),
    [
        ("100", "120", "1.0", "100", True),
        ("160", "120", "1.0", "160", False),
        ("100", "133", "1.0", "100", False),
        ("100", "120", "1.31", "100", False),
        ("111", "100", "1.0", "100", False),
        ("110", "100", "1.0", "100", True),
        (None, "100", "1.0", None, True),
        (None, "120", "1.0", None, None),
        (None, None, "1.0", None, None),
    ],
)
def test_improving_is_better_than_at_the_start_and_worse_nowhere(
    alt: str | None, ast: str | None, bilirubin: str, since: str | None, expected: bool | None, kb: KnowledgeBase
) -> None:
    rows: dict[Analyte, Any] = {
        "alt": change("alt", "160", alt),
        "ast": change("ast", "120", ast),
        "bilirubin_total": change("bilirubin_total", "1.0", bilirubin, "1.2"),
    }
    assert improving(rows, {"alt": change("alt", since, alt)}, kb) is expected
