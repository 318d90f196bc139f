"""A schedule under way: levels begin when their gates open, those ahead move along, nothing rises."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.clinical.progress import Course
from app.clinical.taper import Gate, Taper
from app.knowledge.base import KnowledgeBase
from app.taper.follow import Now, doses_now, follow, next_step_on, path_of, steroid_ahead
from app.taper.gates import GateOutcome
from app.taper.schedule import schedule_option
from app.taper.stock import Choices
from tests.treatment import COMBINATION, START, following, stepped

ALONE = tuple({"prednisone": dose} for dose in (60, 50, 40, 30, 20))
NO_CEILING: Mapping[str, Decimal] = {}


def course(*steps: int | str, **changes: Any) -> Course:
    return Course(following=following(*COMBINATION, **changes), steps=stepped(*steps))


def outcome(decision: Any = "hold", *, due: bool | None = False) -> GateOutcome:
    gates = (
        Gate(code="date_reached", met=due, detail="day"),
        Gate(code="labs_current", met=True, detail="new"),
        Gate(code="biochemical_remission", met=False, detail="high"),
    )
    return GateOutcome(decision, gates, "because", ("P-gates",))


def shown(known: Course, kb: KnowledgeBase, **changes: Any) -> Taper:
    now = replace(Now(outcome(), START, NO_CEILING), **changes)
    assert known.following is not None
    return follow(known, known.following, now, Decimal(80), kb, Choices())


def days(taper: Taper) -> list[str]:
    return [step.starts_on.isoformat() for step in taper.steps]


def split(kb: KnowledgeBase, start: date = START) -> Course:
    choices = Choices(step_style="split")
    projected = schedule_option("prednisone_monotherapy", {"prednisone": Decimal(60)}, None, start, kb, choices)
    path = [level.model_dump(mode="json") for level in path_of(projected)]
    return Course(following=following(path=path, step_style="split", option_id="prednisone_monotherapy"))


def test_the_path_of_a_schedule_keeps_its_doses_and_the_days_between_them(kb: KnowledgeBase) -> None:
    doses = {"prednisone": Decimal(30), "azathioprine": Decimal(150)}
    projected = schedule_option("prednisone_azathioprine", doses, None, date(2026, 1, 31), kb)
    path = path_of(projected)
    assert [level.after_days for level in path] == [0, 30, 31]
    assert [dict(level.doses) for level in path] == [dict(step.doses) for step in projected.steps]


@pytest.mark.parametrize(
    ("start", "steps", "expected"),
    [
        ("2026-03-10", (), "2026-04-10"),
        ("2026-01-31", (), "2026-03-02"),
        ("2026-03-10", ("2026-04-30",), "2026-05-30"),
        ("2026-03-10", ("2026-04-10", "2026-05-10"), None),
    ],
)
def test_the_next_level_may_begin_a_month_after_the_present_one(
    start: str, steps: tuple[str, ...], expected: str | None, kb: KnowledgeBase
) -> None:
    found = next_step_on(course(*steps, start_on=start), kb)
    assert (None if found is None else found.isoformat()) == expected


def test_by_the_month_also_a_small_step_waits_for_the_whole_month(kb: KnowledgeBase) -> None:
    known = Course(following=following(*({"prednisone": dose} for dose in (20, 17, 14, 10))))
    begun = stepped("2026-05-10", "2026-06-10", "2026-07-15")
    found = [next_step_on(known.model_copy(update={"steps": begun[:count]}), kb) for count in (1, 2, 3)]
    assert found == [date(2026, 6, 10), date(2026, 7, 10), None]


def test_without_a_schedule_there_is_no_next_level_and_no_dose(kb: KnowledgeBase) -> None:
    for known in (Course(), Course(following=following(option_id="add_mycophenolate"))):
        assert next_step_on(known, kb) is None
        assert doses_now(known, NO_CEILING) == {}


def test_the_doses_of_now_are_those_of_the_level_under_every_ceiling() -> None:
    assert doses_now(course(), NO_CEILING) == {"prednisone": 30, "azathioprine": 150}
    ceiling = {"azathioprine": Decimal(125)}
    assert doses_now(course(), ceiling) == {"prednisone": 30, "azathioprine": 125}
    assert doses_now(course(31), ceiling) == {"prednisone": 20, "azathioprine": 100}


def test_what_is_done_stays_what_is_ahead_moves_along(kb: KnowledgeBase) -> None:
    taper = shown(course("2026-04-20"), kb, not_before=date(2026, 6, 1))
    assert days(taper) == ["2026-03-10", "2026-04-20", "2026-06-01"]
    assert [step.status for step in taper.steps] == ["done", "current", "projected"]
    assert [len(step.gates) for step in taper.steps] == [0, 0, 3]
    assert taper.cumulative_prednisone_mg == 30 * 41 + 20 * 42 + 10 * 85


def test_only_the_next_level_waits_for_the_review_the_others_follow_by_the_month(kb: KnowledgeBase) -> None:
    assert days(shown(course(), kb, not_before=date(2026, 5, 5))) == ["2026-03-10", "2026-05-05", "2026-06-05"]
    assert days(shown(course(), kb, not_before=date(2026, 4, 1))) == ["2026-03-10", "2026-04-10", "2026-05-10"]


@pytest.mark.parametrize(
    ("decision", "due", "status"),
    [
        ("hold", True, "held"),
        ("review", True, "held"),
        ("hold", False, "projected"),
        ("hold", None, "projected"),
        ("step", True, "projected"),
    ],
)
def test_a_step_that_is_due_behind_closed_gates_is_held(
    decision: str, due: bool | None, status: str, kb: KnowledgeBase
) -> None:
    taper = shown(course(), kb, outcome=outcome(decision, due=due))
    assert [step.status for step in taper.steps] == ["current", status, "projected"]


def test_the_last_level_is_the_floor(kb: KnowledgeBase) -> None:
    taper = shown(course("2026-04-10", "2026-05-10"), kb)
    assert [step.status for step in taper.steps] == ["done", "done", "floor"]
    assert [step.gates for step in taper.steps] == [(), (), ()]


def test_a_ceiling_that_came_down_holds_from_now_on_and_leaves_what_was_taken(kb: KnowledgeBase) -> None:
    taper = shown(course("2026-04-10"), kb, ceilings={"azathioprine": Decimal(75)})
    assert [step.doses["azathioprine"] for step in taper.steps] == [150, 75, 50]
    assert [step.doses["prednisone"] for step in taper.steps] == [30, 20, 10]


def test_a_schedule_keeps_the_style_it_began_with(kb: KnowledgeBase) -> None:
    alone, both = shown(split(kb), kb), shown(course(), kb)
    assert (alone.step_style, both.step_style) == ("split", "monthly")
    assert alone.floor == {"prednisone": 20}
    assert both.floor == {"prednisone": 10, "azathioprine": 50}


def test_a_schedule_is_counted_and_compared_from_the_dose_it_began_with(kb: KnowledgeBase) -> None:
    taper = shown(course(31, 61), kb)
    assert taper.horizon_days == 168
    assert taper.comparison[0].cumulative_prednisone_mg == taper.cumulative_prednisone_mg == 2600


def test_in_parts_of_a_month_no_month_brings_more_than_ten_milligrams(kb: KnowledgeBase) -> None:
    known = split(kb)
    assert known.following is not None
    first = next_step_on(known, kb)
    assert first == date(2026, 4, 10)
    late = known.model_copy(update={"steps": stepped("2026-05-05")})
    assert next_step_on(late, kb) == date(2026, 5, 5) + timedelta(days=known.following.path[2].after_days)
    path = known.following.path
    begun = ["2026-05-05"]
    while len(begun) < len(path) - 1:
        following_day = next_step_on(known.model_copy(update={"steps": stepped(*begun)}), kb)
        assert following_day is not None
        begun.append(following_day.isoformat())
    starts = [START, *(date.fromisoformat(day) for day in begun)]
    for index, start in enumerate(starts):
        month_before = [place for place, day in enumerate(starts) if day <= start - timedelta(days=30)]
        if month_before:
            assert path[month_before[-1]].doses["prednisone"] - path[index].doses["prednisone"] <= 10


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        (["2026-05-10"], "2026-05-25"),
        (["2026-05-10", "2026-05-25"], "2026-06-10"),
        (["2026-05-10", "2026-06-20"], "2026-07-05"),
    ],
)
def test_fifteen_days_as_planned_but_ten_milligrams_a_month_also_where_it_is_longer(
    begun: list[str], expected: str, kb: KnowledgeBase
) -> None:
    held = split(kb).model_copy(update={"steps": stepped(*begun)})
    assert next_step_on(held, kb) == date.fromisoformat(expected)


def test_the_first_dose_is_kept_for_a_month_of_the_day_it_began(kb: KnowledgeBase) -> None:
    projected_in_february = split(kb, date(2026, 2, 10))
    assert projected_in_february.following is not None
    assert projected_in_february.following.path[1].after_days == 30
    assert next_step_on(projected_in_february, kb) == date(2026, 4, 10)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (Course(), []),
        (Course(following=following(option_id="add_mycophenolate")), []),
        (Course(following=following({"azathioprine": 50})), []),
        (course(), [(0, 30), (30, 20), (30, 10)]),
        (course(31), [(0, 20), (30, 10)]),
        (course(31, 61), [(0, 10)]),
        (
            Course(
                following=following({"prednisone": 20, "azathioprine": 100}, {"prednisone": 20, "azathioprine": 50})
            ),
            [(0, 20)],
        ),
    ],
)
def test_the_steroid_goes_on_by_itself_from_where_it_is(known: Course, expected: list[tuple[int, int]]) -> None:
    found = [(level.after_days, int(level.doses["prednisone"])) for level in steroid_ahead(known, Decimal(0))]
    assert found == expected


def test_a_steroid_beside_another_option_stops_where_it_was_going_to(kb: KnowledgeBase) -> None:
    path = [level.model_dump(mode="json") for level in steroid_ahead(Course(following=following(*ALONE)), Decimal(0))]
    taper = shown(Course(following=following(path=path, option_id="add_mycophenolate")), kb)
    assert (taper.option_id, taper.floor) == ("add_mycophenolate", {"prednisone": Decimal(20)})
    assert [step.doses["prednisone"] for step in taper.steps] == [60, 50, 40, 30, 20]


@pytest.mark.parametrize(
    ("floor", "expected"),
    [(9, [30, 20, 10]), (10, [30, 20, 10]), (11, [30, 20]), (20, [30, 20]), (21, [30]), (31, [30])],
)
def test_no_level_after_the_present_one_lies_below_the_floor_of_what_comes_next(
    floor: int, expected: list[int]
) -> None:
    assert [int(level.doses["prednisone"]) for level in steroid_ahead(course(), Decimal(floor))] == expected
