from typing import Any

import pytest

from app.clinical.course import LevelRange
from app.clinical.remark import Alert
from app.knowledge.base import KnowledgeBase
from app.rules.plan.trough import trough_alerts, trough_target
from tests.builders import lab, labs
from tests.rules.plan.prepared import facts_of

FAILED = [{"drug": name, "response": "insufficient", "tolerated": True} for name in ("prednisone", "azathioprine")]


def level(value: float, matrix: str | None = "whole_blood", **more: Any) -> list[dict[str, Any]]:
    return [*labs(), lab("tacrolimus_level", value, "ng/mL", matrix=matrix, **more)]


def judged(kb: KnowledgeBase, results: list[dict[str, Any]]) -> list[Alert]:
    return [notice.alert() for notice in trough_alerts(facts_of(kb, labs=results), kb)]


def test_the_plasma_range_is_shown_and_whole_blood_has_no_target(kb: KnowledgeBase) -> None:
    target = trough_target(facts_of(kb), kb)
    assert target is not None
    assert target.matrix_required
    assert (str(target.plasma.low), str(target.plasma.high)) == ("0.6", "1.0")
    assert target.whole_blood is None
    assert len(target.evidence) > 1


@pytest.mark.parametrize(
    "changes", [{"prior_treatments": FAILED}, {"condition": {"context": "failure_on_therapy"}}], ids=str
)
def test_whole_blood_has_one_target_after_standard_therapy_failed(kb: KnowledgeBase, changes: dict[str, Any]) -> None:
    target = trough_target(facts_of(kb, **changes), kb)
    six = kb.number("trough_whole_blood_after_failure")
    assert target is not None
    assert target.whole_blood == LevelRange(low=six, high=six)


def test_without_the_prior_treatments_there_is_no_whole_blood_target(kb: KnowledgeBase) -> None:
    target = trough_target(facts_of(kb, prior_treatments=None), kb)
    assert target is not None
    assert target.whole_blood is None


def test_another_condition_has_its_own_target_elsewhere(kb: KnowledgeBase) -> None:
    assert trough_target(facts_of(kb, condition={"code": "uveitis"}), kb) is None


def test_no_level_no_alert(kb: KnowledgeBase) -> None:
    assert judged(kb, labs()) == []


def test_a_stale_level_is_not_judged(kb: KnowledgeBase) -> None:
    assert judged(kb, [*labs(), lab("tacrolimus_level", 1, "ng/mL", "2026-01-01", matrix="whole_blood")]) == []


@pytest.mark.parametrize(
    ("value", "codes"),
    [(0.8, ["TROUGH_LOW"]), (1.99, ["TROUGH_LOW"]), (2, []), (6, []), (10, []), (10.1, ["TROUGH_HIGH"])],
)
def test_whole_blood_is_judged_by_its_own_limits(kb: KnowledgeBase, value: float, codes: list[str]) -> None:
    assert [alert.code for alert in judged(kb, level(value))] == codes


def test_a_level_in_the_plasma_range_is_never_called_on_target_in_whole_blood(kb: KnowledgeBase) -> None:
    (alert,) = judged(kb, level(0.8))
    assert "0.6-1.0 ng/mL belong to plasma" in alert.text
    assert "target" not in alert.text


def test_a_high_level_asks_for_no_reduction_of_the_dose(kb: KnowledgeBase) -> None:
    (alert,) = judged(kb, level(12))
    assert "12 ng/mL of 2026-03-10" in alert.text
    assert "reduce" not in alert.text


@pytest.mark.parametrize("matrix", [None, "unknown", "serum"])
def test_a_level_without_its_matrix_is_not_interpretable(kb: KnowledgeBase, matrix: str | None) -> None:
    (alert,) = judged(kb, level(12, matrix))
    assert alert.code == "TROUGH_NOT_INTERPRETABLE"
    assert "matrix" in alert.text


@pytest.mark.parametrize(
    ("last_dose", "code"),
    [
        ("2026-03-09T16:59:00Z", "TROUGH_NOT_INTERPRETABLE"),
        ("2026-03-09T17:00:00Z", "TROUGH_HIGH"),
        ("2026-03-09T18:00:00Z", "TROUGH_HIGH"),
        ("2026-03-09T19:00:00Z", "TROUGH_HIGH"),
        ("2026-03-09T19:01:00Z", "TROUGH_NOT_INTERPRETABLE"),
        ("2026-03-10T02:00:00Z", "TROUGH_NOT_INTERPRETABLE"),
    ],
)
def test_only_a_level_11_to_13_hours_after_the_dose_is_a_trough(kb: KnowledgeBase, last_dose: str, code: str) -> None:
    (alert,) = judged(kb, level(12, last_dose_at=last_dose))
    assert alert.code == code


@pytest.mark.parametrize(
    ("value", "place"), [(0.5, "below"), (0.6, "within"), (1.0, "within"), (1.1, "above"), (0.8, "within")]
)
def test_plasma_is_compared_with_the_plasma_range(kb: KnowledgeBase, value: float, place: str) -> None:
    (alert,) = judged(kb, level(value, "plasma"))
    assert (alert.code, alert.severity) == ("TROUGH_PLASMA", "info")
    assert f"is {place} the source's plasma range of 0.6-1.0 ng/mL" in alert.text
