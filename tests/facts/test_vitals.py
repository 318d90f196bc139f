"""How long vital signs count."""

import pytest

from app.facts.vitals import stale_vitals
from app.knowledge.base import KnowledgeBase
from tests.builders import episode

ALL = {"temperature_c": 37, "systolic_bp": 130, "diastolic_bp": 80, "qtc_ms": 420}
PRESSURE_AND_HEART = {"systolic_bp", "diastolic_bp", "qtc_ms"}


@pytest.mark.parametrize(
    ("measured_on", "stale"),
    [
        ("2026-03-10", set()),
        ("2026-03-08", set()),
        ("2026-03-07", {"temperature_c"}),
        ("2025-12-10", {"temperature_c"}),
        ("2025-12-09", {"temperature_c", *PRESSURE_AND_HEART}),
    ],
)
def test_each_vital_sign_has_its_window(kb: KnowledgeBase, measured_on: str, stale: set[str]) -> None:
    patient = episode(vitals={**ALL, "measured_at": f"{measured_on}T06:00:00Z"})
    assert stale_vitals(patient, kb) == stale


def test_what_was_not_measured_is_not_old(kb: KnowledgeBase) -> None:
    assert stale_vitals(episode(vitals={"qtc_ms": 420, "measured_at": "2020-01-01T06:00:00Z"}), kb) == {"qtc_ms"}


def test_without_an_instant_vital_signs_count_as_of_the_plan_s_day(kb: KnowledgeBase) -> None:
    assert stale_vitals(episode(vitals=ALL), kb) == stale_vitals(episode(vitals=None), kb) == frozenset()


def test_the_site_s_zone_decides_the_day(kb: KnowledgeBase) -> None:
    vitals = {"qtc_ms": 420, "measured_at": "2025-12-09T23:30:00Z"}
    assert stale_vitals(episode(vitals=vitals), kb) == {"qtc_ms"}
    assert stale_vitals(episode(vitals=vitals, site={"time_zone": "Europe/Berlin"}), kb) == frozenset()
