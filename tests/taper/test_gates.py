"""The gates of a step on the day they are asked."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.clinical.vocabulary import Analyte
from app.facts.facts import LabFact
from app.knowledge.base import KnowledgeBase
from app.taper.gates import GateOutcome, Standing, evaluate_gates, projected_gates

D = Decimal
TODAY = date(2026, 4, 10)
LIMITS = {"ast": "35", "alt": "35", "igg": "16"}


def lab(name: Analyte, value: str | None = None, age: int | None = 0, limit: str | None = "") -> LabFact:
    """Return a result at its upper limit unless told otherwise."""
    upper = LIMITS[name] if limit == "" else limit
    known = None if value == "missing" else D(value or LIMITS[name])
    return LabFact(name, "known" if known else "absent", "U/L", known, D(upper) if upper else None, age_days=age)


def labs(*changed: LabFact) -> dict[Analyte, LabFact]:
    return {item.analyte: item for item in (lab("ast"), lab("alt"), lab("igg"), *changed)}


def standing(**changes: object) -> Standing:
    """Return a patient on 30 mg for a month whose every gate is open, with `changes`."""
    usual = Standing(TODAY, date(2026, 3, 10), TODAY, D(30), labs(), worsening=False)
    return replace(usual, **changes)  # type: ignore[arg-type]


def met(outcome: GateOutcome) -> dict[str, bool | None]:
    return {gate.code: gate.met for gate in outcome.gates}


def test_all_gates_open_is_a_step(kb: KnowledgeBase) -> None:
    outcome = evaluate_gates(standing(), kb)
    assert outcome.decision == "step"
    assert set(met(outcome).values()) == {True}
    assert outcome.gates[0].detail == "The step is due since 2026-04-10."


def test_the_day_before_the_step_date_is_too_early(kb: KnowledgeBase) -> None:
    outcome = evaluate_gates(standing(today=TODAY - timedelta(days=1)), kb)
    assert (outcome.decision, met(outcome)["date_reached"]) == ("hold", False)
    assert outcome.gates[0].detail == "The step is due not before 2026-04-10."


@pytest.mark.parametrize(("age", "answer", "decision"), [(13, True, "step"), (14, True, "step"), (15, False, "hold")])
def test_results_count_for_fourteen_days(age: int, answer: bool, decision: str, kb: KnowledgeBase) -> None:
    outcome = evaluate_gates(standing(labs=labs(lab("alt", age=age))), kb)
    assert (met(outcome)["labs_current"], outcome.decision) == (answer, decision)


@pytest.mark.parametrize(("value", "answer"), [("34.9", True), ("35", True), ("35.1", False)])
@pytest.mark.parametrize("name", ["ast", "alt"])
def test_a_transaminase_at_its_limit_is_normal(name: Analyte, value: str, answer: bool, kb: KnowledgeBase) -> None:
    assert met(evaluate_gates(standing(labs=labs(lab(name, value))), kb))["biochemical_remission"] is answer


def test_missing_igg_leaves_remission_unverified(kb: KnowledgeBase) -> None:
    outcome = evaluate_gates(standing(labs={"ast": lab("ast"), "alt": lab("alt")}), kb)
    assert (outcome.decision, met(outcome)["biochemical_remission"], met(outcome)["labs_current"]) == (
        "hold",
        None,
        None,
    )
    assert "Remission unverified: IgG" in outcome.because


def test_a_result_without_an_upper_limit_cannot_show_remission(kb: KnowledgeBase) -> None:
    outcome = evaluate_gates(standing(labs=labs(lab("igg", limit=None))), kb)
    assert (outcome.decision, met(outcome)["biochemical_remission"]) == ("hold", None)


def test_one_high_result_is_enough_to_deny_remission(kb: KnowledgeBase) -> None:
    outcome = evaluate_gates(standing(labs=labs(lab("alt", "80"), lab("igg", "missing", None))), kb)
    assert met(outcome)["biochemical_remission"] is False


@pytest.mark.parametrize(("worsening", "answer"), [(True, False), (False, True), (None, None)])
def test_worsening_that_was_not_asked_about_is_unknown(
    worsening: bool | None, answer: bool | None, kb: KnowledgeBase
) -> None:
    outcome = evaluate_gates(standing(worsening=worsening), kb)
    assert met(outcome)["no_worsening"] is answer
    assert (outcome.decision == "step") is (answer is True)


def test_at_the_floor_there_is_no_step(kb: KnowledgeBase) -> None:
    outcome = evaluate_gates(standing(next_step_on=None, prednisone_mg=D(10)), kb)
    assert (outcome.decision, met(outcome)["date_reached"]) == ("floor", None)


CLOSED = {"labs": labs(lab("alt", "80"))}


@pytest.mark.parametrize(
    ("dose", "days", "decision"),
    [
        ("29.9", 400, "hold"),
        ("30", 60, "hold"),
        ("30", 61, "review"),
        ("40", 31, "hold"),
        ("40", 61, "review"),
        ("40.5", 30, "hold"),
        ("40.5", 31, "review"),
        ("60", 31, "review"),
    ],
)
def test_a_dose_held_too_long_asks_for_a_review(dose: str, days: int, decision: str, kb: KnowledgeBase) -> None:
    held = standing(**CLOSED, prednisone_mg=D(dose), dose_began_on=TODAY - timedelta(days=days))
    assert evaluate_gates(held, kb).decision == decision


def test_the_first_day_of_review_is_told_while_the_dose_is_held(kb: KnowledgeBase) -> None:
    assert evaluate_gates(standing(**CLOSED), kb).review_from == date(2026, 5, 10)
    assert evaluate_gates(standing(**CLOSED, prednisone_mg=D(50)), kb).review_from == date(2026, 4, 10)
    assert evaluate_gates(standing(**CLOSED, prednisone_mg=D(20)), kb).review_from is None


def test_an_open_gate_steps_however_long_the_dose_was_held(kb: KnowledgeBase) -> None:
    assert evaluate_gates(standing(dose_began_on=date(2025, 1, 1)), kb).decision == "step"


def test_before_the_step_date_a_long_held_dose_is_not_reviewed(kb: KnowledgeBase) -> None:
    early = standing(dose_began_on=date(2025, 1, 1), next_step_on=TODAY + timedelta(days=1))
    assert evaluate_gates(early, kb).decision == "hold"


def test_without_a_steroid_there_is_no_hold_limit(kb: KnowledgeBase) -> None:
    held = standing(**CLOSED, prednisone_mg=None, dose_began_on=date(2025, 1, 1))
    assert evaluate_gates(held, kb).decision == "hold"


@pytest.mark.parametrize(("improving", "decision"), [(True, "step"), (False, "hold"), (None, "hold")])
def test_a_reason_lets_a_step_follow_known_improvement(
    improving: bool | None, decision: str, kb: KnowledgeBase
) -> None:
    outcome = evaluate_gates(standing(**CLOSED, improving=improving, step_on_improvement=True), kb)
    assert (outcome.decision, met(outcome)["biochemical_remission"]) == (decision, False)


def test_a_step_for_a_reason_says_which_gate_it_passed(kb: KnowledgeBase) -> None:
    passed = evaluate_gates(standing(**CLOSED, improving=True, step_on_improvement=True), kb)
    shut = next(gate for gate in passed.gates if gate.code == "biochemical_remission")
    assert passed.because == f"Step on improvement, for a clinician's reason: {shut.detail}"
    assert evaluate_gates(standing(), kb).because == "Every gate of the step is open."


def test_improvement_without_a_reason_holds(kb: KnowledgeBase) -> None:
    assert evaluate_gates(standing(**CLOSED, improving=True), kb).decision == "hold"


@pytest.mark.parametrize("unknown", [lab("igg", "missing", None), lab("igg", limit=None)])
def test_a_reason_does_not_replace_missing_results(unknown: LabFact, kb: KnowledgeBase) -> None:
    changed = labs(lab("alt", "80"), unknown)
    assert evaluate_gates(standing(labs=changed, improving=True, step_on_improvement=True), kb).decision == "hold"


def test_a_reason_opens_no_other_gate(kb: KnowledgeBase) -> None:
    worse = standing(**CLOSED, improving=True, step_on_improvement=True, worsening=True)
    assert evaluate_gates(worse, kb).decision == "hold"


@pytest.mark.parametrize(("condition", "word"), [("autoimmune_hepatitis", "IgG"), ("lupus_nephritis", "specialist")])
def test_the_gates_of_a_step_ahead_cannot_be_told(condition: str, word: str, kb: KnowledgeBase) -> None:
    gates = projected_gates(TODAY, condition, kb)  # type: ignore[arg-type]
    assert [gate.code for gate in gates] == ["date_reached", "labs_current", "biochemical_remission", "no_worsening"]
    assert {gate.met for gate in gates} == {None}
    assert "2026-04-10" in gates[0].detail
    assert word in gates[2].detail


def test_every_ground_of_a_decision_can_be_resolved(kb: KnowledgeBase) -> None:
    cases = (
        standing(),
        standing(next_step_on=None),
        standing(**CLOSED),
        standing(**CLOSED, dose_began_on=date(2025, 1, 1)),
    )
    assert all(set(evaluate_gates(case, kb).citations) <= kb.citations.keys() for case in cases)
