from typing import Any

import pytest

from app.facts.withdrawal import audit_withdrawal
from tests.builders import episode


def audit(**tacrolimus: Any) -> Any:
    found = audit_withdrawal(episode(tacrolimus=tacrolimus))
    assert found is not None
    assert {"S28", "S29"} <= set(found.citations)
    return found


def test_without_a_course_there_is_nothing_to_audit() -> None:
    assert audit_withdrawal(episode(tacrolimus=None)) is None


@pytest.mark.parametrize(
    ("taper_started_on", "stopped_on", "days", "too_short"),
    [
        ("2026-01-31", "2026-03-01", 29, True),
        ("2026-01-31", "2026-03-02", 30, False),
        ("2026-03-02", "2026-04-01", 30, True),
        ("2026-03-02", "2026-04-02", 31, False),
        ("2026-03-02", "2026-03-02", 0, True),
    ],
)
def test_a_taper_shorter_than_one_month_is_too_short(
    taper_started_on: str, stopped_on: str, days: int, too_short: bool
) -> None:
    found = audit(taper_started_on=taper_started_on, stopped_on=stopped_on, stop_manner="tapered")
    assert (found.taper_days, found.too_short) == (days, too_short)
    assert f"{days} days" in found.detail
    assert ("less than" in found.detail) is too_short


def test_an_abrupt_stop_is_too_short_even_against_the_dates() -> None:
    found = audit(taper_started_on="2025-01-01", stopped_on="2025-12-01", stop_manner="abrupt")
    assert found.too_short is True
    assert "abruptly" in found.detail


@pytest.mark.parametrize("manner", ["tapered", "unknown", None])
def test_without_the_dates_it_cannot_be_told(manner: str | None) -> None:
    found = audit(stop_manner=manner)
    assert (found.taper_days, found.too_short) == (None, None)
    assert "not recorded" in found.detail
    assert audit(stop_manner=manner, stopped_on=None, taper_started_on="2025-10-01").too_short is None


def test_the_days_from_stop_to_flare_are_shown() -> None:
    assert audit(stopped_on="2026-02-10").stop_to_flare_days == 28


@pytest.mark.parametrize("flare", [None, {"onset_on": None}])
def test_without_an_onset_there_is_no_interval(flare: dict[str, Any] | None) -> None:
    found = audit_withdrawal(episode(flare=flare))
    assert found is not None
    assert found.stop_to_flare_days is None
