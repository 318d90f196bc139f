"""A proposed steroid: its start, its way down and its stop, each on both sides of the boundary."""

from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from tests.builders import DAY
from tests.rules.critique.proposed import STOP, STOP_IN_JUNE, UVEITIS, Case, case, findings, order, since, taper

SEVERE = {"flare": {"severity": "severe"}}


STEROID = [
    case(
        "raised by half a milligram, to less than 30 mg",
        order("prednisone", 20.5),
        running=[since(None, 20)],
        says={"STEROID_START_BELOW_30": "warning"},
    ),
    case(
        "begun below 30 mg with a last day",
        order("prednisone", 20, **STOP_IN_JUNE),
        says={"STEROID_START_BELOW_30": "warning"},
    ),
    case(
        "begun without a dose",
        order("prednisone"),
        says={"STEROID_START_BELOW_30": None, "DOSE_UNKNOWN": "warning"},
    ),
    case(
        "less of two steroids, the dose of one unknown",
        order("prednisone", 10),
        order("prednisolone", 10),
        running=[since(None), order("prednisolone")],
        says={"STEROID_START_BELOW_30": None, "CURRENT_DOSE_UNKNOWN": "warning"},
    ),
    case(
        "two steroids in a severe flare are one agent",
        order("budesonide", 9),
        running=[since(None, 40)],
        says={"SEVERE_MONOTHERAPY": "warning"},
        **SEVERE,
    ),
    case(
        "a steroid alone in severe uveitis",
        order("prednisone", 60),
        says={"SEVERE_MONOTHERAPY": None},
        **SEVERE,
        **UVEITIS,
    ),
    case(
        "lowered today and never again",
        order("prednisone", 30),
        running=[since(None, 40)],
        says={"REDUCTION_BEFORE_REMISSION": "warning", "STEPS_WAIT_FOR_GATES": None},
    ),
    case(
        "lowered later",
        order("prednisone", 30),
        down=taper("prednisone", ("2026-04-10", 20)),
        says={"REDUCTION_BEFORE_REMISSION": None, "STEPS_WAIT_FOR_GATES": "info"},
    ),
    case(
        "lowered a day before the month is over, by more than 10 mg",
        order("prednisone", 60),
        down=taper("prednisone", ("2026-04-09", 49)),
        says={"TAPER_TOO_FAST": "warning"},
    ),
    case(
        "lowered after a month, by 10 mg",
        order("prednisone", 60),
        down=taper("prednisone", ("2026-04-10", 50)),
        says={"TAPER_TOO_FAST": None, "DOSE_SINCE_UNKNOWN": None},
    ),
    case(
        "raised today and lowered a day before the month is over",
        order("prednisone", 40),
        running=[since("2026-01-10")],
        down=taper("prednisone", ("2026-04-09", 30)),
        says={"TAPER_TOO_FAST": "warning", "DOSE_SINCE_UNKNOWN": None},
    ),
    case(
        "two steroids, the later one begun a day less than a month ago",
        order("prednisone", 20),
        running=[since("2026-01-10", 20), order("prednisolone", 10, started_on="2026-02-09")],
        down=taper("prednisolone", (DAY, 0)),
        says={"TAPER_TOO_FAST": "warning", "DOSE_SINCE_UNKNOWN": None},
    ),
    case(
        "two steroids, one of unknown age",
        order("prednisone", 20),
        running=[since("2026-01-10", 20), order("prednisolone", 10)],
        down=taper("prednisolone", (DAY, 0)),
        says={"TAPER_TOO_FAST": None, "DOSE_SINCE_UNKNOWN": "warning"},
    ),
    case(
        "in parts of the month's 10 mg, as the own schedule goes",
        order("prednisone", 30),
        down=taper("prednisone", ("2026-04-10", 25), ("2026-04-25", 20), ("2026-05-25", 15)),
        says={"TAPER_TOO_FAST": None, "DOSE_SINCE_UNKNOWN": None},
    ),
    case(
        "lowered later in uveitis",
        order("prednisone", 30),
        down=taper("prednisone", ("2026-04-10", 20)),
        says={"STEPS_WAIT_FOR_GATES": None},
        **UVEITIS,
    ),
    case(
        "from 5 to 1 mg",
        order("prednisone", 1),
        running=[since(None, 5)],
        says={"STEP_BEYOND_ADRENAL_LIMIT": "warning"},
    ),
    case(
        "from 10 mg to nothing",
        order("prednisone", **STOP),
        running=[since(None, 10)],
        says={"STEROID_STOPPED_SUDDENLY": "critical", "STEP_BEYOND_ADRENAL_LIMIT": None},
    ),
    case(
        "from 1 mg to nothing",
        order("prednisone", **STOP),
        running=[since(None, 1)],
        says={"STEROID_STOPPED_SUDDENLY": None},
    ),
    case(
        "from 20 mg to nothing, alone",
        order("prednisone", **STOP),
        running=[since(None, 20)],
        says={"TAPER_BELOW_MAINTENANCE": "warning"},
    ),
    case(
        "from 20 mg to nothing beside mycophenolate, for which no maintenance dose is named",
        order("prednisone", **STOP),
        running=[since(None, 20), order("mycophenolate", 2000)],
        says={"TAPER_BELOW_MAINTENANCE": None},
    ),
]


@pytest.mark.parametrize(
    "down",
    [
        taper("prednisone", ("2026-03-20", 35), ("2026-03-30", 45), ("2026-04-09", 40)),
        taper("prednisone", ("2026-04-10", 25), ("2026-05-10", 10)),
    ],
)
def test_only_the_first_of_several_falls_that_are_too_fast_is_told(down: Any, kb: KnowledgeBase) -> None:
    told = [finding.code for finding in findings(kb, order("prednisone", 40), down=down)]
    assert told.count("TAPER_TOO_FAST") == 1


STEROID_STOPPED = [
    case(
        "after a taper down to 1 mg",
        order("prednisone", **STOP_IN_JUNE),
        running=[since(None)],
        down=taper("prednisone", ("2026-04-10", 1)),
        says={"STEROID_STOPPED_SUDDENLY": None},
    ),
    case(
        "after a taper down to 2.5 mg",
        order("prednisone", **STOP_IN_JUNE),
        running=[since(None)],
        down=taper("prednisone", ("2026-04-10", 2.5)),
        says={"STEROID_STOPPED_SUDDENLY": "critical"},
    ),
    case(
        "two entries, the older of more than three weeks",
        order("prednisone", **STOP),
        running=[since("2026-02-01", 20), since("2026-03-01", 10)],
        says={"STEROID_STOPPED_SUDDENLY": "critical"},
    ),
    case(
        "two entries, one of unknown age",
        order("prednisone", **STOP),
        running=[since("2026-03-01", 20), since(None, 10)],
        says={"STEROID_STOPPED_SUDDENLY": "critical"},
    ),
    case(
        "an order of three weeks, while nobody sent what runs",
        order("prednisone", 30, stopped_on="2026-03-31"),
        running=None,
        says={"STEROID_STOPPED_SUDDENLY": "critical"},
    ),
    case(
        "an end in three weeks of what is on no list",
        order("prednisone", stopped_on="2026-03-31"),
        says={"STEROID_STOPPED_SUDDENLY": "critical"},
    ),
    case(
        "while the other steroid ends in ten days",
        order("prednisone", **STOP),
        running=[since(None), order("prednisolone", 10, stopped_on="2026-03-20")],
        says={"STEROID_STOPPED_SUDDENLY": "critical"},
    ),
    case(
        "a pause after two months",
        running=[since("2026-01-10")],
        down=taper("prednisone", (DAY, 0), ("2026-03-24", 30)),
        says={"STEROID_STOPPED_SUDDENLY": "critical"},
    ),
    case(
        "a pause after nine days",
        running=[since("2026-03-01")],
        down=taper("prednisone", (DAY, 0), ("2026-03-24", 30)),
        says={"STEROID_STOPPED_SUDDENLY": None},
    ),
]


@pytest.mark.parametrize("asked", STEROID)
def test_what_is_said_of_a_steroid_begins_at_its_boundary(asked: Case, kb: KnowledgeBase) -> None:
    assert asked.answers(kb) == asked.says


@pytest.mark.parametrize("asked", STEROID_STOPPED)
def test_a_sudden_stop_is_one_after_three_weeks_or_an_unknown_time(asked: Case, kb: KnowledgeBase) -> None:
    assert asked.answers(kb) == asked.says
