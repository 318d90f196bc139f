"""From the words of a proposal to its drugs."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.clinical.critique import Proposal
from app.facts.medicines import medicine_facts
from app.facts.proposal import Level, Proposed
from app.facts.proposed_drugs import disagreeing, proposed_drugs
from app.knowledge.base import KnowledgeBase
from tests.builders import episode

START = date(2026, 3, 10)


def proposal(*medications: dict[str, Any], taper: dict[str, Any] | None = None) -> Proposal:
    return Proposal.model_validate_json(json.dumps({"medications": medications, "taper": taper}))


def drugs(sent: Proposal, kb: KnowledgeBase, running: list[dict[str, Any]] | None) -> tuple[Proposed, ...]:
    return proposed_drugs(sent, medicine_facts(episode(medications=running), START, kb), START, kb)


def step(day: str, **doses: float) -> dict[str, Any]:
    return {"starts_on": day, "doses": doses}


def test_the_taper_of_a_drug_continues_its_order_whatever_name_it_goes_by(kb: KnowledgeBase) -> None:
    taper = {"steps": [step("2026-04-10", prednisone=20)]}
    (found,) = drugs(proposal({"drug": "Deltasone", "dose_mg_per_day": 30}, taper=taper), kb, [])
    assert found.levels == (Level(START, Decimal(30)), Level(date(2026, 4, 10), Decimal(20)))


def test_a_drug_that_only_the_taper_names_is_proposed_too(kb: KnowledgeBase) -> None:
    steps = [step("2026-03-10", prednisone=30, azathioprine=150), step("2026-04-10", prednisone=20)]
    found = drugs(proposal(taper={"steps": steps}), kb, [])
    assert [(item.name, len(item.levels)) for item in found] == [("prednisone", 2), ("azathioprine", 1)]


def test_of_two_doses_on_the_first_day_the_one_of_the_taper_counts(kb: KnowledgeBase) -> None:
    sent = proposal({"drug": "prednisone", "dose_mg_per_day": 30}, taper={"steps": [step("2026-03-10", prednisone=40)]})
    assert drugs(sent, kb, [])[0].mg == 40
    assert disagreeing(sent, START, kb) == ("prednisone",)


def test_a_stop_ends_every_later_dose(kb: KnowledgeBase) -> None:
    taper = {"steps": [step("2026-03-20", tacrolimus=2), step("2026-06-10", tacrolimus=1)]}
    sent = proposal({"drug": "tacrolimus", "stopped_on": "2026-05-10"}, taper=taper)
    assert [(level.day.month, int(level.mg)) for level in drugs(sent, kb, [])[0].levels] == [(3, 2), (5, 0)]


def test_the_last_day_of_a_taper_ends_the_drugs_of_its_last_step(kb: KnowledgeBase) -> None:
    taper = {"steps": [step("2026-03-10", tacrolimus=2, prednisone=5)], "ends_on": "2026-05-10"}
    assert [item.stop_on for item in drugs(proposal(taper=taper), kb, [])] == [date(2026, 5, 10)] * 2
    taper["steps"] = [*taper["steps"], step("2026-04-10", tacrolimus=1)]
    assert [item.stop_on for item in drugs(proposal(taper=taper), kb, [])] == [date(2026, 5, 10), None]


@pytest.mark.parametrize(("steps", "ramp"), [(1, True), (2, False)])
def test_a_single_step_with_a_last_day_is_a_ramp(steps: int, ramp: bool, kb: KnowledgeBase) -> None:
    days = ["2026-03-10", "2026-04-10"][:steps]
    taper = {"steps": [step(day, tacrolimus=2) for day in days], "ends_on": "2026-05-10"}
    assert drugs(proposal(taper=taper), kb, [])[0].ramp is ramp


@pytest.mark.parametrize(
    ("running", "mg"),
    [
        ([], 0),
        ([{"drug": "Prograf", "dose_mg_per_day": 3}], 3),
        ([{"drug": "Prograf", "dose_mg_per_day": 3}, {"drug": "Advagraf", "dose_mg_per_day": 1}], 4),
        ([{"drug": "Prograf"}], None),
        (None, None),
    ],
)
def test_the_running_dose_is_the_sum_of_what_runs_of_the_same_drug(
    running: list[dict[str, Any]] | None, mg: int | None, kb: KnowledgeBase
) -> None:
    assert drugs(proposal({"drug": "tacrolimus", "dose_mg_per_day": 2}), kb, running)[0].running_mg == mg


def test_who_stops_a_drug_with_its_dose_says_that_it_runs(kb: KnowledgeBase) -> None:
    stop = {"drug": "tacrolimus", "stopped_on": "2026-03-10"}
    assert drugs(proposal({**stop, "dose_mg_per_day": 3}), kb, [])[0].running_mg == 3
    assert drugs(proposal(stop), kb, [])[0].running_mg is None


@pytest.mark.parametrize(("running", "mg"), [([], 0), (None, None), ([{"drug": "tacrolimus"}], None)])
def test_who_orders_a_drug_up_to_a_later_day_does_not_say_that_it_runs(
    running: list[dict[str, Any]] | None, mg: int | None, kb: KnowledgeBase
) -> None:
    sent = proposal({"drug": "tacrolimus", "dose_mg_per_day": 3, "stopped_on": "2026-03-11"})
    assert drugs(sent, kb, running)[0].running_mg == mg


@pytest.mark.parametrize("stop", [{"stopped_on": "2026-03-10"}, {"dose_mg_per_day": 0}])
@pytest.mark.parametrize("name", ["prednisone", "Deltasone"])
def test_a_stop_beside_a_new_order_of_the_drug_is_a_change_of_its_dose(
    stop: dict[str, Any], name: str, kb: KnowledgeBase
) -> None:
    taper = {"steps": [step("2026-04-10", prednisone=20)]}
    sent = proposal({"drug": name, **stop}, {"drug": "prednisone", "dose_mg_per_day": 30}, taper=taper)
    (found,) = drugs(sent, kb, [{"drug": "prednisone", "dose_mg_per_day": 40}])
    assert found.levels == (Level(START, Decimal(30)), Level(date(2026, 4, 10), Decimal(20)))
    assert found.running_mg == 40


def test_a_later_stop_beside_a_new_order_is_an_overlap(kb: KnowledgeBase) -> None:
    sent = proposal({"drug": "prednisone", "stopped_on": "2026-03-11"}, {"drug": "prednisone", "dose_mg_per_day": 30})
    assert len(drugs(sent, kb, [])) == 2


@pytest.mark.parametrize(
    ("proposed", "running", "replaced"),
    [
        ("azathioprine", "Imuran", True),
        ("Wundermittel", "wundermittel", True),
        ("Wundermittel", "Anderes Mittel", False),
        ("metformin", "metformin", True),
        ("prednisolone", "prednisone", False),
        ("azathioprine", "mercaptopurine", False),
    ],
)
def test_a_proposed_drug_replaces_what_runs_of_the_same(
    proposed: str, running: str, replaced: bool, kb: KnowledgeBase
) -> None:
    (found,) = drugs(proposal({"drug": proposed, "dose_mg_per_day": 5}), kb, [{"drug": running}])
    assert bool(found.replaces) is replaced
    assert found.begins is not replaced
