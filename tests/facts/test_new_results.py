"""New results joined to an episode: nothing known is lost, nothing unsent is invented."""

import json
from datetime import date
from typing import Any

import pytest

from app.clinical.progress import AssessmentRequest, Course, Override, StepTaken, Visit
from app.facts.new_results import (
    find_assessment_faults,
    find_course_faults,
    find_override_faults,
    is_latest,
    with_later_dates,
    with_results,
)
from app.knowledge.base import KnowledgeBase
from tests.builders import episode, lab, labs

DAY = date(2026, 3, 24)


def request(**changes: Any) -> AssessmentRequest:
    return AssessmentRequest.model_validate_json(json.dumps({"assessed_on": DAY.isoformat()} | changes))


def visit(day: date) -> Visit:
    return Visit(
        on=day,
        kind="assessment",
        findings=None,
        adherence_confirmed=None,
        override=None,
        response=None,
        gate_decision=None,
    )


def test_new_results_come_after_the_known_ones_and_a_repeated_one_counts_once() -> None:
    known = episode()
    joined = with_results(known, request(labs=[*labs()[:2], lab("alt", 80, "U/L", "2026-03-24")]), latest=True)
    assert joined.labs is not None
    assert known.labs is not None
    assert joined.labs[: len(known.labs)] == known.labs
    assert [str(one.value) for one in joined.labs[len(known.labs) :]] == ["80"]


def test_a_sample_sent_again_with_another_value_is_corrected_in_its_place() -> None:
    known = episode()
    joined = with_results(known, request(labs=[lab("alt", 161, "U/L")]), latest=True)
    assert joined.labs is not None
    assert known.labs is not None
    assert (len(joined.labs), str(joined.labs[0].value)) == (len(known.labs), "161")
    assert joined.labs[1:] == known.labs[1:]


def test_a_correction_keeps_the_limits_it_does_not_name_but_not_those_in_another_unit() -> None:
    same = with_results(episode(), request(labs=[lab("alt", 161, "U/L")]), latest=True)
    other = with_results(episode(), request(labs=[lab("alt", 2.7, "ukat/L")]), latest=True)
    assert same.labs is not None
    assert other.labs is not None
    assert [str(labs[0].upper_limit_normal) for labs in (same.labs, other.labs)] == ["35", "None"]


def test_a_sample_that_is_repeated_in_one_request_joins_once_with_all_it_says() -> None:
    rows = [lab("alt", 80, "U/L", "2026-03-24", upper_limit_normal=35), lab("alt", 80, "U/L", "2026-03-24")]
    joined = with_results(episode(labs=[]), request(labs=rows), latest=True)
    assert joined.labs is not None
    assert [str(one.upper_limit_normal) for one in joined.labs] == ["35"]


def test_an_assessment_that_contradicts_itself_is_refused(kb: KnowledgeBase) -> None:
    asked = request(labs=[lab("alt", 80, "U/L"), lab("alt", 81, "U/L")])
    assert [(one.pointer, one.code) for one in find_assessment_faults(asked, episode(), DAY, kb)] == [
        ("/labs/0", "RESULTS_CONTRADICT"),
        ("/labs/1", "RESULTS_CONTRADICT"),
    ]


def test_the_latest_assessment_tells_the_findings_and_the_adherence_of_now() -> None:
    told = with_results(episode(), request(findings=["ascites"], adherence_confirmed=False), latest=True)
    assert told.flare is not None
    assert told.flare.findings == ("ascites",)
    assert told.differential is not None
    assert told.differential.adherence_confirmed is False
    assert told.differential.viral_hepatitis_excluded is True


def test_what_was_not_asked_stays_as_it_was_known() -> None:
    told = with_results(episode(flare={"findings": ["ascites"]}), request(), latest=True)
    assert told.flare is not None
    assert told.flare.findings == ("ascites",)
    assert told.differential == episode().differential


def test_an_earlier_assessment_changes_no_finding_of_now() -> None:
    told = with_results(episode(), request(findings=["ascites"], adherence_confirmed=False), latest=False)
    assert (told.flare, told.differential) == (episode().flare, episode().differential)


def test_findings_are_told_of_an_episode_that_had_none() -> None:
    bare = episode(flare=None, differential=None)
    told = with_results(bare, request(findings=[], adherence_confirmed=True), latest=True)
    assert told.flare is not None
    assert told.flare.findings == ()
    assert told.differential is not None
    assert told.differential.adherence_confirmed is True


@pytest.mark.parametrize(
    ("day", "as_of", "start_on"),
    [
        (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 12)),
        (date(2026, 3, 12), date(2026, 3, 12), date(2026, 3, 12)),
        (date(2026, 3, 13), date(2026, 3, 13), date(2026, 3, 13)),
    ],
)
def test_the_day_of_the_plan_never_goes_back_and_a_start_lies_no_earlier(
    day: date, as_of: date, start_on: date
) -> None:
    moved = with_later_dates(episode(as_of="2026-03-10", start_on="2026-03-12"), day)
    assert (moved.as_of, moved.start_on) == (as_of, start_on)


@pytest.mark.parametrize(("day", "latest"), [(9, False), (10, True), (11, True)])
def test_the_latest_visit_is_no_earlier_than_any_visit_or_step(day: int, latest: bool) -> None:
    visited = Course(visits=(visit(date(2026, 4, 10)),))
    stepped = Course(steps=(StepTaken(index=1, starts_on=date(2026, 4, 10), by="gates"),))
    assert [is_latest(date(2026, 4, day), course) for course in (visited, stepped)] == [latest, latest]
    assert is_latest(date(2026, 4, day), Course()) is True


def test_a_result_after_the_day_of_the_assessment_is_named(kb: KnowledgeBase) -> None:
    late = request(labs=[lab("alt", 30, "U/L", "2026-03-24"), lab("ast", 30, "U/L", "2026-03-25")])
    faults = find_assessment_faults(late, episode(), DAY, kb)
    assert [(one.pointer, one.code) for one in faults] == [("/labs/1/collected_at", "COLLECTED_AFTER_AS_OF")]


@pytest.mark.parametrize(("today", "codes"), [(date(2025, 3, 23), []), (date(2025, 3, 22), ["ASSESSED_TOO_LATE"])])
def test_a_year_ahead_is_a_slip_of_the_pen(kb: KnowledgeBase, today: date, codes: list[str]) -> None:
    assert [one.code for one in find_assessment_faults(request(), episode(), today, kb)] == codes


@pytest.mark.parametrize(
    ("reason", "note", "codes"),
    [
        ("other", None, ["NOTE_MISSING"]),
        ("other", " ", ["NOTE_MISSING"]),
        ("other", "Travels for two months.", []),
        ("clinical_judgement", None, []),
    ],
)
def test_another_reason_needs_a_note(reason: Any, note: str | None, codes: list[str]) -> None:
    faults = list(find_override_faults(Override(gate=None, reason_code=reason, note=note), "/override"))
    assert [(one.pointer, one.code) for one in faults] == [("/override/note", code) for code in codes]


@pytest.mark.parametrize(
    ("as_of", "codes"), [("2026-03-23", ["AS_OF_BEFORE_COURSE"]), ("2026-03-24", []), ("2026-03-25", []), (None, [])]
)
def test_changed_facts_cannot_forget_an_assessment(as_of: str | None, codes: list[str]) -> None:
    faults = find_course_faults(episode(as_of=as_of), Course(visits=(visit(DAY),)))
    assert [one.code for one in faults] == codes
