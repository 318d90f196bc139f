from datetime import date
from decimal import Decimal

import pytest

from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from tests.builders import episode, labs


def test_a_whole_episode_becomes_facts(kb: KnowledgeBase) -> None:
    facts = prepare_facts(episode(start_on="2026-03-12"), kb)
    assert (facts.as_of, facts.start_on, facts.age) == (date(2026, 3, 10), date(2026, 3, 12), 52)
    assert facts.lab("alt") == Decimal(160)
    assert facts.meld_highest == 6
    assert (facts.severity.tier, facts.severity.severe) == ("T2", False)
    assert (facts.encephalopathy, facts.ascites, facts.variceal_bleed, facts.fever) == (False, False, False, False)
    assert (facts.refractory, facts.may_be_pregnant) == (False, False)
    assert facts.withdrawal is not None


def test_an_episode_that_says_nothing_becomes_unknown_facts(kb: KnowledgeBase) -> None:
    bare = episode(
        patient={"sex": "unknown", "weight_kg": None, "childbearing_potential": None},
        condition={
            "context": None,
            "cirrhosis": None,
            "ascites": None,
            "encephalopathy_grade": None,
            "variceal_bleed": None,
        },
        flare=None,
        tacrolimus=None,
        labs=None,
        medications=None,
        allergies=None,
        prior_treatments=None,
    )
    facts = prepare_facts(bare, kb)
    assert not any(lab.known for lab in facts.labs.values())
    assert (facts.severity.tier, facts.severity.severe, facts.meld_highest) == ("unknown", None, None)
    assert {facts.encephalopathy, facts.ascites, facts.variceal_bleed, facts.fever} == {None}
    assert (facts.refractory, facts.may_be_pregnant, facts.withdrawal, facts.medicines.running) == (None,) * 4
    assert not any(score.interpretable for score in facts.scores.values())


def test_the_order_of_the_results_changes_nothing(kb: KnowledgeBase) -> None:
    rows = [*labs(), *labs("2026-03-05"), *labs("2026-02-20")]
    facts = prepare_facts(episode(labs=rows), kb)
    again = prepare_facts(episode(labs=sorted(rows, key=lambda row: str(row["value"]))), kb)
    assert (facts.labs, facts.series, facts.scores) == (again.labs, again.series, again.scores)


def test_the_same_episode_gives_the_same_facts(kb: KnowledgeBase) -> None:
    assert prepare_facts(episode(), kb) == prepare_facts(episode(), kb)


def test_unresolved_dates_are_refused(kb: KnowledgeBase) -> None:
    with pytest.raises(ValueError, match="not resolved"):
        prepare_facts(episode(as_of=None), kb)


@pytest.mark.parametrize("seed", range(3))
def test_unknown_drugs_are_never_lost(kb: KnowledgeBase, seed: int) -> None:
    names = [f"Zorbatrix {number}" for number in range(seed + 1)]
    facts = prepare_facts(episode(medications=[{"drug": name} for name in names]), kb)
    assert list(facts.medicines.unscreened) == names
