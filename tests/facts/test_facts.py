from decimal import Decimal

from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from tests.builders import episode


def test_weight_and_disease_are_read_from_the_episode(kb: KnowledgeBase) -> None:
    facts = prepare_facts(episode(patient={"weight_kg": 58}), kb)
    assert (facts.weight, facts.hepatitis) == (Decimal(58), True)
    assert not prepare_facts(episode(condition={"code": "uveitis"}), kb).hepatitis


def test_a_finding_is_present_absent_or_unknown(kb: KnowledgeBase) -> None:
    facts = prepare_facts(episode(flare={"findings": ["tremor"]}), kb)
    assert facts.findings == frozenset({"tremor"})
    assert (facts.finding("tremor"), facts.finding("seizure")) == (True, False)
    for flare in (None, {"findings": None}):
        unknown = prepare_facts(episode(flare=flare), kb)
        assert (unknown.findings, unknown.finding("tremor")) == (None, None)


def test_partners_of_a_drug_are_the_other_medications(kb: KnowledgeBase) -> None:
    rows = [{"drug": "Prograf"}, {"drug": "Neoral"}, {"drug": "warfarin"}]
    medicines = prepare_facts(episode(medications=rows), kb).medicines
    assert medicines.partners("tacrolimus", "calcineurin_inhibitor") == ("Neoral",)
    assert medicines.partners("tacrolimus", "cyclosporine") == ("Neoral",)
    assert medicines.partners("tacrolimus", "nsaid") == ()
