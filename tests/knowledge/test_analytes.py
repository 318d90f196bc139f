"""Analytes: accepted units, conversions against reference values, plausible ranges, freshness, codes."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.vocabulary import Analyte
from app.facts.units import canonical, unit_form
from app.knowledge.base import KnowledgeBase
from tests.builders import labs

# Codes that public sources give for a tacrolimus level although they are something else.
WRONG_LOINC = ("4023-8", "35548-5")
# Codes whose name nobody confirmed in a LOINC release.
UNCONFIRMED_LOINC = ("32721-3", "53828-0", "3521-2")
RELATIVE_ERROR = Decimal("0.0001")

# analyte, value as sent, unit as sent, value in the canonical unit
CONVERSIONS = (
    ("alt", "1", "ukat/L", "60"),
    ("alt", "40", "IU/L", "40"),
    ("bilirubin_total", "17.104", "umol/L", "1"),
    ("bilirubin_total", "45", "µmol/L", "2.63096"),
    ("bilirubin_direct", "17.104", "μmol/L", "1"),
    ("albumin", "35", "g/L", "3.5"),
    ("inr", "1.5", "1", "1.5"),
    ("igg", "16", "g/L", "1600"),
    ("creatinine", "88.40", "umol/L", "1"),
    ("creatinine", "170", "umol/L", "1.92308"),
    ("sodium", "140", "mEq/L", "140"),
    ("magnesium", "0.4114", "mmol/L", "1"),
    ("magnesium", "2", "meq/L", "2.43072"),
    ("glucose", "5.551", "mmol/L", "100"),
    ("hba1c", "53", "mmol/mol", "7.00044"),
    ("hba1c", "39", "mmol/mol", "5.71972"),
    ("wbc", "6", "10*9/L", "6"),
    ("wbc", "6", "K/uL", "6"),
    ("wbc", "6", "x10E9/L", "6"),
    ("wbc", "6000", "/uL", "6"),
    ("haemoglobin", "135", "g/L", "13.5"),
    ("haemoglobin", "6.206", "mmol/L", "10"),
    ("crp", "1.2", "mg/dL", "12"),
    ("c3", "0.9", "g/L", "90"),
    ("c4", "0.1", "g/L", "10"),
    ("upcr", "56.55", "mg/mmol{creat}", "500"),
    ("upcr", "0.5", "g/g{creat}", "500"),
    ("protein_24h", "3500", "mg/(24.h)", "3.5"),
    ("acr", "3.393", "mg/mmol{creat}", "30"),
    ("tacrolimus_level", "6", "ug/L", "6"),
    ("tacrolimus_level", "6", "mcg/L", "6"),
    ("tacrolimus_level", "12.438", "nmol/L", "10"),
    ("cyclosporine_level", "83.15", "nmol/L", "100"),
    ("sirolimus_level", "10.939", "nmol/L", "10"),
    ("morning_cortisol", "275.9", "nmol/L", "10"),
)

# analyte, stable days, flare days (None: not set)
FRESHNESS = (
    ("alt", 14, 3),
    ("ast", 14, 3),
    ("alp", 30, 7),
    ("ggt", 30, None),
    ("bilirubin_total", 14, 3),
    ("albumin", 30, 7),
    ("inr", 14, 2),
    ("igg", 90, None),
    ("creatinine", 14, 3),
    ("sodium", 14, None),
    ("potassium", 7, 2),
    ("magnesium", 30, None),
    ("glucose", 7, None),
    ("hba1c", 90, None),
    ("wbc", 14, 7),
    ("neutrophils", 14, 7),
    ("lymphocytes", 14, 7),
    ("haemoglobin", 14, 7),
    ("platelets", 14, 7),
    ("crp", 7, None),
    ("esr", 30, None),
    ("c3", 90, None),
    ("c4", 90, None),
    ("anti_dsdna", 90, None),
    ("upcr", 30, 7),
    ("tacrolimus_level", 14, None),
    ("cyclosporine_level", 14, None),
    ("sirolimus_level", 14, None),
    ("creatine_kinase", 30, None),
    ("morning_cortisol", 30, None),
)


def test_every_analyte_of_the_contract_has_a_row_and_no_other_has(kb: KnowledgeBase) -> None:
    assert set(kb.analytes) == set(get_args(Analyte))


def test_the_canonical_unit_is_accepted_and_left_as_it_is(kb: KnowledgeBase) -> None:
    forms = {key: unit_form(info, info.unit) for key, info in kb.analytes.items()}
    assert {key for key, form in forms.items() if form is None or form.factor != 1 or form.offset != 0} == set()


def test_no_spelling_of_a_unit_stands_for_two_forms(kb: KnowledgeBase) -> None:
    spelled = {
        key: [text for form in info.units for text in (form.code, *form.synonyms)] for key, info in kb.analytes.items()
    }
    assert {key for key, texts in spelled.items() if len(texts) != len(set(texts))} == set()


@pytest.mark.parametrize(("analyte", "value", "unit", "expected"), CONVERSIONS)
def test_a_value_becomes_the_reference_value_in_the_canonical_unit(
    kb: KnowledgeBase, analyte: str, value: str, unit: str, expected: str
) -> None:
    form = unit_form(kb.analytes[analyte], unit)
    assert form is not None
    assert abs(canonical(Decimal(value), form) / Decimal(expected) - 1) < RELATIVE_ERROR


@pytest.mark.parametrize(("analyte", "value", "unit", "expected"), CONVERSIONS)
def test_a_reference_value_leads_back_to_the_value_that_was_sent(
    kb: KnowledgeBase, analyte: str, value: str, unit: str, expected: str
) -> None:
    form = unit_form(kb.analytes[analyte], unit)
    assert form is not None
    back = (Decimal(expected) - form.offset) / form.factor
    assert abs(back / Decimal(value) - 1) < RELATIVE_ERROR


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [
        ("bilirubin_total", "g/L"),
        ("creatinine", "mmol/L"),
        ("igg", "mmol/L"),
        ("tacrolimus_level", "mg/L"),
        ("upcr", "mg/dL"),
        ("anti_dsdna", "U/mL"),
        ("hbv_dna", "{log_IU}/mL"),
        ("alt", ""),
        ("alt", "u/l"),
    ],
)
def test_a_unit_that_is_not_listed_is_refused(kb: KnowledgeBase, analyte: str, unit: str) -> None:
    assert unit_form(kb.analytes[analyte], unit) is None


@given(st.decimals(min_value=0, max_value=100000, places=3), st.decimals(min_value=0, max_value=100000, places=3))
def test_conversion_never_turns_the_order_of_two_values(kb: KnowledgeBase, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    forms = [form for info in kb.analytes.values() for form in info.units]
    assert all(canonical(low, form) <= canonical(high, form) for form in forms)


def test_every_plausible_range_has_room(kb: KnowledgeBase) -> None:
    assert {key for key, row in kb.analytes.items() if not 0 <= row.plausible_low < row.plausible_high} == set()


@pytest.mark.parametrize(
    ("analyte", "low", "high"),
    [
        ("alt", "1", "20000"),
        ("bilirubin_total", "0.1", "60"),
        ("inr", "0.7", "15"),
        ("creatinine", "0.15", "25"),
        ("potassium", "1.5", "9"),
        ("igg", "50", "12000"),
        ("tacrolimus_level", "0.5", "100"),
        ("upcr", "0", "50000"),
    ],
)
def test_the_plausible_range_is_the_one_of_the_table(kb: KnowledgeBase, analyte: str, low: str, high: str) -> None:
    info = kb.analytes[analyte]
    assert (info.plausible_low, info.plausible_high) == (Decimal(low), Decimal(high))


def test_the_results_of_the_synthetic_patient_are_plausible(kb: KnowledgeBase) -> None:
    for result in labs():
        info = kb.analytes[result["analyte"]]
        form = unit_form(info, result["unit"])
        assert form is not None
        assert info.plausible_low <= canonical(Decimal(str(result["value"])), form) <= info.plausible_high


@pytest.mark.parametrize(("analyte", "stable", "flare"), FRESHNESS)
def test_freshness_is_the_one_of_the_table(kb: KnowledgeBase, analyte: str, stable: int, flare: int | None) -> None:
    assert (kb.analytes[analyte].stable_days, kb.analytes[analyte].flare_days) == (stable, flare)


def test_a_flare_never_allows_older_results_than_a_stable_course(kb: KnowledgeBase) -> None:
    limits = [(row.flare_days, row.stable_days) for row in kb.analytes.values()]
    assert all(stable is not None and (flare is None or flare < stable) for flare, stable in limits)


def test_a_freshness_that_is_borrowed_says_so(kb: KnowledgeBase) -> None:
    borrowed = ("bilirubin_direct", "protein_24h", "acr", "urine_rbc")
    assert all("freshness of its own" in (kb.analytes[key].note or "") for key in borrowed)


def test_a_code_stands_for_one_analyte_only(kb: KnowledgeBase) -> None:
    codes = [code for info in kb.analytes.values() for code in info.loinc]
    assert len(codes) == len(set(codes))


def test_wrong_and_unconfirmed_codes_are_absent(kb: KnowledgeBase) -> None:
    codes = {code for info in kb.analytes.values() for code in info.loinc}
    assert codes.isdisjoint((*WRONG_LOINC, *UNCONFIRMED_LOINC))


def test_every_code_carries_its_own_check_digit(kb: KnowledgeBase) -> None:
    codes = [code for info in kb.analytes.values() for code in info.loinc]
    assert [code for code in codes if not _check_digit_holds(code)] == []


def _check_digit_holds(code: str) -> bool:
    """LOINC uses the Luhn (mod 10) check digit."""
    digits, check = code.split("-")
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return (10 - sum(number // 10 + number % 10 for number in doubled) % 10) % 10 == int(check)
