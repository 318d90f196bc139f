"""Which contradictions a plan shows: each where its subject is on the plan, and not elsewhere."""

from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from tests.builders import episode, labs

FAILED = {"context": "failure_on_therapy"}
LUPUS = {"code": "lupus_nephritis"}
KNOWN_TACROLIMUS = {"response": "complete", "stop_reason": "planned_withdrawal", "indication_still_valid": True}


def shown(kb: KnowledgeBase, **changes: Any) -> set[str]:
    return {conflict.id for conflict in decide(episode(**changes), kb).conflicts}


@pytest.mark.parametrize("graft", ["liver", "kidney", "other"])
def test_any_graft_shows_that_its_hepatitis_is_another_matter(graft: str, kb: KnowledgeBase) -> None:
    assert "C22" in shown(kb, condition={"graft": graft})


@pytest.mark.parametrize("graft", ["none", "unknown", None])
def test_no_graft_on_record_shows_nothing_of_it(graft: str | None, kb: KnowledgeBase) -> None:
    assert "C22" not in shown(kb, condition={"graft": graft})


@pytest.mark.parametrize(
    "changes",
    [
        {"condition": FAILED},
        {},
        {"condition": LUPUS},
        {"condition": {"graft": "liver"}},
        {"condition": {"context": "in_remission"}},
        {"flare": {"findings": ["encephalopathy"]}},
        {"labs": labs(alt=None, ast=None)},
    ],
)
@pytest.mark.parametrize(("statement", "figure", "key"), [("S18", "92 %", "C14"), ("S47", "70 %", "C18")])
def test_a_figure_without_a_publication_never_stands_alone(
    statement: str, figure: str, key: str, changes: dict[str, Any], kb: KnowledgeBase
) -> None:
    content = decide(episode(**changes), kb)
    assert figure in next(cited.title for cited in content.citations if cited.id == statement)
    assert key in {conflict.id for conflict in content.conflicts}


@pytest.mark.parametrize(
    ("key", "fires", "silent"),
    [
        ("C03", {"tacrolimus": KNOWN_TACROLIMUS}, {}),
        ("C04", {}, {"condition": {"context": "in_remission"}}),
        ("C05", {}, {"pharmacogenetics": {"tpmt": "poor"}}),
        ("C06", {}, {"condition": {"context": "in_remission"}}),
        # A plain relapse is one of tier T1 or T2.
        ("C09", {"labs": labs(alt=36, ast=30, igg=12)}, {"labs": labs(alt=30, ast=30, igg=12)}),
        ("C09", {"labs": labs(bilirubin_total=2.6)}, {"labs": labs(bilirubin_total=2.7)}),
        ("C09", {}, {"condition": {"context": "loss_of_remission"}}),
        ("C12", {}, {"condition": {"graft": "liver"}}),
        ("C15", {"tacrolimus": {"stop_reason": "neurotoxicity", "response": "complete"}}, {}),
        ("C16", {"condition": FAILED}, {}),
        ("C17", {}, {"condition": LUPUS}),
        ("C21", {"condition": LUPUS}, {}),
        ("C26", {"medications": [{"drug": "budesonide"}]}, {"medications": [{"drug": "prednisone"}]}),
        ("C26", {"medications": [{"drug": "prednisolone"}]}, {"medications": []}),
    ],
)
def test_a_conflict_is_shown_where_its_subject_is_on_the_plan(
    key: str, fires: dict[str, Any], silent: dict[str, Any], kb: KnowledgeBase
) -> None:
    assert key in shown(kb, **fires)
    assert key not in shown(kb, **silent)


def test_a_conflict_on_what_may_still_be_chosen_is_shown_while_it_waits(kb: KnowledgeBase) -> None:
    assert {"C04", "C05"} <= shown(kb, patient={"weight_kg": None})
