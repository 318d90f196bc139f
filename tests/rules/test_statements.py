"""Verdicts in three values: what is not known is never a no."""

from typing import Any

import pytest

from app.clinical.remark import StatementVerdict
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from tests.builders import episode, labs

TACROLIMUS = {"response": "complete", "stop_reason": "planned_withdrawal", "indication_still_valid": True}
LUPUS = {"code": "lupus_nephritis"}


# What the verdict on each statement of the source looks at.
RESTS_ON = {
    "options.prednisone_azathioprine": "S02 S05 S08",
    "options.prednisone_monotherapy": "S04",
    "options.prednisone_azathioprine, options.prednisone_monotherapy": "S01 S06 S07 S09 S33 S35 S36",
    "options.prednisone_azathioprine, options.add_mycophenolate": "S31 S32",
    "options.tacrolimus_restart": "S10 S11 S14 S25 S26 S27",
    "tacrolimus.indication_still_valid": "S03",
    "tacrolimus.response, severity.severe, prior_treatments": "S12",
    "tacrolimus.response": "S13",
    "condition.code": "S15 S20 S21 S48",
    "condition.context": "S16 S19 S22",
    "condition.context, prior_treatments": "S17 S18 S40",
    "labs": "S23 S24",
    "tacrolimus.stopped_on, tacrolimus.stop_manner": "S28 S29",
    "condition.relapse_count": "S30",
    "severity.severe": "S34",
    "tacrolimus.stop_reason": "S37 S38 S39 S41",
    "prior_treatments": "S42",
    "scores": "S43",
    "condition.treatment_started_on": "S44",
    "condition.ascites": "S45",
    "condition.context, condition.relapse_count, tacrolimus.stopped_on": "S46 S47 S49",
}


def rows(kb: KnowledgeBase, **changes: Any) -> dict[str, StatementVerdict]:
    return {row.id: row for row in decide(episode(**changes), kb).statements}


def verdicts(kb: KnowledgeBase, **changes: Any) -> dict[str, str]:
    return {statement: row.verdict for statement, row in rows(kb, **changes).items()}


def test_a_verdict_names_the_facts_it_rests_on(kb: KnowledgeBase) -> None:
    expected = {statement: facts for facts, statements in RESTS_ON.items() for statement in statements.split()}
    assert {statement: ", ".join(row.facts) for statement, row in rows(kb).items()} == expected


@pytest.mark.parametrize(
    ("statement", "changes", "verdict"),
    [
        ("S05", {}, "applies"),
        ("S05", {"pharmacogenetics": {"tpmt": "poor"}}, "does_not_apply"),
        ("S05", {"patient": {"weight_kg": None}}, "unknown"),
        ("S05", {"labs": labs(alt=None, ast=None)}, "unknown"),
        ("S05", {"condition": {"graft": "liver"}}, "does_not_apply"),
        ("S12", {"tacrolimus": TACROLIMUS, "flare": {"severity": "severe"}}, "applies"),
        ("S12", {"tacrolimus": TACROLIMUS}, "does_not_apply"),
        ("S12", {"tacrolimus": {"response": "unknown"}, "flare": {"severity": "severe"}}, "unknown"),
        ("S16", {}, "applies"),
        ("S16", {"condition": {"context": "acute_severe"}}, "does_not_apply"),
        ("S16", {"condition": {"context": "unknown"}}, "unknown"),
        ("S19", {"condition": {"context": None}}, "unknown"),
        ("S19", {"condition": {"context": "in_remission"}}, "does_not_apply"),
        ("S28", {}, "applies"),
        ("S28", {"tacrolimus": {"stopped_on": None, "stop_reason": "unknown"}}, "unknown"),
        ("S30", {"condition": {"relapse_count": 2}}, "applies"),
        ("S30", {"condition": {"relapse_count": 1}}, "does_not_apply"),
        ("S30", {"condition": {"relapse_count": None}}, "unknown"),
        ("S37", {"tacrolimus": {"stop_reason": "neurotoxicity"}}, "applies"),
        ("S37", {"tacrolimus": {"stop_reason": "unknown"}}, "unknown"),
        ("S42", {"prior_treatments": [{"drug": "mycophenolate", "response": "insufficient"}]}, "applies"),
        ("S42", {"prior_treatments": [{"drug": "mycophenolate", "response": "sufficient"}]}, "does_not_apply"),
        ("S42", {"prior_treatments": None}, "unknown"),
        ("S46", {"condition": {"context": "unknown", "relapse_count": 0}}, "unknown"),
        ("S20", {}, "does_not_apply"),
        ("S20", {"condition": {**LUPUS, "organ_threatening": True}}, "applies"),
        ("S20", {"condition": {**LUPUS, "organ_threatening": False}}, "does_not_apply"),
        ("S20", {"condition": LUPUS}, "unknown"),
        ("S21", {"condition": LUPUS}, "applies"),
        ("S05", {"condition": LUPUS}, "does_not_apply"),
    ],
)
def test_a_statement_has_the_verdict_its_facts_give(
    statement: str, changes: dict[str, Any], verdict: str, kb: KnowledgeBase
) -> None:
    assert verdicts(kb, **changes)[statement] == verdict


def test_an_overridden_statement_says_so_beside_its_verdict(kb: KnowledgeBase) -> None:
    overridden = {name for name, row in rows(kb, tacrolimus=TACROLIMUS).items() if "Overridden: " in row.because}
    assert overridden == {"S11", "S18", "S25"}


@pytest.mark.parametrize(
    ("statement", "because", "facts"),
    [
        ("S05", "Steroid doses of a hepatitis regimen", ("condition.code",)),
        ("S10", "does not use this statement", ("condition.code",)),
        ("S21", "the specialist decides", ("condition.code",)),
        ("S20", "threatens an organ", ("condition.organ_threatening",)),
    ],
)
def test_a_statement_about_another_disease_says_what_decided(
    statement: str, because: str, facts: tuple[str, ...], kb: KnowledgeBase
) -> None:
    row = rows(kb, condition={**LUPUS, "organ_threatening": True})[statement]
    assert because in row.because
    assert row.facts == facts


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"pharmacogenetics": {"tpmt": "poor"}}, "blocked or not indicated"),
        ({"condition": {"graft": "liver"}}, "the disposition is refer"),
        ({"flare": {"findings": ["sepsis_screen_positive"]}}, "the disposition is emergency"),
    ],
)
def test_a_statement_about_an_option_says_why_it_may_not_be_chosen(
    changes: dict[str, Any], because: str, kb: KnowledgeBase
) -> None:
    assert because in rows(kb, **changes)["S05"].because
