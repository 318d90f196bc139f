from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.facts.faults import find_faults, find_lab_faults
from app.knowledge.base import KnowledgeBase
from tests.builders import DAY, episode, lab, labs


def faults(kb: KnowledgeBase, **changes: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in find_faults(episode(**changes), kb)]


def lab_faults(kb: KnowledgeBase, *rows: dict[str, Any]) -> list[tuple[str, str]]:
    return faults(kb, labs=list(rows))


def test_a_whole_episode_has_no_fault(kb: KnowledgeBase) -> None:
    assert faults(kb) == []


def test_an_episode_without_labs_site_or_tacrolimus_has_no_fault(kb: KnowledgeBase) -> None:
    assert faults(kb, labs=None, site=None, tacrolimus=None, medications=None) == []


@pytest.mark.parametrize("unit", ["mg/dL", "", " ", "U/L ", "U/L" * 100])
def test_a_refused_unit_names_the_accepted_ones(kb: KnowledgeBase, unit: str) -> None:
    (fault,) = find_faults(episode(labs=[lab("alt", 180, unit)]), kb)
    assert (fault.pointer, fault.code) == ("/labs/0/unit", "UNIT_NOT_ACCEPTED")
    assert "U/L" in fault.message
    assert "ukat/L" in fault.message


@pytest.mark.parametrize(
    ("value", "unit", "refused"),
    [
        (0.1, "mg/dL", False),
        (0.09, "mg/dL", True),
        (60, "mg/dL", False),
        (60.1, "mg/dL", True),
        (1026, "umol/L", False),
        (1027, "umol/L", True),
    ],
)
def test_a_value_is_plausible_up_to_both_ends_after_conversion(
    kb: KnowledgeBase, value: float, unit: str, refused: bool
) -> None:
    expected = [("/labs/0/value", "VALUE_IMPLAUSIBLE")] if refused else []
    assert lab_faults(kb, lab("bilirubin_total", value, unit)) == expected


@pytest.mark.parametrize(("upper", "refused"), [(0.09, True), (0.1, False), (60, False), (61, True)])
def test_an_upper_limit_is_plausible_like_a_value(kb: KnowledgeBase, upper: float, refused: bool) -> None:
    expected = [("/labs/0/upper_limit_normal", "LIMIT_IMPLAUSIBLE")] if refused else []
    assert lab_faults(kb, lab("bilirubin_total", 1, "mg/dL", upper_limit_normal=upper)) == expected


@pytest.mark.parametrize(("lower", "refused"), [(0, False), (60, False), (61, True)])
def test_a_lower_limit_may_be_zero(kb: KnowledgeBase, lower: float, refused: bool) -> None:
    expected = [("/labs/0/lower_limit_normal", "LIMIT_IMPLAUSIBLE")] if refused else []
    assert lab_faults(kb, lab("bilirubin_total", 1, "mg/dL", lower_limit_normal=lower)) == expected


@pytest.mark.parametrize(("lower", "refused"), [(3.4, False), (3.5, False), (3.6, True)])
def test_the_lower_limit_is_not_above_the_upper(kb: KnowledgeBase, lower: float, refused: bool) -> None:
    expected = [("/labs/0/lower_limit_normal", "LIMITS_REVERSED")] if refused else []
    assert lab_faults(kb, lab("albumin", 4, "g/dL", lower_limit_normal=lower, upper_limit_normal=3.5)) == expected


@pytest.mark.parametrize(
    ("collected_at", "refused"),
    [("2026-03-10T00:00:00Z", False), ("2026-03-10T23:59:59Z", False), ("2026-03-11T00:00:00Z", True)],
)
def test_a_result_of_the_plan_s_day_is_valid_whatever_the_hour(
    kb: KnowledgeBase, collected_at: str, refused: bool
) -> None:
    expected = [("/labs/0/collected_at", "COLLECTED_AFTER_AS_OF")] if refused else []
    assert lab_faults(kb, {**lab("alt", 90, "U/L"), "collected_at": collected_at}) == expected


def test_the_site_s_zone_decides_the_day_of_a_result(kb: KnowledgeBase) -> None:
    late = {**lab("alt", 90, "U/L"), "collected_at": "2026-03-10T23:30:00Z"}
    assert faults(kb, labs=[late], site={"time_zone": "Europe/Berlin"}) == [
        ("/labs/0/collected_at", "COLLECTED_AFTER_AS_OF")
    ]
    assert faults(kb, labs=[late], site={"time_zone": "America/New_York"}) == []


@pytest.mark.parametrize(
    ("measured_at", "refused"),
    [("2026-03-10T23:59:59Z", False), ("2026-03-11T00:00:00Z", True), ("2099-01-01T00:00:00Z", True)],
)
def test_vital_signs_are_not_measured_after_the_plan_s_day(kb: KnowledgeBase, measured_at: str, refused: bool) -> None:
    expected = [("/vitals/measured_at", "MEASURED_AFTER_AS_OF")] if refused else []
    assert faults(kb, vitals={"qtc_ms": 420, "measured_at": measured_at}) == expected


def test_the_site_s_zone_decides_the_day_of_vital_signs(kb: KnowledgeBase) -> None:
    late = {"measured_at": "2026-03-10T23:30:00Z"}
    assert len(faults(kb, vitals=late, site={"time_zone": "Europe/Berlin"})) == 1
    assert faults(kb, vitals=late, site={"time_zone": "America/New_York"}) == []


@pytest.mark.parametrize(("hour", "refused"), [("05", False), ("06", False), ("07", True)])
def test_the_last_dose_is_not_later_than_the_sample(kb: KnowledgeBase, hour: str, refused: bool) -> None:
    expected = [("/labs/0/last_dose_at", "DOSE_AFTER_SAMPLE")] if refused else []
    assert lab_faults(kb, lab("tacrolimus_level", 5, "ng/mL", last_dose_at=f"{DAY}T{hour}:00:00Z")) == expected


def test_every_fault_of_a_list_is_told_at_its_own_place(kb: KnowledgeBase) -> None:
    rows = [lab("alt", 90, "furlong"), lab("ast", 90, "U/L"), lab("inr", 99, "{INR}")]
    assert lab_faults(kb, *rows) == [("/labs/0/unit", "UNIT_NOT_ACCEPTED"), ("/labs/2/value", "VALUE_IMPLAUSIBLE")]


def test_the_order_of_results_does_not_matter(kb: KnowledgeBase) -> None:
    assert faults(kb, labs=[*labs(), *labs("2026-01-02"), *labs("2026-02-02")]) == []


WBC = lab("wbc", 2.4, "10*9/L")


@pytest.mark.parametrize(("other", "refused"), [(2.3, True), (2.4, False), (2.5, True)])
def test_two_values_of_one_sample_are_both_named_whatever_their_order(
    kb: KnowledgeBase, other: float, refused: bool
) -> None:
    rows = [WBC, lab("alt", 90, "U/L"), lab("wbc", other, "10*9/L")]
    expected = [("/labs/0", "RESULTS_CONTRADICT"), ("/labs/2", "RESULTS_CONTRADICT")] if refused else []
    assert lab_faults(kb, *rows) == expected
    assert lab_faults(kb, *reversed(rows)) == expected


@pytest.mark.parametrize(("second", "refused"), [("05:59:59", False), ("06:00:00", True), ("06:00:01", False)])
def test_another_instant_is_another_sample(kb: KnowledgeBase, second: str, refused: bool) -> None:
    other = {**lab("wbc", 5, "10*9/L"), "collected_at": f"{DAY}T{second}Z"}
    assert bool(lab_faults(kb, WBC, other)) is refused


def test_one_instant_may_be_written_in_two_zones(kb: KnowledgeBase) -> None:
    other = {**lab("wbc", 5, "10*9/L"), "collected_at": f"{DAY}T08:00:00+02:00"}
    assert len(lab_faults(kb, WBC, other)) == 2


def test_values_are_compared_after_conversion(kb: KnowledgeBase) -> None:
    grams = lab("albumin", 4.0, "g/dL")
    assert lab_faults(kb, grams, lab("albumin", 40, "g/L")) == []
    assert len(lab_faults(kb, grams, lab("albumin", 41, "g/L"))) == 2


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        ({"upper_limit_normal": 35}, {"upper_limit_normal": 35}, False),
        ({"upper_limit_normal": 35}, {}, False),
        ({"upper_limit_normal": 35}, {"upper_limit_normal": 40}, True),
        ({"lower_limit_normal": 5}, {"lower_limit_normal": 6}, True),
        ({"matrix": "whole_blood"}, {"matrix": "plasma"}, True),
        ({"last_dose_at": f"{DAY}T05:00:00Z"}, {"last_dose_at": f"{DAY}T04:00:00Z"}, True),
        ({"assay": "LC-MS/MS"}, {"assay": "immunoassay"}, False),
    ],
)
def test_what_is_read_from_a_sample_is_told_in_one_way(
    kb: KnowledgeBase, one: dict[str, Any], other: dict[str, Any], refused: bool
) -> None:
    rows = [lab("tacrolimus_level", 5, "ng/mL", **more) for more in (one, other)]
    assert lab_faults(kb, *rows) == ([(f"/labs/{index}", "RESULTS_CONTRADICT") for index in (0, 1)] if refused else [])


def test_a_result_that_contradicts_nobody_is_not_named(kb: KnowledgeBase) -> None:
    rows = [lab("alt", 90, "U/L", upper_limit_normal=limit) for limit in (35, 40)]
    assert lab_faults(kb, lab("alt", 90, "U/L"), *rows) == [
        ("/labs/1", "RESULTS_CONTRADICT"),
        ("/labs/2", "RESULTS_CONTRADICT"),
    ]


def test_a_refused_unit_contradicts_no_value(kb: KnowledgeBase) -> None:
    assert lab_faults(kb, lab("alt", 90, "U/L"), lab("alt", 80, "furlong")) == [("/labs/1/unit", "UNIT_NOT_ACCEPTED")]


def test_results_of_another_request_get_its_own_pointers(kb: KnowledgeBase) -> None:
    results = episode(labs=[lab("alt", 90, "furlong")]).labs or ()
    (fault,) = find_lab_faults(results, date(2026, 3, 10), ZoneInfo("UTC"), kb, "/results")
    assert fault.pointer == "/results/0/unit"


def test_an_unknown_time_zone_is_refused(kb: KnowledgeBase) -> None:
    assert faults(kb, site={"time_zone": "Mars/Olympus"}) == [("/site/time_zone", "TIME_ZONE_UNKNOWN")]


def test_strengths_are_accepted_for_the_drugs_of_the_service(kb: KnowledgeBase) -> None:
    assert faults(kb, site={"tablet_strengths": {"prednisone": [1, 5], "azathioprine": [50]}}) == []


def test_strengths_of_anything_else_are_refused_with_an_escaped_pointer(kb: KnowledgeBase) -> None:
    assert faults(kb, site={"tablet_strengths": {"a/b~c": [1]}}) == [("/site/tablet_strengths/a~1b~0c", "DRUG_UNKNOWN")]


@pytest.mark.parametrize(
    ("start_on", "code"),
    [
        ("2026-03-09", "START_BEFORE_AS_OF"),
        ("2026-03-10", None),
        ("2027-03-11", None),
        ("2027-03-12", "START_TOO_LATE"),
    ],
)
def test_treatment_starts_between_the_plan_s_day_and_a_year_later(
    kb: KnowledgeBase, start_on: str, code: str | None
) -> None:
    assert faults(kb, start_on=start_on) == ([("/start_on", code)] if code else [])


@pytest.mark.parametrize(("birth_date", "refused"), [("2026-03-10", False), ("2026-03-11", True)])
def test_nobody_is_born_after_the_plan_s_day(kb: KnowledgeBase, birth_date: str, refused: bool) -> None:
    expected = [("/patient/birth_date", "BIRTH_AFTER_AS_OF")] if refused else []
    assert faults(kb, patient={"age_years": None, "birth_date": birth_date}) == expected


@pytest.mark.parametrize(("started_on", "refused"), [("2025-11-10", False), ("2025-11-11", True)])
def test_tacrolimus_does_not_stop_before_it_started(kb: KnowledgeBase, started_on: str, refused: bool) -> None:
    expected = [("/tacrolimus/stopped_on", "STOPPED_BEFORE_STARTED")] if refused else []
    assert faults(kb, tacrolimus={"started_on": started_on}) == expected


@pytest.mark.parametrize(("taper_started_on", "refused"), [("2025-11-10", False), ("2025-11-11", True)])
def test_a_taper_does_not_begin_after_the_stop(kb: KnowledgeBase, taper_started_on: str, refused: bool) -> None:
    expected = [("/tacrolimus/taper_started_on", "TAPER_AFTER_STOP")] if refused else []
    assert faults(kb, tacrolimus={"taper_started_on": taper_started_on}) == expected


def test_a_medication_does_not_stop_before_it_started(kb: KnowledgeBase) -> None:
    medications = [
        {"drug": "prednisone", "started_on": "2026-03-01"},
        {"drug": "prednisone", "started_on": "2026-03-02", "stopped_on": "2026-03-02"},
        {"drug": "prednisone", "started_on": "2026-03-02", "stopped_on": "2026-03-01"},
    ]
    assert faults(kb, medications=medications) == [("/medications/2/stopped_on", "STOPPED_BEFORE_STARTED")]
