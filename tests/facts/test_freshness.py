from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.facts.freshness import collection_day, old_for_flare, status
from app.knowledge.base import KnowledgeBase


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", date(2026, 3, 9)), ("Asia/Tokyo", date(2026, 3, 10)), ("America/New_York", date(2026, 3, 9))],
)
def test_the_day_of_a_result_is_the_site_s_day(zone: str, day: date) -> None:
    assert collection_day(datetime(2026, 3, 9, 23, 30, tzinfo=UTC), ZoneInfo(zone)) == day


@pytest.mark.parametrize(("days", "expected"), [(0, "known"), (13, "known"), (14, "known"), (15, "stale")])
def test_a_result_counts_to_the_last_day_of_its_window(kb: KnowledgeBase, days: int, expected: str) -> None:
    assert status(kb.analytes["alt"], days) == expected


def test_without_a_window_nothing_gets_stale(kb: KnowledgeBase) -> None:
    endless = kb.analytes["alt"].model_copy(update={"stable_days": None, "flare_days": None})
    assert status(endless, 9999) == "known"
    assert not old_for_flare(endless, 9999)


@pytest.mark.parametrize(("days", "expected"), [(2, False), (3, False), (4, True)])
def test_in_a_flare_the_window_is_shorter(kb: KnowledgeBase, days: int, expected: bool) -> None:
    assert old_for_flare(kb.analytes["alt"], days) is expected
