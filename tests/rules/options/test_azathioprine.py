"""What a case file cannot say of azathioprine: what waits beside it, and until when."""

from typing import Any

import pytest

from app.clinical.option import Option
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from tests.builders import episode, labs


def combination(kb: KnowledgeBase, **changes: Any) -> Option:
    options = decide(episode(**changes), kb).options
    return next(option for option in options if option.id == "prednisone_azathioprine")


TOO_LIGHT: dict[str, Any] = {
    "patient": {"weight_kg": 49},
    "pharmacogenetics": {"tpmt": "intermediate", "nudt15": "intermediate"},
}


def test_a_dose_that_would_exceed_its_ceiling_is_left_to_a_specialist(kb: KnowledgeBase) -> None:
    option = combination(kb, **TOO_LIGHT)
    azathioprine = next(item for item in option.medications if item.drug == "azathioprine")
    assert (option.standing, option.specialist_dose) == ("conditional", True)
    assert azathioprine.dose_mg_per_day is None
    assert azathioprine.deferred_until == "a specialist has set the dose"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"patient": {"weight_kg": None}}, "WEIGHT_MISSING"),
        ({"labs": labs(bilirubin_total=None)}, "BILIRUBIN_MISSING"),
        ({"labs": labs(wbc=None)}, "BLOOD_COUNT_MISSING"),
        ({"labs": labs(neutrophils=None)}, "BLOOD_COUNT_MISSING"),
        ({"labs": labs(platelets=None)}, "BLOOD_COUNT_MISSING"),
        ({"pharmacogenetics": {"tpmt": "unknown"}, "prior_treatments": []}, "TPMT_MISSING"),
        ({"labs": labs(bilirubin_total=6)}, "BILIRUBIN_TOO_HIGH"),
    ],
)
def test_each_fact_that_azathioprine_waits_for_has_its_code(
    changes: dict[str, Any], code: str, kb: KnowledgeBase
) -> None:
    assert code in {condition.code for condition in combination(kb, **changes).conditions}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pharmacogenetics": {"tpmt": "poor"}}, "THIOPURINE_POOR_METABOLISER"),
        ({"labs": labs(wbc=2.4)}, "CYTOPENIA"),
        ({"labs": labs(neutrophils=0.9)}, "CYTOPENIA"),
        ({"labs": labs(platelets=49)}, "CYTOPENIA"),
        ({"prior_treatments": [{"drug": "azathioprine", "tolerated": False}]}, "AZATHIOPRINE_NOT_TOLERATED"),
    ],
)
def test_each_block_of_azathioprine_has_its_code(changes: dict[str, Any], code: str, kb: KnowledgeBase) -> None:
    assert code in {block.code for block in combination(kb, **changes).blocks}


def test_an_unknown_gene_is_a_condition_or_a_caution_and_never_both(kb: KnowledgeBase) -> None:
    unknown: dict[str, Any] = {"pharmacogenetics": {"tpmt": "unknown"}}
    naive, exposed = combination(kb, **unknown, prior_treatments=[]), combination(kb, **unknown)
    assert "TPMT_UNKNOWN" not in {caution.code for caution in naive.cautions}
    assert "TPMT_UNKNOWN" in {caution.code for caution in exposed.cautions}
    assert "TPMT_MISSING" not in {condition.code for condition in exposed.conditions}


def test_a_dose_without_a_weight_awaits_it_and_is_no_specialist_dose(kb: KnowledgeBase) -> None:
    option = combination(kb, patient={"weight_kg": None})
    assert "SPECIALIST_DOSE" not in {condition.code for condition in option.conditions}
    assert not option.specialist_dose


def test_without_any_list_of_drugs_nobody_is_known_to_have_taken_a_thiopurine(kb: KnowledgeBase) -> None:
    option = combination(kb, pharmacogenetics={"tpmt": "unknown"}, medications=None, prior_treatments=None)
    assert "TPMT_MISSING" in {condition.code for condition in option.conditions}
