"""Ten whole patients and the plans they get. A plan that changes is read by a clinician before it is kept anew.

REWRITE_GOLDEN=1 keeps the plans of today; the changelog then has to name every plan that changed, and why.
"""

import json
import os
from pathlib import Path

import pytest

from app.clinical.episode import Episode
from app.facts.faults import find_faults
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from app.planning.document import write_document
from tests.golden.pages import NAMES, changes, mention, page, pretty, read, write

_CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
_DISPOSITIONS = {"plan", "refer", "emergency", "insufficient_data"}


def page_of(name: str, kb: KnowledgeBase) -> str:
    """Return the plan of a golden patient, written down."""
    patient = Episode.model_validate_json(read("patients", name))
    return pretty(page(json.loads(write_document(decide(patient, kb)).json))) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_patient_gets_the_plan_that_was_read(name: str, kb: KnowledgeBase) -> None:
    found = page_of(name, kb)
    if "REWRITE_GOLDEN" in os.environ:
        write(name, found)
    expected = read("plans", name)
    if found != expected:
        places = changes(json.loads(expected), json.loads(found)) or ["the same facts in another order"]
        pytest.fail("\n".join([f"the plan of {name} changed:", *places]), pytrace=False)


@pytest.mark.parametrize("name", NAMES)
def test_the_service_would_accept_a_golden_patient(name: str, kb: KnowledgeBase) -> None:
    assert find_faults(Episode.model_validate_json(read("patients", name)), kb) == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_changelog_names_a_golden_plan_as_it_is_now(name: str) -> None:
    line = mention(name)
    if line not in _CHANGELOG.read_text(encoding="utf-8"):
        pytest.fail(f'CHANGELOG.md does not say "{line}" under "Golden plans", and why it changed', pytrace=False)


def test_the_golden_patients_meet_every_disposition_and_every_rank_of_severity() -> None:
    plans = [json.loads(read("plans", name)) for name in NAMES]
    assert len(plans) == 10
    assert {plan["disposition"] for plan in plans} == _DISPOSITIONS
    assert {plan["severity"]["tier"] for plan in plans} >= {"T0", "T2", "T4", "T5", "unknown"}


def test_a_change_is_named_by_its_path() -> None:
    old = {"options": [{"id": "third_line", "rank": 1}, {"id": "add_mycophenolate", "rank": 2}], "alerts": []}
    new = {"options": [{"id": "add_mycophenolate", "rank": 3}], "alerts": []}
    assert changes(old, new) == [
        'options[third_line] removed: {"id": "third_line", "rank": 1} -> null',
        "options[add_mycophenolate].rank changed: 2 -> 3",
    ]
    assert changes(old, old) == []
