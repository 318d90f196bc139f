"""How treatment works, read in a fixed order; boundaries stand in the case files, here the order and the unknown."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.clinical.vocabulary import Analyte
from app.facts.facts import LabFact
from app.knowledge.base import KnowledgeBase
from app.rules.course.compare import TESTS, pair
from app.rules.course.response import View, read_response
from tests.treatment import START, on_day

BASELINE = {"ast": "120", "alt": "160", "bilirubin_total": "1.0", "inr": "1.0", "albumin": "4.0", "igg": "19"}
LIMITS = {"ast": "35", "alt": "35", "bilirubin_total": "1.2", "inr": "1.1", "albumin": "3.5", "igg": "16"}


def fact(analyte: Analyte, value: str | None, day: date, *, limited: bool = True) -> LabFact:
    bound = Decimal(LIMITS[analyte]) if limited else None
    if value is None:
        return LabFact(analyte, "absent", "unit")
    return LabFact(
        analyte,
        "known",
        "unit",
        value=Decimal(value),
        upper_limit=None if analyte == "albumin" else bound,
        lower_limit=bound if analyte == "albumin" else None,
        collected_on=day,
    )


def view(day: int | date = 14, *, bare: tuple[str, ...] = (), before: dict[str, Any] | None = None, **now: Any) -> View:
    """Return a view with the results of the start but for `now`; tests named `bare` come without a limit."""
    on = on_day(day) if isinstance(day, int) else day
    first: dict[str, Any] = BASELINE | (before or {})
    facts = {name: fact(name, {**first, **now}[name], on, limited=name not in bare) for name in TESTS}
    pairs = {name: pair(fact(name, first[name], START, limited=name not in bare), facts[name]) for name in TESTS}
    return View(on=on, start_on=START, treated=True, labs=facts, pairs=pairs, decompensated=False, remitted=False)


def changed(seen: View, **changes: Any) -> View:
    whole = {name: getattr(seen, name) for name in View.__dataclass_fields__}
    return View(**whole | changes)


def read(seen: View, kb: KnowledgeBase) -> str:
    return read_response(seen, kb).response


def test_days_count_from_the_start_of_treatment() -> None:
    assert (view(0).day, view(14).day, view(-3).day) == (0, 14, -3)


def test_urgency_comes_before_everything(kb: KnowledgeBase) -> None:
    normal: dict[str, Any] = {"alt": "30", "ast": "28", "igg": "15"}
    for day in (3, 14, 28, 200):
        assert read(view(day, inr="1.2", **normal), kb) == "escalate_urgent"
    decompensated = changed(view(14, **normal), decompensated=True)
    assert read_response(decompensated, kb).because.startswith("Escalate now: new encephalopathy or ascites")
    assert read(changed(decompensated, decompensated=None), kb) == "complete_response"


def test_remission_needs_a_new_result(kb: KnowledgeBase) -> None:
    normal: dict[str, Any] = {"alt": "30", "ast": "28", "igg": "15"}
    assert read(view(14, before=normal, **normal), kb) == "complete_response"
    old = view(14, before=normal, **normal)
    same = {name: pair(item.before, item.before) for name, item in old.pairs.items()}
    assert read(changed(old, pairs=same), kb) == "not_interpretable"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"alt": "105", "ast": "28", "igg": "15"}, "loss_of_remission"),
        ({"alt": "105.1", "ast": "28", "igg": "15"}, "relapse"),
        ({"alt": None, "ast": "28", "igg": "17"}, "loss_of_remission"),
        ({"alt": "30", "ast": "36", "igg": "15"}, "loss_of_remission"),
        ({"alt": "30", "ast": "28", "igg": None}, "response"),
        ({"alt": None, "ast": "28", "igg": "15"}, "not_interpretable"),
    ],
)
def test_after_a_remission_what_is_above_its_limit_has_lost_it(
    now: dict[str, Any], expected: str, kb: KnowledgeBase
) -> None:
    assert read(changed(view(60, **now), remitted=True), kb) == expected


def test_without_a_treatment_nothing_is_read_but_urgency_and_remission(kb: KnowledgeBase) -> None:
    untreated = changed(view(28, alt="60"), treated=False)
    assert read(untreated, kb) == "not_interpretable"
    assert "No option is followed" in read_response(untreated, kb).because
    assert read(changed(untreated, decompensated=True), kb) == "escalate_urgent"


@pytest.mark.parametrize(
    ("now", "bare", "expected"),
    [
        ({"alt": "100"}, ("alt", "ast"), "not_interpretable"),
        ({"alt": "100", "ast": "100"}, ("alt",), "indeterminate"),
        ({"alt": "100"}, ("alt",), "not_interpretable"),
        ({}, ("alt",), "escalate"),
        ({"alt": "200"}, ("alt", "ast"), "escalate"),
        ({"alt": None}, (), "escalate"),
        ({"alt": None, "ast": None}, (), "not_interpretable"),
        ({"alt": None, "ast": None, "igg": "15"}, (), "effective_short_term"),
        ({"alt": None, "ast": None, "igg": "17"}, (), "indeterminate"),
        ({"alt": None, "ast": None, "bilirubin_total": None, "inr": None, "albumin": None}, (), "not_interpretable"),
    ],
)
def test_in_the_first_weeks_what_cannot_be_compared_is_neither_success_nor_failure(
    now: dict[str, Any], bare: tuple[str, ...], expected: str, kb: KnowledgeBase
) -> None:
    assert read(view(14, bare=bare, **now), kb) == expected


@pytest.mark.parametrize(
    ("now", "bare", "expected"),
    [
        ({}, (), "indeterminate"),
        ({"igg": "25"}, (), "indeterminate"),
        ({"alt": "36"}, (), "escalate"),
        ({}, ("alt",), "not_interpretable"),
    ],
)
def test_igg_alone_never_steps_treatment_up(
    now: dict[str, Any], bare: tuple[str, ...], expected: str, kb: KnowledgeBase
) -> None:
    only_igg = {"alt": "34", "ast": "30"}
    assert read(view(14, bare=bare, before=only_igg, **{**only_igg, **now}), kb) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"alt": "160", "ast": "170"}, {"alt": "30", "ast": "90"}, "non_response"),
        ({"alt": "160", "ast": "160"}, {"alt": "80", "ast": "100"}, "response"),
        ({"alt": "160", "ast": "36"}, {"alt": None, "ast": "20"}, "not_interpretable"),
        ({"alt": None, "ast": "120"}, {"ast": "60"}, "response"),
        ({"alt": "35", "ast": "35"}, {"alt": "36", "ast": "30"}, "not_interpretable"),
        ({"alt": "36", "ast": "35"}, {"ast": "20"}, "non_response"),
        ({"alt": "0", "ast": "120"}, {"ast": "60"}, "response"),
        ({"alt": "160"}, {"alt": "200"}, "non_response"),
    ],
)
def test_the_transaminase_that_stood_higher_decides_from_the_third_week(
    before: dict[str, Any], now: dict[str, Any], expected: str, kb: KnowledgeBase
) -> None:
    assert read(view(28, before=before, **now), kb) == expected


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"albumin": "3.0"}, {"albumin": "3.5"}, "Albumin became normal"),
        ({"albumin": "3.0"}, {"albumin": "2.6", "alt": "100"}, "first weeks Albumin worse"),
        ({"bilirubin_total": "1.5"}, {"bilirubin_total": "1.3"}, "Bilirubin better"),
    ],
)
def test_a_change_is_told_by_the_name_of_its_test(
    before: dict[str, Any], now: dict[str, Any], told: str, kb: KnowledgeBase
) -> None:
    assert told in read_response(view(14, before=before, **now), kb).because


def test_the_reason_names_both_values(kb: KnowledgeBase) -> None:
    assert read_response(view(28, alt="80.1"), kb).because.startswith("ALT 160 to 80.1 unit since treatment began")


@pytest.mark.parametrize(
    ("now", "remitted", "expected"),
    [
        ({"alt": "36", "ast": "28", "igg": "15"}, False, "insufficient_response"),
        ({"alt": "30", "ast": "28", "igg": "16.1"}, False, "insufficient_response"),
        ({"alt": "30", "ast": "36", "igg": "15"}, False, "insufficient_response"),
        ({"alt": "30", "ast": "28", "igg": None}, False, "not_interpretable"),
        ({"alt": "30", "ast": "28", "igg": None}, True, "not_interpretable"),
    ],
)
def test_from_six_months_on_a_missing_test_leaves_the_answer_open(
    now: dict[str, Any], remitted: bool, expected: str, kb: KnowledgeBase
) -> None:
    late = changed(view(date(2026, 9, 10), **now), remitted=remitted)
    assert read(late, kb) == expected


def test_a_remission_that_came_before_is_not_called_insufficient_while_no_result_is_new(kb: KnowledgeBase) -> None:
    late = view(date(2026, 9, 10))
    old = changed(late, pairs={name: pair(item.before, item.before) for name, item in late.pairs.items()})
    assert read(old, kb) == "insufficient_response"
    assert read(changed(old, remitted=True), kb) == "not_interpretable"


def test_six_months_end_with_the_month_where_it_is_shorter(kb: KnowledgeBase) -> None:
    for on, expected in ((date(2027, 2, 27), "non_response"), (date(2027, 2, 28), "insufficient_response")):
        begun = changed(view(on, alt="100"), start_on=date(2026, 8, 31))
        assert read(begun, kb) == expected


def test_every_reading_is_cited(kb: KnowledgeBase) -> None:
    readings = [
        read_response(view(day, **now), kb)
        for day in (3, 14, 28, 200)
        for now in ({}, {"alt": "30"}, {"inr": "1.3"}, {"alt": "30", "ast": "30", "igg": "15"}, {"alt": None})
    ]
    assert all(set(reading.citations) <= kb.citations.keys() and reading.citations for reading in readings)
