from typing import get_args

import pytest

from app.clinical.vocabulary import ConditionCode
from app.knowledge.base import KnowledgeBase
from app.rules.plan.condition_policy import condition_policy
from tests.rules.plan.prepared import facts_of

OTHERS = [code for code in get_args(ConditionCode) if code != "autoimmune_hepatitis"]


def test_hepatitis_is_dosed_and_needs_no_policy(kb: KnowledgeBase) -> None:
    assert condition_policy(facts_of(kb), kb) is None


@pytest.mark.parametrize("code", OTHERS)
def test_every_other_condition_shows_what_is_known_of_it(kb: KnowledgeBase, code: ConditionCode) -> None:
    policy = condition_policy(facts_of(kb, condition={"code": code}), kb)
    assert policy is not None
    assert policy.code == code
    assert policy.specialist_text == kb.conditions[code].specialist_text
    assert set(policy.citations) <= set(kb.citations)
