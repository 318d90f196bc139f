"""Proposals that contradict themselves are refused with their place."""

import json
from typing import Any

import pytest

from app.clinical.critique import Proposal
from app.facts.proposal_faults import find_proposal_faults


def faults(*days: str, ends_on: str | None = None) -> list[tuple[str, str]]:
    steps = [{"starts_on": day, "doses": {"tacrolimus": 2}} for day in days]
    sent: dict[str, Any] = {"medications": [], "taper": {"steps": steps, "ends_on": ends_on}}
    found = find_proposal_faults(Proposal.model_validate_json(json.dumps(sent)))
    return [(fault.pointer, fault.code) for fault in found]


def test_a_proposal_without_a_taper_has_no_fault() -> None:
    assert find_proposal_faults(Proposal(medications=())) == ()


@pytest.mark.parametrize("second", ["2026-03-09", "2026-03-10"])
def test_steps_come_in_the_order_of_their_days(second: str) -> None:
    assert faults("2026-03-10", second) == [("/taper/steps/1/starts_on", "STEPS_NOT_IN_ORDER")]
    assert faults("2026-03-10", "2026-03-11") == []


def test_a_taper_ends_after_its_last_step_began() -> None:
    assert faults("2026-03-10", ends_on="2026-03-10") == [("/taper/ends_on", "ENDS_BEFORE_LAST_STEP")]
    assert faults("2026-03-10", ends_on="2026-03-11") == []
