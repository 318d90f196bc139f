from collections.abc import Mapping
from typing import get_args

import pytest

from app.clinical.option import Option
from app.clinical.vocabulary import OptionId, Standing
from app.knowledge.base import KnowledgeBase
from app.rules.plan.escalation import escalation
from tests.rules.plan.prepared import facts_of, option

LADDER = ["add_mycophenolate", "tacrolimus_restart", "switch_cyclosporine", "third_line"]


def arranged(standings: Mapping[str, Standing]) -> list[Option]:
    return [option(option_id, standings.get(option_id, "alternative")) for option_id in get_args(OptionId)]


def rungs(kb: KnowledgeBase, options: list[Option]) -> list[str]:
    return [rung.option_id for rung in escalation(facts_of(kb), kb, options)]


def test_the_ladder_has_a_second_and_a_third_line(kb: KnowledgeBase) -> None:
    ladder = escalation(facts_of(kb), kb, arranged({}))
    assert [rung.option_id for rung in ladder] == LADDER
    assert [rung.line for rung in ladder] == ["second", "second", "second", "third"]
    assert {"S40", "S17", "S41", "S42"} <= {cite for rung in ladder for cite in rung.citations}
    assert all("P-second-line" in rung.citations for rung in ladder)


@pytest.mark.parametrize("option_id", LADDER[:3])
@pytest.mark.parametrize("standing", ["blocked", "recommended"])
def test_a_blocked_or_already_recommended_option_is_no_rung(
    kb: KnowledgeBase, option_id: str, standing: Standing
) -> None:
    assert rungs(kb, arranged({option_id: standing})) == [rung for rung in LADDER if rung != option_id]


@pytest.mark.parametrize("option_id", ["add_mycophenolate", "switch_cyclosporine", "third_line"])
def test_what_is_not_indicated_today_may_come_after_a_failure(kb: KnowledgeBase, option_id: str) -> None:
    assert option_id in rungs(kb, arranged({option_id: "not_indicated"}))


def test_tacrolimus_that_did_not_work_does_not_come_back_after_a_failure(kb: KnowledgeBase) -> None:
    assert "tacrolimus_restart" not in rungs(kb, arranged({"tacrolimus_restart": "not_indicated"}))


def test_without_options_there_is_no_ladder(kb: KnowledgeBase) -> None:
    assert rungs(kb, []) == []


def test_in_remission_there_is_no_ladder(kb: KnowledgeBase) -> None:
    facts = facts_of(kb, condition={"context": "in_remission"})
    assert escalation(facts, kb, arranged({})) == ()
