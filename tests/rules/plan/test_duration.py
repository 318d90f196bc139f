from datetime import date
from typing import Any

import pytest

from app.clinical.course import Duration
from app.knowledge.base import KnowledgeBase
from app.rules.plan.duration import duration, rebound, stopped
from tests.builders import labs
from tests.rules.plan.prepared import facts_of

NORMAL = labs(alt=30, ast=30, igg=12)
REMISSION = {"context": "in_remission", "relapse_count": 0}
SAID_OF_THE_END: dict[Any, str] = {
    "often": "Plan low-dose immunosuppression without an end date",
    True: "Plan immunosuppression without an end date",
    False: "No rebound is recorded",
    None: "Whether an end of treatment may ever be discussed cannot be told",
}


def ask(kb: KnowledgeBase, condition: dict[str, Any], **changes: Any) -> Duration:
    return duration(facts_of(kb, condition=condition, **changes), kb)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"context": "relapse_after_withdrawal", "relapse_count": None}, True),
        ({"context": "loss_of_remission", "relapse_count": 1}, True),
        ({"context": "loss_of_remission", "relapse_count": 0}, False),
        ({"context": "loss_of_remission", "relapse_count": None}, None),
        ({"context": "unknown", "relapse_count": 0}, None),
        ({"context": None, "relapse_count": 0}, None),
        ({"context": None, "relapse_count": 2}, True),
        ({"context": "relapse_after_withdrawal", "relapse_count": 1}, True),
        ({"context": "relapse_after_withdrawal", "relapse_count": 2}, True),
    ],
)
def test_treatment_has_no_end_after_a_rebound(
    kb: KnowledgeBase, condition: dict[str, Any], expected: bool | None
) -> None:
    answer = ask(kb, condition)
    assert answer.indefinite is expected
    assert answer.text.startswith(SAID_OF_THE_END["often" if condition["relapse_count"] == 2 else expected])
    assert answer.withdrawal_proposed is False


@pytest.mark.parametrize(
    ("tacrolimus", "relapses", "expected"),
    [
        (None, 1, None),
        (None, 2, True),
        ({"stopped_on": None, "stop_manner": None, "stop_reason": None}, 1, None),
        ({"stopped_on": None, "stop_manner": "abrupt", "stop_reason": None}, 1, True),
    ],
)
def test_one_relapse_counts_as_rebound_only_once_tacrolimus_was_stopped(
    kb: KnowledgeBase, tacrolimus: dict[str, Any] | None, relapses: int, expected: bool | None
) -> None:
    answer = ask(kb, {"context": "loss_of_remission", "relapse_count": relapses}, tacrolimus=tacrolimus)
    assert answer.indefinite is expected


def test_a_reduction_comes_up_24_months_after_remission_began(kb: KnowledgeBase) -> None:
    answer = ask(kb, {**REMISSION, "remission_started_on": "2024-02-29"})
    assert answer.reduction_eligible_on == date(2026, 2, 28)
    assert answer.earlier_than_guidance_from == date(2025, 2, 28)
    assert "2026-02-28" in answer.text


@pytest.mark.parametrize(("since", "expected"), [("2024-03-10", True), ("2024-03-11", False), (None, False)])
def test_withdrawal_comes_up_only_after_24_months_without_any_rebound(
    kb: KnowledgeBase, since: str | None, expected: bool
) -> None:
    answer = ask(kb, {**REMISSION, "remission_started_on": since}, labs=NORMAL)
    assert answer.withdrawal_proposed is expected
    assert ("withdrawal may be discussed with a specialist, never abruptly" in answer.text) is expected


@pytest.mark.parametrize(
    "changes",
    [
        {"labs": labs(alt=36, ast=30, igg=12)},
        {"labs": labs(alt=30, ast=30, igg=None)},
        {"labs": NORMAL, "screening": {"infection_suspected": True}},
        {"labs": NORMAL, "vitals": {"temperature_c": 38.5}},
    ],
)
def test_withdrawal_waits_for_tests_that_show_the_remission_now(kb: KnowledgeBase, changes: dict[str, Any]) -> None:
    answer = ask(kb, {**REMISSION, "remission_started_on": "2024-03-10"}, **changes)
    assert answer.withdrawal_proposed is False
    assert "tests of today" in answer.text
    assert answer.reduction_eligible_on == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        (None, None),
        ({"stopped_on": None, "stop_manner": "unknown", "stop_reason": "unknown"}, None),
        ({"stopped_on": "2025-11-10", "stop_manner": "unknown", "stop_reason": "unknown"}, True),
        ({"stopped_on": None, "stop_manner": "tapered", "stop_reason": None}, True),
        ({"stopped_on": None, "stop_manner": None, "stop_reason": "intolerance"}, True),
    ],
)
def test_the_word_unknown_is_not_a_stop(
    kb: KnowledgeBase, course: dict[str, Any] | None, expected: bool | None
) -> None:
    facts = facts_of(kb, tacrolimus=course, condition={"context": "loss_of_remission", "relapse_count": 1})
    assert stopped(facts) is expected
    assert rebound(facts, kb) is expected


def test_withdrawal_is_not_proposed_after_a_rebound_however_long_remission_lasts(kb: KnowledgeBase) -> None:
    answer = ask(kb, {**REMISSION, "relapse_count": 1, "remission_started_on": "2010-01-01"})
    assert answer.indefinite is True
    assert answer.withdrawal_proposed is False
    assert answer.reduction_eligible_on == date(2012, 1, 1)


@pytest.mark.parametrize(
    ("since", "onset", "expected"),
    [
        ("2026-03-09", "2026-03-10", None),
        ("2026-03-10", "2026-03-10", None),
        ("2026-03-10", "2026-03-09", date(2028, 3, 10)),
        ("2026-03-10", None, None),
    ],
)
def test_a_remission_that_began_before_the_flare_has_ended_with_it(
    kb: KnowledgeBase, since: str, onset: str | None, expected: date | None
) -> None:
    answer = ask(kb, {"remission_started_on": since}, flare={"onset_on": onset})
    assert answer.reduction_eligible_on == expected


def test_without_a_flare_record_an_old_remission_is_not_counted_on(kb: KnowledgeBase) -> None:
    assert ask(kb, {"remission_started_on": "2020-01-01"}, flare=None).reduction_eligible_on is None


def test_the_source_figure_stands_beside_the_published_ones_own_disease_first(kb: KnowledgeBase) -> None:
    risks = ask(kb, {"code": "membranous_nephropathy"}).relapse_risk
    cited = [risk.citations for risk in risks]
    assert any("S47" in cites for cites in cited)
    assert len(cited) > 2
    assert [cites[0] for cites in cited[:2]] == ["S47", "K41"]


def test_another_condition_gets_no_dates_from_the_hepatitis_rules(kb: KnowledgeBase) -> None:
    answer = ask(kb, {"code": "rheumatoid_arthritis", "remission_started_on": "2020-01-01", "context": "in_remission"})
    assert answer.reduction_eligible_on is None
    assert answer.indefinite is None
    assert "specialist" in answer.text


def test_repeated_relapses_call_for_treatment_without_end_where_the_source_says_so(kb: KnowledgeBase) -> None:
    assert ask(kb, {"code": "lupus_nephritis", "relapse_count": 2}).indefinite is True
    assert ask(kb, {"code": "lupus_nephritis", "relapse_count": 1}).indefinite is None
    assert ask(kb, {"code": "rheumatoid_arthritis", "relapse_count": 2}).indefinite is None
