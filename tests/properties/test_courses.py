"""What holds of every course whatever is seen at its visits, checked from what was sent and what is shown."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.episodes import KB
from tests.treatment import START, Treatment, treatment

LIMITS = {"alt": 35, "ast": 35, "igg": 16}
RESULTS: tuple[dict[str, Any] | None, ...] = (
    *[{"alt": 35, "ast": 35, "igg": 16}] * 8,
    {"alt": 30, "ast": 28, "igg": None},
    {"alt": 36, "ast": 28, "igg": 15},
    *[{"alt": 60, "ast": 50, "igg": 17}] * 3,
    {"alt": 106, "ast": 90, "igg": 18},
    {},
    {"alt": 400, "ast": 300},
    {"alt": 30, "ast": 28, "igg": 15, "bilirubin_total": 1.4},
    {"alt": 30, "ast": 28, "igg": 15, "wbc": 2.0},
    None,
)
OVERRIDE = {"gate": "biochemical_remission", "reason_code": "clinical_judgement"}
VISITS = st.lists(
    st.fixed_dictionaries(
        {
            "after": st.sampled_from([-20, 0, 1, 14, 29, 30, 30, 31, 31, 31, 62]),
            "labs": st.sampled_from(RESULTS),
            "age": st.sampled_from([0, 0, 0, 0, 14, 15]),
            "findings": st.sampled_from([*[[]] * 8, None, ["jaundice"], ["worsening_symptoms"], ["ascites"]]),
            "adherence_confirmed": st.sampled_from([True, None, False]),
            "override": st.sampled_from([None, OVERRIDE]),
        }
    ),
    max_size=8,
)
OPTIONS = st.sampled_from(["prednisone_azathioprine", "prednisone_monotherapy"])
FLOORS = {"prednisone_azathioprine": 10, "prednisone_monotherapy": 20}


def begun(option: str, style: str) -> Treatment:
    return treatment(KB, option, site={"step_style": style})


def after(known: Treatment, seen: dict[str, Any]) -> Treatment:
    """Return the treatment after a visit so many days after the latest one.

    One day has one sample: two that contradict each other are refused before anybody reads them.
    """
    said = dict(seen)
    latest = max([START, *(visit.on for visit in known.course.visits)])
    day = latest + timedelta(days=said.pop("after"))
    taken = day - timedelta(days=said.pop("age"))
    if any(row["collected_at"].startswith(taken.isoformat()) for row in known.changes["labs"]):
        said["labs"] = None
    return known.seen(day.isoformat(), taken=taken.isoformat(), **said)


def newest(known: Treatment, name: str, day: date) -> tuple[int, float] | None:
    """Return the age in days and the value of the newest result of a test on a day, from what was sent."""
    sent = [row for row in known.changes["labs"] if row["analyte"] == name and row["collected_at"][:10] <= str(day)]
    if not sent:
        return None
    last = max(sent, key=lambda row: row["collected_at"])
    return (day - date.fromisoformat(last["collected_at"][:10])).days, last["value"]


def prednisone(known: Treatment) -> float:
    """Return the dose of the level that is being taken, mg per day."""
    following = known.course.following
    assert following is not None
    return float(following.path[len(known.course.steps)].doses["prednisone"])


def check_step(before: Treatment, later: Treatment, seen: dict[str, Any]) -> None:
    """A step stands on a date, on results and on findings that were sent, and is one level."""
    assert later.assessment is not None
    gate = later.assessment.taper_gate
    assert gate is not None
    day = later.assessment.assessed_on
    taken = later.course.steps[len(before.course.steps) :]
    assert len(taken) == (gate.decision == "step")
    if not taken:
        return
    assert (taken[0].starts_on, taken[0].index) == (day, len(later.course.steps))
    assert day == max(visit.on for visit in later.course.visits)
    asked = [visit.findings for visit in later.course.visits if visit.on == day and visit.findings is not None]
    assert asked, "nobody asked on that day"
    assert "worsening_symptoms" not in asked[-1]
    assert later.assessment.response != "escalate_urgent"
    read = {name: newest(later, name, day) for name in LIMITS}
    assert all(found is not None and found[0] <= 14 for found in read.values())
    if taken[0].by == "gates":
        assert all(found is not None and found[1] <= LIMITS[name] for name, found in read.items())
    else:
        assert seen["override"] is not None


def check_speed(known: Treatment) -> None:
    """Nothing rises, nothing passes the floor, and no month brings more than ten milligrams."""
    following = known.course.following
    assert following is not None
    days = [following.start_on, *(step.starts_on for step in known.course.steps)]
    doses = [float(level.doses["prednisone"]) for level in following.path[: len(days)]]
    assert all(later <= earlier for earlier, later in pairwise(doses))
    assert doses[-1] >= FLOORS[following.option_id]
    for index, day in enumerate(days[1:], start=1):
        kept = max(place for place, other in enumerate(days) if place == 0 or other + relativedelta(months=1) <= day)
        assert doses[kept] - doses[index] <= 10
        if following.step_style == "monthly" or index == 1:
            assert day >= max(days[index - 1] + relativedelta(months=1), days[index - 1] + timedelta(days=30))


def check_plan(known: Treatment) -> None:
    """The plan shows what is taken: past levels as they were, the present one, and no dose that rises."""
    plan = known.plan
    assert [option.standing for option in plan.options].count("recommended") <= 1
    assert "STEROID_UNDER_WAY" in [alert.code for alert in plan.alerts]
    following = known.course.following
    if plan.taper is None or following is None or plan.taper.option_id != following.option_id:
        return
    steps = plan.taper.steps
    count = len(known.course.steps)
    assert [step.starts_on for step in steps[1 : count + 1]] == [step.starts_on for step in known.course.steps]
    assert steps[count].status == ("floor" if count == len(steps) - 1 else "current")
    assert steps[count].doses["prednisone"] == prednisone(known)
    assert all(earlier.starts_on < later.starts_on for earlier, later in pairwise(steps))
    for earlier, later in pairwise(steps):
        assert all(later.doses[drug] <= mg for drug, mg in earlier.doses.items())


@settings(max_examples=max(60, settings().max_examples * 3 // 5))
@given(option=OPTIONS, style=st.sampled_from(["monthly", "monthly", "split"]), visits=VISITS)
def test_every_course_comes_down_step_by_step_behind_open_gates(
    option: str, style: str, visits: list[dict[str, Any]]
) -> None:
    known = begun(option, style)
    for seen in visits:
        later = after(known, seen)
        check_step(known, later, seen)
        check_speed(later)
        check_plan(later)
        known = later


@settings(max_examples=max(30, settings().max_examples * 3 // 10))
@given(visits=VISITS)
def test_what_is_asked_again_after_the_last_visit_reads_the_same(visits: list[dict[str, Any]]) -> None:
    known = begun("prednisone_azathioprine", "monthly")
    for seen in visits:
        known = after(known, seen)
    again = known.seen(max([START, *(visit.on for visit in known.course.visits)]).isoformat())
    assert again.assessment is not None
    assert again.assessment.changes == ()
