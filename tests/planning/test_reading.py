"""What the results known on a day say of a treatment, read against its baseline."""

from datetime import date
from typing import Any

import pytest

from app.clinical.progress import Course, Override
from app.knowledge.base import KnowledgeBase
from app.planning.reading import Reader, passes_remission, replaced
from tests.builders import episode, lab, labs
from tests.treatment import COMBINATION, NORMAL, START, following, on_day, visit

EARLIER = labs("2026-02-20", alt=90)


def reader(kb: KnowledgeBase, *results: dict[str, Any], **changes: Any) -> Reader:
    return Reader(episode(**{"labs": [*EARLIER, *labs(), *results]} | changes), kb)


def course(**changes: Any) -> Course:
    return Course(following=following(*COMBINATION, **changes))


def test_the_baseline_is_the_latest_result_up_to_the_start_of_treatment(kb: KnowledgeBase) -> None:
    view = reader(kb, *labs("2026-03-24", alt=96)).view(visit(14), course())
    assert (view.start_on, view.on, view.day, view.treated) == (START, on_day(14), 14, True)
    assert view.pairs["alt"].told() == "ALT 160 to 96 U/L"


def test_a_visit_is_read_on_what_was_collected_up_to_its_day(kb: KnowledgeBase) -> None:
    later = reader(kb, *labs("2026-03-24", alt=96), *labs("2026-03-25", alt=20))
    assert later.view(visit(14), course()).labs["alt"].value == 96
    assert later.view(visit(15), course()).labs["alt"].value == 20


def test_days_are_those_of_the_sites_calendar(kb: KnowledgeBase) -> None:
    late = lab("alt", 96, "U/L", collected_at="2026-03-24T23:30:00Z")
    assert reader(kb, late).view(visit(14), course()).labs["alt"].value == 96
    in_berlin = reader(kb, late, site={"time_zone": "Europe/Berlin"})
    assert not in_berlin.view(visit(14), course()).pairs["alt"].known
    assert in_berlin.view(visit(15), course()).labs["alt"].value == 96


def test_a_baseline_too_old_when_treatment_begins_is_none(kb: KnowledgeBase) -> None:
    for start, known in (("2026-03-24", True), ("2026-03-25", False)):
        view = reader(kb, lab("alt", 80, "U/L", "2026-04-10")).view(visit("2026-04-10"), course(start_on=start))
        assert view.pairs["alt"].known is known


def test_without_a_treatment_there_is_no_baseline(kb: KnowledgeBase) -> None:
    view = reader(kb, *labs("2026-03-24", alt=96)).view(visit(14), Course())
    assert (view.treated, view.day) == (False, 0)
    assert not any(item.known for item in view.pairs.values())
    assert view.labs["alt"].value == 96


@pytest.mark.parametrize(
    ("findings", "first", "condition", "expected"),
    [
        (None, [], {}, None),
        ([], [], {}, False),
        (["ascites"], [], {}, True),
        (["encephalopathy"], [], {}, True),
        (["jaundice"], [], {}, False),
        (["ascites"], ["ascites"], {}, False),
        (["ascites"], [], {"ascites": "mild"}, False),
        (["ascites"], [], {"ascites": "moderate_severe"}, False),
        (["ascites"], None, {"ascites": "unknown"}, True),
        (["ascites"], [], {"encephalopathy_grade": 1}, True),
        (["encephalopathy"], [], {"encephalopathy_grade": 1}, False),
        (["encephalopathy"], None, {"encephalopathy_grade": None}, True),
    ],
)
def test_only_what_was_not_there_when_treatment_began_is_a_decompensation(
    findings: Any, first: Any, condition: dict[str, Any], expected: bool | None, kb: KnowledgeBase
) -> None:
    view = reader(kb, condition=condition).view(visit(14, findings=findings), course(findings=first))
    assert view.decompensated is expected


def test_without_a_treatment_the_recorded_decompensation_is_what_was_there(kb: KnowledgeBase) -> None:
    recorded = reader(kb, condition={"ascites": "mild"})
    assert recorded.view(visit(14, findings=["ascites"]), Course()).decompensated is False


@pytest.mark.parametrize(
    ("response", "day", "expected"),
    [("complete_response", 13, True), ("complete_response", 14, False), ("response", 13, False)],
)
def test_a_complete_response_of_an_earlier_day_came_before(
    response: str, day: int, expected: bool, kb: KnowledgeBase
) -> None:
    earlier = course().model_copy(update={"visits": (visit(day, response=response),)})
    assert reader(kb).view(visit(14), earlier).remitted is expected


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ({"complete_response_ever": True, "remission_started_on": "2026-03-23"}, True),
        ({"complete_response_ever": True, "remission_started_on": "2026-03-24"}, False),
        ({"complete_response_ever": False, "remission_started_on": "2026-03-23"}, False),
        ({"complete_response_ever": None, "remission_started_on": "2026-03-23"}, False),
        ({"complete_response_ever": True, "remission_started_on": None}, False),
    ],
)
def test_a_recorded_complete_response_counts_with_the_day_it_began(
    recorded: dict[str, Any], expected: bool, kb: KnowledgeBase
) -> None:
    assert reader(kb, condition=recorded).view(visit(14), course()).remitted is expected


def test_visits_are_read_again_on_what_the_ones_before_turn_out_to_be(kb: KnowledgeBase) -> None:
    known = reader(kb, *labs("2026-04-07", **NORMAL), *labs("2026-05-10", **(NORMAL | {"alt": 36})))
    seen = course().model_copy(
        update={
            "visits": (
                visit(28, response="response"),
                visit(30, kind="override"),
                visit("2026-05-10", response="response"),
            )
        }
    )
    assert [item.response for item in known.again(seen).visits] == ["complete_response", None, "loss_of_remission"]


def test_one_of_two_equal_visits_is_replaced() -> None:
    first, second = visit(14), visit(14)
    seen = Course(visits=(first, second))
    other = first.model_copy(update={"response": "response"})
    assert replaced(seen, second, other).visits == (first, other)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        (None, False),
        (Override(gate=None, reason_code="clinical_judgement"), True),
        (Override(gate="biochemical_remission", reason_code="clinical_judgement"), True),
        (Override(gate="labs_current", reason_code="clinical_judgement"), False),
    ],
)
def test_a_reason_passes_the_gate_of_remission_and_no_other(override: Override | None, expected: bool) -> None:
    assert passes_remission(override) is expected


def test_the_day_of_a_visit_carries_its_findings_and_moves_no_start_back(kb: KnowledgeBase) -> None:
    today = reader(kb, flare=None).on_day_of(visit(14, findings=["fever"]))
    assert (today.as_of, today.start_on) == (date(2026, 3, 24), date(2026, 3, 24))
    assert today.flare is not None
    assert today.flare.findings == ("fever",)
    ahead = reader(kb, start_on="2026-04-01").on_day_of(visit(14))
    assert (ahead.as_of, ahead.start_on) == (date(2026, 3, 24), date(2026, 4, 1))
