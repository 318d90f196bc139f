from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.facts.labs import Labs, read_labs
from app.knowledge.base import KnowledgeBase
from tests.builders import DAY, episode, lab

UTC = ZoneInfo("UTC")
AS_OF = date.fromisoformat(DAY)


def read(kb: KnowledgeBase, *rows: dict[str, Any], zone: ZoneInfo = UTC) -> Labs:
    return read_labs(episode(labs=list(rows)).labs or (), AS_OF, zone, kb)


def test_a_current_result_is_known_in_the_canonical_unit_and_as_sent(kb: KnowledgeBase) -> None:
    fact = read(kb, lab("albumin", 38, "g/L", lower_limit_normal=35, upper_limit_normal=50)).facts["albumin"]
    assert (fact.status, fact.value, fact.unit) == ("known", Decimal("3.8"), "g/dL")
    assert (fact.lower_limit, fact.upper_limit) == (Decimal("3.5"), Decimal(5))
    assert (fact.collected_on, fact.age_days, fact.as_sent) == (AS_OF, 0, "38 g/L")


def test_every_analyte_has_a_fact_and_a_series(kb: KnowledgeBase) -> None:
    labs = read(kb)
    assert set(labs.facts) == set(labs.series) == set(kb.analytes)
    assert {fact.status for fact in labs.facts.values()} == {"absent"}
    assert set(labs.series.values()) == {()}


def test_reading_one_patient_leaves_nothing_behind_for_the_next(kb: KnowledgeBase) -> None:
    read(kb, lab("alt", 160, "U/L"))
    assert not read(kb).facts["alt"].known
    assert read(kb).series["alt"] == ()


@pytest.mark.parametrize(("day", "status"), [("2026-02-24", "known"), ("2026-02-23", "stale")])
def test_a_stale_result_counts_as_unknown(kb: KnowledgeBase, day: str, status: str) -> None:
    fact = read(kb, lab("alt", 160, "U/L", day, upper_limit_normal=40)).facts["alt"]
    assert fact.status == status
    assert fact.known is (status == "known")
    assert (fact.x_uln is None) is (fact.above_uln is None) is (status == "stale")
    assert fact.as_sent == "160 U/L"


def test_a_result_without_its_limit_has_a_value_but_no_multiple(kb: KnowledgeBase) -> None:
    fact = read(kb, lab("alt", 160, "U/L")).facts["alt"]
    assert (fact.value, fact.x_uln, fact.above_uln) == (Decimal(160), None, None)


def test_a_multiple_does_not_depend_on_the_unit(kb: KnowledgeBase) -> None:
    fact = read(kb, lab("alt", 1.75, "ukat/L", upper_limit_normal=0.5)).facts["alt"]
    assert fact.x_uln == Decimal("3.5")


@pytest.mark.parametrize("days", list(permutations((2, 5, 9))))
def test_the_latest_result_wins_whatever_the_order(kb: KnowledgeBase, days: tuple[int, ...]) -> None:
    labs = read(kb, *(lab("alt", day, "U/L", f"2026-03-{day:02d}") for day in days))
    assert labs.facts["alt"].value == Decimal(9)
    assert [point.value for point in labs.series["alt"]] == [Decimal(2), Decimal(5), Decimal(9)]


def test_a_sample_that_was_sent_twice_is_one_result_and_the_one_that_says_most(kb: KnowledgeBase) -> None:
    rows = [lab("alt", 100, "U/L", upper_limit_normal=40), lab("alt", 100, "U/L")]
    for order in (rows, rows[::-1]):
        labs = read(kb, *order)
        assert labs.facts["alt"].x_uln == Decimal("2.5")
        assert len(labs.series["alt"]) == 1


def test_of_a_kept_sample_with_two_values_the_later_in_the_list_wins(kb: KnowledgeBase) -> None:
    assert read(kb, lab("alt", 100, "U/L"), lab("alt", 90, "U/L")).facts["alt"].value == Decimal(90)


def test_an_instant_is_compared_across_time_zones(kb: KnowledgeBase) -> None:
    later = {**lab("alt", 90, "U/L"), "collected_at": f"{DAY}T07:00:00+02:00"}
    assert read(kb, later, lab("alt", 100, "U/L")).facts["alt"].value == Decimal(100)


def test_the_series_keeps_stale_results_and_counts_hours_from_the_first(kb: KnowledgeBase) -> None:
    series = read(kb, lab("inr", 1.1, "{INR}", "2026-02-10"), lab("inr", 1.5, "{INR}", "2026-02-17")).series["inr"]
    assert [point.hours for point in series] == [Decimal(0), Decimal(168)]
    assert series[0].collected_on == date(2026, 2, 10)


def test_the_site_s_day_decides_the_age(kb: KnowledgeBase) -> None:
    late = {**lab("alt", 90, "U/L"), "collected_at": "2026-02-23T23:30:00Z"}
    assert read(kb, late).facts["alt"].status == "stale"
    assert read(kb, late, zone=ZoneInfo("Europe/Berlin")).facts["alt"].status == "known"


def test_a_result_can_be_current_and_yet_old_for_a_flare(kb: KnowledgeBase) -> None:
    fact = read(kb, lab("alt", 90, "U/L", "2026-03-06")).facts["alt"]
    assert fact.known
    assert fact.old_for_flare


def test_a_drug_level_keeps_matrix_assay_and_the_hours_since_the_dose(kb: KnowledgeBase) -> None:
    level = lab(
        "tacrolimus_level", 5.5, "ng/mL", matrix="whole_blood", assay="LC-MS/MS", last_dose_at="2026-03-09T17:30:00Z"
    )
    fact = read(kb, level).facts["tacrolimus_level"]
    assert (fact.matrix, fact.assay, fact.hours_since_dose) == ("whole_blood", "LC-MS/MS", Decimal("12.5"))


def test_a_level_without_a_dose_time_says_nothing_of_hours(kb: KnowledgeBase) -> None:
    assert read(kb, lab("tacrolimus_level", 5.5, "ng/mL")).facts["tacrolimus_level"].hours_since_dose is None


def test_a_unit_that_was_to_be_refused_before_is_never_guessed(kb: KnowledgeBase) -> None:
    with pytest.raises(ValueError, match="mg/dL is not a unit of alt"):
        read(kb, lab("alt", 90, "mg/dL"))
