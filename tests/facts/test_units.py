from decimal import Decimal

import pytest

from app.facts.units import accepted_units, as_sent, canonical, unit_form
from app.knowledge.base import KnowledgeBase
from tests.builders import episode, lab


@pytest.mark.parametrize(
    ("analyte", "unit", "value", "expected"),
    [
        ("alt", "U/L", "160", "160"),
        ("alt", "IU/L", "160", "160"),
        ("alt", "ukat/L", "2", "120"),
        ("bilirubin_total", "umol/L", "17.104", "1"),
        ("creatinine", "umol/L", "88.4", "1"),
        ("albumin", "g/L", "38", "3.8"),
        ("platelets", "10*3/uL", "210", "210"),
        ("platelets", "K/uL", "210", "210"),
        ("tacrolimus_level", "ug/L", "6", "6"),
        ("hba1c", "mmol/mol", "53", "7.0004"),
    ],
)
def test_an_accepted_unit_converts_to_the_canonical_one(
    kb: KnowledgeBase, analyte: str, unit: str, value: str, expected: str
) -> None:
    form = unit_form(kb.analytes[analyte], unit)
    assert form is not None
    assert abs(canonical(Decimal(value), form) - Decimal(expected)) < Decimal("0.0001")


@pytest.mark.parametrize(
    ("analyte", "unit"), [("alt", "mg/dL"), ("alt", ""), ("sodium", "mg/dL"), ("inr", "INR units")]
)
def test_a_unit_off_the_list_is_not_guessed(kb: KnowledgeBase, analyte: str, unit: str) -> None:
    assert unit_form(kb.analytes[analyte], unit) is None


def test_the_canonical_unit_of_every_analyte_is_accepted_unchanged(kb: KnowledgeBase) -> None:
    for info in kb.analytes.values():
        form = unit_form(info, info.unit)
        assert form is not None
        assert canonical(Decimal("1.7"), form) == Decimal("1.7")


def test_accepted_units_are_named_by_their_codes(kb: KnowledgeBase) -> None:
    assert accepted_units(kb.analytes["alt"]) == ("U/L", "ukat/L")


@pytest.mark.parametrize(("value", "text"), [(100, "100 umol/L"), (17.1, "17.1 umol/L"), (0.00001, "0.00001 umol/L")])
def test_the_value_as_sent_is_kept_without_exponents(value: float, text: str) -> None:
    (result,) = episode(labs=[lab("bilirubin_total", value, "umol/L")]).labs or ()
    assert as_sent(result) == text
