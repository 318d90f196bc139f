from typing import Any

from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from tests.builders import episode

ALLOPURINOL = [{"drug": "allopurinol"}]
PREDNISONE_ALLERGY = [{"drug": "prednisone"}]


def headline(kb: KnowledgeBase, **changes: Any) -> str:
    return decide(episode(**changes), kb).headline


def test_where_everything_is_blocked_the_first_block_is_named(kb: KnowledgeBase) -> None:
    intolerant = [{"drug": "mycophenolate", "tolerated": False}]
    found = headline(kb, medications=ALLOPURINOL, allergies=PREDNISONE_ALLERGY, prior_treatments=intolerant)
    assert found.startswith("Nothing is recommended. Prednisone with azathioprine is blocked: A hypersensitivity")
    assert "allopurinol" in found
    assert "left to choose" not in found


def test_what_is_left_beside_the_blocked_options_is_named(kb: KnowledgeBase) -> None:
    found = headline(kb, medications=ALLOPURINOL, allergies=PREDNISONE_ALLERGY)
    assert "What is left to choose: " in found
    assert "mycophenolate" in found


def test_in_remission_nothing_is_indicated_whatever_a_drug_would_be_blocked_by(kb: KnowledgeBase) -> None:
    found = headline(kb, condition={"context": "in_remission"}, medications=ALLOPURINOL)
    assert found.startswith("No treatment option is indicated")
