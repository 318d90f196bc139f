"""Every rule is shown firing and shown silent: the case files beside this test, one per rule, read by clinicians.

A case changes the whole synthetic patient of `tests.builders` and says whether the rule fires. A rule fires when the
answer holds a remark that carries its id, or, where its answer has no such remark, when `look` (JMESPath into the
answer) finds something. What is answered depends on the case:

- the plan of the episode;
- with a `proposal`: the critique of it;
- with a `taper`: the schedule it asks for (changes to a plain request), or the `problems` that stand against it;
- with `visits`: the last `assessment` of the treatment and the `plan` after it. Treatment begins with the recommended
  option unless `treatment` names another `option`, or says that it was not `accepted`. A visit has its `day` (a number
  counts from the start), its `labs` (as at the start but for those named; left out: none taken), the day they were
  `taken` where it is another, and `findings`, `adherence_confirmed` and `override` as sent; left out, nothing was
  found and adherence was confirmed.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jmespath
import pytest

from app.clinical.critique import Proposal
from app.clinical.taper import Taper
from app.commands.trace import build_matrix
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import REGISTRY
from app.planning.critique import critique
from app.planning.decide import decide
from app.planning.document import write_document
from app.taper.schedule import schedule_taper
from tests.builders import episode, labs
from tests.house.repository import read_yaml
from tests.taper.asked import request
from tests.treatment import treatment

FOLDER = Path(__file__).parent / "cases"


def cases() -> Iterator[Any]:
    """Yield every case with the rule its file is named after."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in read_yaml(path):
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['title']}")


def answer(case: dict[str, Any], kb: KnowledgeBase) -> dict[str, Any]:
    """Return what the case looks into, as JSON has it."""
    if "taper" in case:
        return schedule(case["taper"], kb)
    if "visits" in case:
        return course(case, kb)
    patient = episode(**changes_of(case))
    if "proposal" in case:
        proposal = Proposal.model_validate_json(json.dumps(case["proposal"]))
        return _read(critique(patient, proposal, kb).model_dump_json())
    return _read(write_document(decide(patient, kb)).json)


def changes_of(case: dict[str, Any]) -> dict[str, Any]:
    """Return the changes to the patient; `labs` is a mapping of single results, `more_labs` a list added to them."""
    changes = dict(case.get("episode", {}))
    if "labs" in changes or "more_labs" in changes:
        changes["labs"] = [*labs(**(changes.get("labs") or {})), *changes.pop("more_labs", [])]
    return changes


def course(case: dict[str, Any], kb: KnowledgeBase) -> dict[str, Any]:
    """Return the last assessment of a treatment, null before the first, and the plan after it."""
    changes = dict(case.get("episode", {}))
    under_way = treatment(kb, values=changes.pop("labs", None), **case.get("treatment", {}), **changes)
    for seen in case["visits"]:
        under_way = under_way.seen(**seen)
    assessment = under_way.assessment
    return {
        "assessment": None if assessment is None else _read(assessment.model_dump_json()),
        "plan": _read(write_document(under_way.plan).json),
    }


def schedule(changes: dict[str, Any], kb: KnowledgeBase) -> dict[str, Any]:
    """Return a schedule, or the problems that stand against it."""
    asked = schedule_taper(request(**changes), kb)
    return _read(asked.model_dump_json() if isinstance(asked, Taper) else json.dumps(asdict(asked)))


def _read(document: bytes | str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(document)
    return read


def carries(part: Any, rule_id: str) -> bool:
    """Whether a remark below `part` was said by the rule."""
    if isinstance(part, dict):
        return part.get("rule") == rule_id or any(carries(item, rule_id) for item in part.values())
    return isinstance(part, list) and any(carries(item, rule_id) for item in part)


@pytest.mark.parametrize(("rule_id", "case"), list(cases()))
def test_a_rule_fires_where_its_case_says_so(rule_id: str, case: dict[str, Any], kb: KnowledgeBase) -> None:
    answered = answer(case, kb)
    fired = bool(jmespath.search(case["look"], answered)) if "look" in case else carries(answered, rule_id)
    assert fired is case["fires"]


def test_every_case_file_belongs_to_a_rule() -> None:
    build_matrix()
    assert {path.stem for path in FOLDER.glob("*.yaml")} <= REGISTRY.keys()
