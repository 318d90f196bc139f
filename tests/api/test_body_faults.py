"""Faults are told with place, code and what is accepted, and never with what was sent."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.api.body_faults import LONGEST_TOKEN, MOST_FAULTS, field_errors, pointer
from app.api.problems import FieldError
from app.clinical.episode import Episode
from tests.builders import body, lab

MARK = "SECRETVALUE"
ZONELESS = lab("alt", 1, "U/L", collected_at="2026-03-10T06:00:00")
LAST_DOSE = "/tacrolimus/last_dose_mg_per_day"


def faults_of(**changes: Any) -> tuple[FieldError, ...]:
    """Return the faults of an episode that differs from a good one."""
    with pytest.raises(ValidationError) as raised:
        Episode.model_validate_json(json.dumps(body(**changes)))
    return field_errors(raised.value.errors())


@pytest.mark.parametrize(
    ("changes", "at", "code", "accepted"),
    [
        ({"patient": {"sex": MARK}}, "/patient/sex", "NOT_IN_LIST", "'female', 'male' or 'unknown'"),
        ({"patient": {"surname": MARK}}, "/patient/surname", "UNKNOWN_PROPERTY", "no such property"),
        ({"patient": {"weight_kg": 24.9}}, "/patient/weight_kg", "OUT_OF_RANGE", "at least 25 kg"),
        ({"patient": {"weight_kg": 350.1}}, "/patient/weight_kg", "OUT_OF_RANGE", "at most 350 kg"),
        ({"patient": {"weight_kg": "80"}}, "/patient/weight_kg", "WRONG_TYPE", "JSON number"),
        ({"patient": {"weight_kg": ""}}, "/patient/weight_kg", "WRONG_TYPE", "JSON number"),
        ({"patient": {"weight_kg": False}}, "/patient/weight_kg", "WRONG_TYPE", "JSON number"),
        ({"patient": {"age_years": 52.5}}, "/patient/age_years", "WRONG_TYPE", "whole number"),
        ({"patient": {"breastfeeding": 0}}, "/patient/breastfeeding", "WRONG_TYPE", "boolean"),
        ({"patient": {"reference": 7}}, "/patient/reference", "WRONG_TYPE", "text"),
        ({"patient": {"reference": ""}}, "/patient/reference", "WRONG_LENGTH", "At least 1"),
        ({"patient": {"reference": MARK * 9}}, "/patient/reference", "WRONG_LENGTH", "At most 64"),
        ({"patient": {"reference": f"{MARK}\0"}}, "/patient/reference", "WRONG_FORM", "pattern"),
        ({"patient": {"reference": None}}, "/patient/reference", "MISSING", "required"),
        ({"patient": {"birth_date": "1974-02-11"}}, "/patient", "WRONG_FORM", "exactly one of"),
        ({"as_of": "10.03.2026"}, "/as_of", "WRONG_FORM", "YYYY-MM-DD"),
        ({"labs": [ZONELESS]}, "/labs/0/collected_at", "WRONG_FORM", "time zone"),
        ({"labs": [lab(MARK, 1, "U/L")]}, "/labs/0/analyte", "NOT_IN_LIST", "'alt'"),
        ({"labs": [{"analyte": "alt", "value": 1}]}, "/labs/0/unit", "MISSING", "GET /v1/knowledge/analytes"),
        ({"labs": {}}, "/labs", "WRONG_TYPE", "list"),
        ({"comorbidities": ["gout"] * 51}, "/comorbidities", "WRONG_LENGTH", "At most 50"),
        ({"site": {"tablet_strengths": {"a/b": [0]}}}, "/site/tablet_strengths/a~1b/0", "OUT_OF_RANGE", "above 0"),
        ({"site": {"tablet_strengths": []}}, "/site/tablet_strengths", "WRONG_TYPE", "object"),
        ({"tacrolimus": []}, "/tacrolimus", "WRONG_TYPE", "object"),
        ({"vitals": {"temperature_c": 46}}, "/vitals/temperature_c", "OUT_OF_RANGE", "at most 45 Cel"),
        ({"tacrolimus": {"last_dose_mg_per_day": -1}}, LAST_DOSE, "OUT_OF_RANGE", "at least 0 mg/d"),
    ],
)  # fmt: skip
def test_a_fault_says_where_it_is_and_what_is_accepted(
    changes: dict[str, Any], at: str, code: str, accepted: str
) -> None:
    fault = next(fault for fault in faults_of(**changes) if fault.pointer == at)
    assert fault.code == code
    assert accepted in fault.message
    assert MARK not in fault.message


def test_an_empty_dictionary_of_doses_names_the_least_size() -> None:
    (fault,) = field_errors([{"type": "too_short", "loc": ("drug_doses",), "ctx": {"min_length": 1}, "msg": ""}])
    assert fault.message == "At least 1 entries."


def test_a_fault_of_an_unforeseen_kind_tells_nothing_of_the_value() -> None:
    (fault,) = field_errors([{"type": "unforeseen", "loc": ("labs", 0), "msg": MARK, "ctx": {"error": MARK}}])
    assert fault == FieldError(
        pointer="/labs/0", code="NOT_ACCEPTED", message="This value is not accepted here; see the published schema."
    )


def test_a_pointer_escapes_tilde_and_slash_and_counts_from_zero() -> None:
    assert pointer(("a/b", "c~d", 0)) == "/a~1b/c~0d/0"


def test_a_pointer_to_the_whole_document_is_empty() -> None:
    assert pointer(()) == ""


def test_a_pointer_to_a_key_is_the_pointer_to_its_entry() -> None:
    assert pointer(("doses", "prednisone", "[key]")) == "/doses/prednisone"


def test_a_property_name_of_the_caller_is_cut() -> None:
    assert pointer(("x" * 500,)) == "/" + "x" * LONGEST_TOKEN


def test_a_body_with_many_faults_gets_a_bounded_answer() -> None:
    unknown = {f"property_{number}": 1 for number in range(500)}
    assert len(faults_of(**unknown)) == MOST_FAULTS
