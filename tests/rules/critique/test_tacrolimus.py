"""Proposed tacrolimus: level, product and way down, each on both sides of the boundary."""

from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from tests.builders import DAY, lab, labs
from tests.rules.critique.proposed import STOP, STOP_IN_JUNE, Case, case, order, taper


def level(value: float, matrix: str, day: str = DAY) -> list[dict[str, Any]]:
    return [*labs(), lab("tacrolimus_level", value, "ng/mL", day, matrix=matrix)]


LEVEL = [
    case(
        title,
        order("tacrolimus", mg, **end),
        running=[order("tacrolimus", 3)],
        labs=level(*measured),
        says={"TROUGH_MISREAD": severity},
    )
    for title, measured, mg, end, severity in (
        ("lowered by half a milligram on whole blood", (5, "whole_blood"), 2.5, {}, "warning"),
        ("raised on whole blood", (5, "whole_blood"), 4, {}, None),
        ("lowered to an end on whole blood", (5, "whole_blood"), 2, STOP_IN_JUNE, None),
        ("lowered on an old level", (5, "whole_blood", "2025-03-10"), 2, {}, None),
        ("raised by half a milligram on plasma", (0.6, "plasma"), 3.5, {}, "critical"),
        ("kept on plasma", (0.6, "plasma"), 3, {}, None),
        ("lowered on plasma", (5, "plasma"), 2, {}, None),
    )
]

PRODUCT = [
    case(
        title,
        order(name, mg, **more),
        says={"STRENGTH_DOES_NOT_FIT": strength, "TACROLIMUS_WRONG_INTERVAL": interval},
    )
    for title, name, mg, more, strength, interval in (
        ("0.75 mg twice a day", "tacrolimus", 1.5, {}, "critical", None),
        ("1.5 mg once a day", "tacrolimus", 1.5, {"frequency": "daily"}, None, "critical"),
        ("once a week", "tacrolimus", 1.5, {"frequency": "weekly"}, None, "critical"),
        ("no dose", "tacrolimus", None, {"frequency": "twice_daily"}, None, None),
        ("extended release, one capsule a day", "Advagraf", 3, {"frequency": "daily", "strength_mg": 3}, None, None),
        ("extended release, one capsule, not said how often", "Advagraf", 3, {"strength_mg": 3}, None, None),
        (
            "extended release, no whole capsule",
            "Advagraf",
            4,
            {"frequency": "daily", "strength_mg": 3},
            "critical",
            None,
        ),
        ("extended release, no whole one, not said how often", "Advagraf", 4, {"strength_mg": 3}, "critical", None),
    )
]

RELEASE = [
    case(
        "extended release, begun",
        order("Advagraf", 4),
        says={"TACROLIMUS_EXTENDED_RELEASE": "warning", "TACROLIMUS_PRODUCT_SWITCH": None},
    ),
    case(
        "extended release in place of itself",
        order("Advagraf", 4),
        running=[order("Advagraf", 3)],
        says={"TACROLIMUS_EXTENDED_RELEASE": "warning", "TACROLIMUS_PRODUCT_SWITCH": None},
    ),
    case(
        "immediate release in place of extended release",
        order("tacrolimus", 4),
        running=[order("Advagraf", 4)],
        says={"TACROLIMUS_EXTENDED_RELEASE": None, "TACROLIMUS_PRODUCT_SWITCH": "critical"},
    ),
]

TENFOLD = [
    case(
        "ten times the running dose",
        order("tacrolimus", 5),
        running=[order("tacrolimus", 0.5)],
        says={"TENFOLD_DOSE": "critical"},
    ),
    case("without an earlier dose", order("tacrolimus", 20), tacrolimus=None, says={"TENFOLD_DOSE": None}),
    case("without a new dose", order("tacrolimus"), says={"TENFOLD_DOSE": None, "DOSE_UNKNOWN": "warning"}),
]

ABRUPT = {"TACROLIMUS_STOPPED_ABRUPTLY": "critical", "TACROLIMUS_TAPER_TOO_SHORT": None}
SHORT = {"TACROLIMUS_STOPPED_ABRUPTLY": None, "TACROLIMUS_TAPER_TOO_SHORT": "critical"}
SLOW = {"TACROLIMUS_STOPPED_ABRUPTLY": None, "TACROLIMUS_TAPER_TOO_SHORT": None}
STOPPED = [
    case(
        "no course on record",
        order("tacrolimus", **STOP),
        running=[order("tacrolimus", 4)],
        tacrolimus=None,
        says=ABRUPT,
    ),
    case(
        "a taper recorded as begun today",
        order("tacrolimus", **STOP),
        running=[order("tacrolimus", 4)],
        tacrolimus={"stopped_on": None, "taper_started_on": DAY},
        says=ABRUPT,
    ),
    case(
        "a taper recorded of an earlier course",
        order("tacrolimus", **STOP),
        tacrolimus={"taper_started_on": "2025-10-01"},
        says=ABRUPT,
    ),
    case(
        "a recorded taper that the proposal brings to its end",
        order("tacrolimus", stopped_on="2026-03-20"),
        running=[order("tacrolimus", 1)],
        tacrolimus={"stopped_on": None, "taper_started_on": "2026-01-10"},
        down=taper("tacrolimus", (DAY, 0.5)),
        says=SLOW,
    ),
    case(
        "half the dose for 29 days after a month at the whole",
        order("tacrolimus", 4, stopped_on="2026-05-09"),
        running=[order("tacrolimus", 4)],
        down=taper("tacrolimus", ("2026-04-10", 2)),
        says=SLOW,
    ),
    case(
        "half the dose for a fortnight after a month at the whole",
        order("tacrolimus", 4, stopped_on="2026-04-24"),
        running=[order("tacrolimus", 4)],
        down=taper("tacrolimus", ("2026-04-10", 2)),
        says=SHORT,
    ),
]
STEPS = [
    case(
        title,
        order("tacrolimus", **({} if ramp else STOP_IN_JUNE)),
        running=[order("tacrolimus", mg)],
        down=taper("tacrolimus", *steps, ends_on="2026-06-10" if ramp else None),
        says={"TACROLIMUS_STEP_TOO_LARGE": severity},
    )
    for title, mg, steps, ramp, severity in (
        ("half a milligram at each step", 1, [(DAY, 0.5)], False, None),
        ("the second step larger", 2, [(DAY, 1.5), ("2026-04-10", 0.5)], False, "warning"),
        ("from 1 mg to nothing", 1.5, [(DAY, 1)], False, "warning"),
        ("evenly from the running dose", 4, [(DAY, 4)], True, None),
        ("evenly, but from half of it", 4, [(DAY, 2)], True, "warning"),
    )
]


@pytest.mark.parametrize("asked", [*LEVEL, *PRODUCT, *RELEASE, *TENFOLD, *STOPPED, *STEPS])
def test_what_is_said_of_tacrolimus_begins_at_its_boundary(asked: Case, kb: KnowledgeBase) -> None:
    assert asked.answers(kb) == asked.says
