"""A drug that waited joins a steroid that is on its way down, wherever that is."""

from typing import Any

import pytest

from app.clinical.progress import Course
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from app.planning.joining import joined
from tests.builders import DAY, episode
from tests.treatment import following, stepped

UNKNOWN = {"pharmacogenetics": {"tpmt": "unknown"}, "prior_treatments": []}


def path(kb: KnowledgeBase, levels: list[float], *steps: int, style: str = "monthly", **changes: Any) -> list[Any]:
    """Return days, prednisone and azathioprine of each level once the combination is followed at these levels."""
    patient = episode(**changes)
    begun = following(*({"prednisone": mg} for mg in levels), step_style=style)
    course = Course(following=begun, steps=stepped(*steps))
    known = joined(course, decide(patient, kb, course), patient.site, kb)
    assert known is not None
    assert known.following is not None
    return [
        (level.after_days, int(level.doses["prednisone"]), int(level.doses.get("azathioprine", 0)))
        for level in known.following.path
    ]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([30, 20], [(0, 30, 150), (31, 20, 100), (30, 10, 50)]),
        ([20], [(31, 20, 100), (30, 10, 50)]),
        ([10], [(30, 10, 50)]),
        ([40, 30, 20], [(0, 40, 150), (30, 30, 150), (31, 20, 100), (30, 10, 50)]),
        ([35, 25, 20], [(0, 35, 150), (30, 30, 150), (31, 20, 100), (30, 10, 50)]),
        ([50, 40, 30], [(0, 50, 150), (30, 40, 150), (30, 30, 150), (31, 20, 100), (30, 10, 50)]),
        ([25, 15], [(0, 25, 150), (31, 20, 100), (30, 10, 50)]),
        ([15], [(0, 15, 100), (30, 10, 50)]),
        ([5], [(0, 5, 50)]),
    ],
)
def test_it_joins_at_the_dose_that_belongs_to_the_steroid_of_now_and_the_steroid_never_rises(
    levels: list[float], expected: list[Any], kb: KnowledgeBase
) -> None:
    assert path(kb, levels) == expected


@pytest.mark.parametrize("levels", [[41], [40], [45, 41]])
def test_a_steroid_that_can_come_no_lower_by_its_own_steps_is_kept(levels: list[float], kb: KnowledgeBase) -> None:
    assert [(steroid, beside) for _, steroid, beside in path(kb, levels)] == [(mg, 150) for mg in levels]


def test_levels_that_are_done_stay_without_it(kb: KnowledgeBase) -> None:
    assert path(kb, [60, 50, 40, 30, 20], 31, 61)[:3] == [(0, 60, 0), (30, 50, 0), (30, 40, 150)]


def test_in_parts_of_a_month_the_first_level_of_the_source_waits_for_its_turn(kb: KnowledgeBase) -> None:
    found = path(kb, [40, 35, 30, 25, 20], style="split")
    assert found[:4] == [(0, 40, 150), (30, 35, 150), (30, 30, 150), (31, 25, 100)]
    assert found[-1][1:] == (10, 50)


@pytest.mark.parametrize(
    "changes",
    [UNKNOWN, {"patient": {"weight_kg": None}}, {"site": {"tablet_strengths": {"azathioprine": [200]}}}],
)
def test_without_a_dose_that_is_known_and_can_be_made_nothing_joins(changes: Any, kb: KnowledgeBase) -> None:
    assert path(kb, [30, 20], **changes) == [(0, 30, 0), (30, 20, 0)]


@pytest.mark.parametrize("known", [None, Course(), Course(following=following())])
def test_where_no_steroid_is_followed_nothing_joins(known: Course | None, kb: KnowledgeBase) -> None:
    patient = episode(as_of=DAY)
    assert joined(known, decide(patient, kb, known), patient.site, kb) == known


def test_what_has_no_schedule_of_its_own_joins_none(kb: KnowledgeBase) -> None:
    patient = episode(condition={"context": "failure_on_therapy"})
    course = Course(following=following({"prednisone": 30}, option_id="add_mycophenolate"))
    assert joined(course, decide(patient, kb, course), patient.site, kb) == course
