"""What an infection means for a steroid that is already taken."""

from typing import Any

import pytest

from app.clinical.progress import Course
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.rules.infection import never_stopped
from tests.builders import episode
from tests.treatment import COMBINATION, following


def said(kb: KnowledgeBase, course: Course | None, *medications: dict[str, Any]) -> str:
    return never_stopped(prepare_facts(episode(medications=list(medications)), kb, course))


@pytest.mark.parametrize(("dose", "named"), [(12.5, "prednisone 12.5 mg/d"), (None, "prednisone, dose not known")])
def test_the_steroid_of_the_medication_list_is_named_with_its_dose(
    dose: float | None, named: str, kb: KnowledgeBase
) -> None:
    taken = {"drug": "prednisone", "dose_mg_per_day": dose}
    expected = f"already being taken ({named}) are never stopped abruptly because of it"
    assert said(kb, None, taken) == said(kb, Course(), taken) == expected


def test_under_a_schedule_the_dose_of_the_list_is_one_of_the_past(kb: KnowledgeBase) -> None:
    scheduled = Course(following=following(*COMBINATION))
    bare = "already being taken are never stopped abruptly because of it"
    assert said(kb, scheduled, {"drug": "prednisone", "dose_mg_per_day": 12.5}) == said(kb, None) == bare
