"""What holds of every schedule a plan shows: it only comes down, stops at its floor, and its sums are sums."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.episodes import KB, Body, accepted, bodies, put
from tests.properties.shown import plan_of
from tests.properties.tablets import exact, made_of, stocked

Schedule = dict[str, Any]
_LEAST_DAYS = 30
# mg per month, from the source document (S07, S08).
_MONTHLY = {"prednisone": 10, "azathioprine": 50}


def it_starts_with_the_doses_of_its_option(_: Body, taper: Schedule, option: dict[str, Any]) -> None:
    doses = {item["drug"]: item["dose_mg_per_day"] for item in option["medications"]}
    assert taper["steps"][0]["doses"] == doses
    assert taper["option_id"] == option["id"]


def it_never_rises_and_never_passes_its_floor(_: Body, taper: Schedule, __: dict[str, Any]) -> None:
    for before, after in pairwise(taper["steps"]):
        assert all(after["doses"][drug] <= mg for drug, mg in before["doses"].items())
    for step in taper["steps"]:
        assert all(mg >= taper["floor"][drug] > 0 for drug, mg in step["doses"].items())


def no_day_is_lower_than_the_months_gone_by_allow(_: Body, taper: Schedule, __: dict[str, Any]) -> None:
    first = taper["steps"][0]
    for step in taper["steps"]:
        months = months_gone_by(date.fromisoformat(first["starts_on"]), date.fromisoformat(step["starts_on"]))
        for drug, mg in first["doses"].items():
            assert exact(step["doses"][drug]) >= exact(mg) - months * _MONTHLY[drug]


def a_monthly_step_lasts_a_month(_: Body, taper: Schedule, __: dict[str, Any]) -> None:
    if taper["step_style"] == "monthly":
        for before, after in pairwise(date.fromisoformat(step["starts_on"]) for step in taper["steps"]):
            assert after >= a_month_after(before)


def every_later_step_waits_for_its_gates(_: Body, taper: Schedule, __: dict[str, Any]) -> None:
    expected = {"date_reached", "labs_current", "biochemical_remission", "no_worsening"}
    for step in taper["steps"][1:]:
        assert {gate["code"] for gate in step["gates"]} == expected
        assert not any(gate["met"] for gate in step["gates"])


def its_days_are_all_days_of_the_horizon(_: Body, taper: Schedule, __: dict[str, Any]) -> None:
    assert sum(step["days"] for step in taper["steps"]) == taper["horizon_days"]
    for before, after in pairwise(taper["steps"]):
        assert date.fromisoformat(before["ends_on"]) + timedelta(days=1) == date.fromisoformat(after["starts_on"])


def its_totals_are_the_sums_of_its_days(_: Body, taper: Schedule, __: dict[str, Any]) -> None:
    for drug, total in taper["total_mg"].items():
        rows = [(exact(step["doses"][drug]), step["days"], exact(step["total_mg"][drug])) for step in taper["steps"]]
        assert all(mg * days == row for mg, days, row in rows)
        assert sum(row for _, _, row in rows) == exact(total)
    assert taper["cumulative_prednisone_mg"] == taper["total_mg"]["prednisone"]


def its_tablets_make_its_doses(whole: Body, taper: Schedule, __: dict[str, Any]) -> None:
    for drug in taper["total_mg"]:
        stock = stocked(drug, whole.get("site") or {}, KB)
        for step in taper["steps"]:
            assert made_of(step["tablets"][drug], step["doses"][drug], stock)
            assert grains(step["total_tablets"][drug]) == grains(step["tablets"][drug]) * step["days"]
        assert grains(taper["total_tablets"][drug]) == sum(grains(s["total_tablets"][drug]) for s in taper["steps"])


HOLDS: tuple[Callable[[Body, Schedule, dict[str, Any]], None], ...] = (
    it_starts_with_the_doses_of_its_option,
    it_never_rises_and_never_passes_its_floor,
    no_day_is_lower_than_the_months_gone_by_allow,
    a_monthly_step_lasts_a_month,
    every_later_step_waits_for_its_gates,
    its_days_are_all_days_of_the_horizon,
    its_totals_are_the_sums_of_its_days,
    its_tablets_make_its_doses,
)


def a_month_after(day: date) -> date:
    """Return the later of a calendar month and thirty days."""
    return max(day + timedelta(days=_LEAST_DAYS), day + relativedelta(months=1))


def months_gone_by(start: date, day: date) -> int:
    """Return how often a month was over by a day, counted step by step as the source does."""
    count, due = 0, a_month_after(start)
    while due <= day:
        count, due = count + 1, a_month_after(due)
    return count


def grains(tablets: list[dict[str, float]]) -> Any:
    """Return the mg in a number of tablets."""
    return sum(exact(item["strength_mg"]) * exact(item["count"]) for item in tablets)


@st.composite
def scheduled(draw: st.DrawFn) -> Body:
    """Return an episode on any first day, with a style and tablets of its own."""
    whole = draw(bodies())
    put(whole, "site.step_style", draw(st.sampled_from(["monthly", "split", None])))
    put(whole, "site.half_tablets", draw(st.sampled_from([True, False, None])))
    later = timedelta(days=draw(st.integers(0, 366)))
    put(whole, "start_on", (date(2026, 3, 10) + later).isoformat())
    return whole


@given(scheduled().filter(accepted))
def test_every_schedule_keeps_every_promise(whole: Body) -> None:
    plan = plan_of(whole)
    recommended = [option["taper"] for option in plan["options"] if option["standing"] == "recommended"]
    assert plan["taper"] == (recommended[0] if recommended else None)
    for option in plan["options"]:
        for promise in HOLDS if option["taper"] else ():
            promise(whole, option["taper"], option)
