"""What is running although it must not: also where only the treatment that is followed tells that it is."""

from typing import Any

import pytest

from app.clinical.progress import Course
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from tests.builders import episode, labs
from tests.treatment import following

PREGNANT: dict[str, Any] = {"sex": "female", "pregnancy": "pregnant"}


def texts(kb: KnowledgeBase, option: str, rule: str, **changes: Any) -> list[str]:
    course = Course(following=following(option_id=option))
    alerts = decide(episode(**changes), kb, course).alerts
    return [alert.text for alert in alerts if alert.rule == rule]


@pytest.mark.parametrize(("option", "told"), [("add_mycophenolate", 1), ("tacrolimus_restart", 0)])
def test_a_pregnancy_under_mycophenolate_is_told_without_a_medication_list(
    kb: KnowledgeBase, option: str, told: int
) -> None:
    assert len(texts(kb, option, "teratogen_running", patient=PREGNANT)) == told


def test_a_teratogen_that_is_followed_and_listed_is_named_once(kb: KnowledgeBase) -> None:
    (text,) = texts(
        kb, "add_mycophenolate", "teratogen_running", patient=PREGNANT, medications=[{"drug": "mycophenolate"}]
    )
    assert text.count("mycophenolate") == 1


@pytest.mark.parametrize(
    ("option", "drug", "values"),
    [
        ("tacrolimus_restart", "tacrolimus", {"potassium": 6.0}),
        ("switch_cyclosporine", "cyclosporine", {"potassium": 6.0}),
        ("add_mycophenolate", "mycophenolate", {"neutrophils": 1.2}),
    ],
)
def test_a_listed_drug_is_told_as_running_only_where_it_is_not_the_treatment_itself(
    kb: KnowledgeBase, option: str, drug: str, values: dict[str, Any]
) -> None:
    changes: dict[str, Any] = {"medications": [{"drug": drug}], "labs": labs(**values)}
    assert texts(kb, option, "running_drug_unsafe", **changes) == []
    assert len(texts(kb, "prednisone_monotherapy", "running_drug_unsafe", **changes)) == 1
