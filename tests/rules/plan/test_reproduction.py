import pytest

from app.knowledge.base import KnowledgeBase
from app.rules.plan.reproduction import may_conceive
from tests.rules.plan.prepared import facts_of


@pytest.mark.parametrize(
    ("sex", "potential", "expected"),
    [
        ("female", None, True),
        ("unknown", None, True),
        ("male", None, False),
        ("male", True, True),
        ("female", False, False),
    ],
)
def test_potential_is_asked_apart_from_sex(kb: KnowledgeBase, sex: str, potential: bool | None, expected: bool) -> None:
    patient = {"sex": sex, "childbearing_potential": potential}
    assert may_conceive(facts_of(kb, patient=patient)) is expected
