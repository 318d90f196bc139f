"""What is taken under a proposal."""

import json
from datetime import date
from typing import Any

import pytest

from app.clinical.critique import Proposal
from app.facts.prepare_proposal import prepare_proposal
from app.facts.proposal import ProposalFacts
from app.knowledge.base import KnowledgeBase
from tests.builders import DAY, episode


def prepared(kb: KnowledgeBase, *medications: dict[str, Any], **changes: Any) -> ProposalFacts:
    sent = Proposal.model_validate_json(json.dumps({"medications": medications}))
    return prepare_proposal(episode(**changes), sent, kb)


def taken(facts: ProposalFacts) -> list[str]:
    return [item.name for item in facts.after.medicines.running or ()]


def test_what_runs_goes_on_beside_the_proposal(kb: KnowledgeBase) -> None:
    facts = prepared(kb, {"drug": "tacrolimus", "dose_mg_per_day": 4}, medications=[{"drug": "metformin"}])
    assert taken(facts) == ["metformin", "tacrolimus"]
    assert [facts.proposes(item) for item in facts.after.medicines.running or ()] == [False, True]


def test_a_proposed_dose_takes_the_place_of_the_running_one(kb: KnowledgeBase) -> None:
    running = [{"drug": "Prograf", "dose_mg_per_day": 4}]
    facts = prepared(kb, {"drug": "tacrolimus", "dose_mg_per_day": 2}, medications=running)
    assert taken(facts) == ["tacrolimus"]
    assert facts.after.medicines.dose("tacrolimus") == 2
    assert facts.before.medicines.dose("tacrolimus") == 4


TWO_IN_ONE = {"drug": "prednisone and azathioprine"}
MISCODED = {"drug": "allopurinol", "rxnorm": "8640"}


@pytest.mark.parametrize(
    ("running", "proposed", "expected"),
    [
        (TWO_IN_ONE, {"prednisone": 20}, ["prednisone and azathioprine", "prednisone"]),
        (TWO_IN_ONE, {"prednisone": 20, "azathioprine": 50}, ["prednisone", "azathioprine"]),
        (TWO_IN_ONE, {"prednisone": 0}, ["prednisone and azathioprine"]),
        (TWO_IN_ONE, {"prednisone": 0, "azathioprine": 0}, []),
        (MISCODED, {"prednisone": 30}, ["allopurinol", "prednisone"]),
        ({"drug": "Advagraf"}, {"tacrolimus": 4}, ["tacrolimus"]),
        ({"drug": "foobarium"}, {"foobarium": 4}, ["foobarium"]),
    ],
)
def test_an_entry_for_several_drugs_goes_on_until_all_of_them_are_named(
    running: dict[str, str], proposed: dict[str, int], expected: list[str], kb: KnowledgeBase
) -> None:
    orders = ({"drug": drug, "dose_mg_per_day": mg} for drug, mg in proposed.items())
    assert taken(prepared(kb, *orders, medications=[running])) == expected


def test_a_stop_by_the_first_day_is_no_overlap_but_still_washes_out(kb: KnowledgeBase) -> None:
    facts = prepared(kb, {"drug": "tacrolimus", "stopped_on": DAY}, medications=[{"drug": "tacrolimus"}])
    assert taken(facts) == []
    assert facts.after.medicines.within_washout == {"tacrolimus"}


def test_a_stop_of_what_nobody_listed_washes_out_too(kb: KnowledgeBase) -> None:
    facts = prepared(kb, {"drug": "cyclosporine", "stopped_on": DAY}, medications=[])
    assert facts.after.medicines.within_washout == {"cyclosporine"}


def test_a_later_stop_is_an_overlap_until_then(kb: KnowledgeBase) -> None:
    facts = prepared(kb, {"drug": "tacrolimus", "stopped_on": "2026-03-11"}, medications=[{"drug": "tacrolimus"}])
    assert [item.stopped_on for item in facts.after.medicines.running or ()] == [date(2026, 3, 11)]


def test_a_proposed_dose_exposes_nobody_and_forgets_no_exposure(kb: KnowledgeBase) -> None:
    order = {"drug": "azathioprine", "dose_mg_per_day": 50}
    new = prepared(kb, order, prior_treatments=[])
    assert "azathioprine" not in (new.after.medicines.exposed or ())
    changed = prepared(kb, order, prior_treatments=[], medications=[{"drug": "azathioprine"}])
    assert "azathioprine" in (changed.after.medicines.exposed or ())


@pytest.mark.parametrize("medications", [None, []])
def test_an_unknown_list_stays_unknown_before_the_proposal(
    medications: list[dict[str, Any]] | None, kb: KnowledgeBase
) -> None:
    facts = prepared(kb, {"drug": "azathioprine", "dose_mg_per_day": 50}, medications=medications)
    assert (facts.before.medicines.running is None) is (medications is None)
    assert taken(facts) == ["azathioprine"]
