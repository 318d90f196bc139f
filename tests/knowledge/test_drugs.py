"""Drugs: one row per word of the contract, codes, strengths, what gets a dose and what never does."""

from decimal import Decimal
from typing import get_args

import pytest

from app.clinical.vocabulary import Drug
from app.knowledge.base import KnowledgeBase

# drug, RxNorm ingredient, ATC, strengths in mg
TABLE = (
    ("prednisone", "8640", "H02AB07", ("1", "2.5", "5", "10", "20", "50")),
    ("prednisolone", "8638", "H02AB06", ("5",)),
    ("methylprednisolone", "6902", "H02AB04", ()),
    ("budesonide", "19831", "A07EA06", ("3",)),
    ("azathioprine", "1256", "L04AX01", ("25", "50", "75", "100")),
    ("tacrolimus", "42316", "L04AD02", ("0.5", "1", "5")),
    ("mycophenolate", "68149", "L04AA06", ("250", "500")),
    ("cyclosporine", "3008", "L04AD01", ("25", "50", "100")),
    ("methotrexate", "6851", "L04AX03", ("2.5",)),
    ("cyclophosphamide", "3002", "L01AA01", ("50",)),
    ("sirolimus", "35302", "L04AA10", ("0.5", "1", "2")),
)
NAMED_ONLY = {"methylprednisolone", "budesonide", "methotrexate", "cyclophosphamide", "sirolimus"}


def test_every_drug_of_the_contract_has_a_row_and_no_other_has(kb: KnowledgeBase) -> None:
    assert set(kb.drugs) == set(get_args(Drug)) == {row[0] for row in TABLE}


@pytest.mark.parametrize(("drug", "rxnorm", "atc", "strengths"), TABLE)
def test_codes_and_strengths_are_those_of_the_table(
    kb: KnowledgeBase, drug: str, rxnorm: str, atc: str, strengths: tuple[str, ...]
) -> None:
    row = kb.drugs[drug]
    assert (row.rxnorm, row.atc) == (rxnorm, atc)
    assert [strength.mg for strength in row.strengths] == [Decimal(mg) for mg in strengths]


def test_the_specialist_drugs_are_named_without_a_dose(kb: KnowledgeBase) -> None:
    assert {key for key, row in kb.drugs.items() if not row.dose_emitted} == NAMED_ONLY


def test_a_drug_that_gets_a_dose_has_strengths_to_make_it_from(kb: KnowledgeBase) -> None:
    assert all(row.strengths for row in kb.drugs.values() if row.dose_emitted)


def test_only_azathioprine_50_mg_is_scored(kb: KnowledgeBase) -> None:
    scored = [(key, strength.mg) for key, row in kb.drugs.items() for strength in row.strengths if strength.scored]
    assert scored == [("azathioprine", Decimal(50))]


def test_a_capsule_is_never_scored(kb: KnowledgeBase) -> None:
    capsules = [row for row in kb.drugs.values() if row.form == "capsule"]
    assert not any(strength.scored for row in capsules for strength in row.strengths)


def test_tacrolimus_is_the_immediate_release_capsule_every_twelve_hours(kb: KnowledgeBase) -> None:
    row = kb.drugs["tacrolimus"]
    assert row.form == "capsule"
    assert row.formulation.startswith("Immediate-release capsule, every 12 hours")


def test_methotrexate_is_weekly_and_never_daily(kb: KnowledgeBase) -> None:
    assert "once weekly" in kb.drugs["methotrexate"].formulation
    assert "never daily" in kb.drugs["methotrexate"].formulation


def test_cyclosporine_is_the_modified_product(kb: KnowledgeBase) -> None:
    assert "odified" in kb.drugs["cyclosporine"].formulation


def test_every_drug_with_a_boxed_warning_carries_it(kb: KnowledgeBase) -> None:
    without = {key for key, row in kb.drugs.items() if row.boxed_warning is None}
    assert without == {"prednisone", "prednisolone", "methylprednisolone", "budesonide", "cyclophosphamide"}
