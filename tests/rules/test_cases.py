"""Every rule is shown firing and shown silent: the case files beside this test, one per rule, read by clinicians.

A case changes the whole synthetic patient of `tests.builders` and says whether the rule fires. A rule fires when the
plan holds a remark that carries its id, or, where its answer has no such remark, when `look` (JMESPath into the plan)
finds something. A case with a `proposal` looks at the critique of that proposal instead of the plan.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jmespath
import pytest
import yaml

from app.clinical.critique import Proposal
from app.clinical.episode import Episode
from app.commands.trace import build_matrix
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import REGISTRY
from app.planning.critique import critique
from app.planning.decide import decide
from app.planning.document import write_document
from tests.builders import episode, labs

FOLDER = Path(__file__).parent / "cases"


def cases() -> Iterator[Any]:
    """Yield every case with the rule its file is named after."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['title']}")


def plan_of(case: dict[str, Any], kb: KnowledgeBase) -> dict[str, Any]:
    """Return the plan or the critique; `labs` is a mapping of single results, `more_labs` a list added to them."""
    changes = dict(case.get("episode", {}))
    if "labs" in changes or "more_labs" in changes:
        changes["labs"] = [*labs(**(changes.get("labs") or {})), *changes.pop("more_labs", [])]
    plan: dict[str, Any] = json.loads(_answer(episode(**changes), case.get("proposal"), kb))
    return plan


def _answer(patient: Episode, proposal: dict[str, Any] | None, kb: KnowledgeBase) -> bytes | str:
    if proposal is None:
        return write_document(decide(patient, kb)).json
    return critique(patient, Proposal.model_validate_json(json.dumps(proposal)), kb).model_dump_json()


def carries(part: Any, rule_id: str) -> bool:
    """Whether a remark below `part` was said by the rule."""
    if isinstance(part, dict):
        return part.get("rule") == rule_id or any(carries(item, rule_id) for item in part.values())
    return isinstance(part, list) and any(carries(item, rule_id) for item in part)


@pytest.mark.parametrize(("rule_id", "case"), list(cases()))
def test_a_rule_fires_where_its_case_says_so(rule_id: str, case: dict[str, Any], kb: KnowledgeBase) -> None:
    plan = plan_of(case, kb)
    fired = bool(jmespath.search(case["look"], plan)) if "look" in case else carries(plan, rule_id)
    assert fired is case["fires"]


def test_every_case_file_belongs_to_a_rule() -> None:
    build_matrix()
    assert {path.stem for path in FOLDER.glob("*.yaml")} <= REGISTRY.keys()
