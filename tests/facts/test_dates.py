from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.medicine import Patient
from app.facts.dates import add_months, age_on, one_month_after, resolved_dates, with_dates, zone_named, zone_of
from tests.builders import episode

LATE_EVENING = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))


def born(day: date) -> Patient:
    return Patient(reference="synthetic-1", birth_date=day, sex="female")


def test_the_day_of_the_plan_defaults_to_today_in_utc() -> None:
    dated = with_dates(episode(as_of=None, start_on=None), LATE_EVENING)
    assert resolved_dates(dated) == (date(2026, 3, 1), date(2026, 3, 1))


def test_today_is_the_site_s_own_day() -> None:
    dated = with_dates(episode(as_of=None, start_on=None, site={"time_zone": "Asia/Tokyo"}), LATE_EVENING)
    assert dated.as_of == date(2026, 3, 2)


def test_an_unknown_zone_counts_as_utc_until_it_is_refused() -> None:
    dated = with_dates(episode(as_of=None, start_on=None, site={"time_zone": "Mars/Olympus"}), LATE_EVENING)
    assert dated.as_of == date(2026, 3, 1)


def test_the_start_defaults_to_the_day_of_the_plan() -> None:
    assert with_dates(episode(start_on=None), LATE_EVENING).start_on == date(2026, 3, 10)


def test_dates_that_were_sent_are_kept() -> None:
    sent = episode(as_of="2026-03-10", start_on="2026-03-12")
    assert resolved_dates(with_dates(sent, LATE_EVENING)) == (date(2026, 3, 10), date(2026, 3, 12))


@pytest.mark.parametrize("missing", ["as_of", "start_on"])
def test_an_episode_without_resolved_dates_is_refused(missing: str) -> None:
    with pytest.raises(ValueError, match="not resolved"):
        resolved_dates(episode(**{missing: None}))


def test_a_site_without_a_zone_is_in_utc() -> None:
    assert zone_of(None) == zone_of(episode(site={"half_tablets": True}).site) == ZoneInfo("UTC")


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "America/Argentina/Ushuaia"])
def test_a_place_is_a_zone(name: str) -> None:
    assert zone_named(name) == ZoneInfo(name)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "America", "../etc/passwd", "/etc/localtime", "localtime", "zone.tab"]
)
def test_what_names_no_place_is_no_zone(name: str) -> None:
    assert zone_named(name) is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 11, 30), 24, date(2028, 11, 30)),
    ],
)
def test_a_month_is_clamped_to_its_last_day(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("day", "over"),
    [
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2026, 2, 1), date(2026, 3, 3)),
        (date(2028, 2, 1), date(2028, 3, 2)),
        (date(2026, 3, 2), date(2026, 4, 2)),
        (date(2026, 4, 3), date(2026, 5, 3)),
    ],
)
def test_one_month_is_the_later_of_a_calendar_month_and_thirty_days(day: date, over: date) -> None:
    assert one_month_after(day) == over


@given(DAYS)
def test_one_month_takes_thirty_or_thirty_one_days(day: date) -> None:
    assert one_month_after(day) - day in {timedelta(days=30), timedelta(days=31)}


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 3, 10), date(2026, 3, 9), 17),
        (date(2008, 3, 10), date(2026, 3, 10), 18),
        (date(2008, 3, 10), date(2026, 3, 11), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 3, 10), date(2026, 3, 10), 0),
    ],
)
def test_a_year_is_over_on_the_birthday_and_for_a_leap_day_on_the_first_of_march(
    birth: date, day: date, age: int
) -> None:
    assert age_on(born(birth), day) == age


def test_an_age_that_was_sent_is_taken() -> None:
    assert age_on(Patient(reference="synthetic-1", age_years=44, sex="male"), date(2026, 3, 10)) == 44
