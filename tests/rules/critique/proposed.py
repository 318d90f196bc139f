"""Proposals for the synthetic patient, and what a critique of them finds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from app.clinical.critique import CritiqueFinding, Proposal
from app.knowledge.base import KnowledgeBase
from app.planning.critique import critique
from tests.builders import DAY, episode

Drug = dict[str, Any]
STOP: Drug = {"stopped_on": DAY}
STOP_IN_JUNE: Drug = {"stopped_on": "2026-06-10"}
UVEITIS: Drug = {"condition": {"code": "uveitis"}}
WOMAN: Drug = {"sex": "female", "childbearing_potential": True, "pregnancy": "not_pregnant"}


def order(drug: str, mg: float | None = None, **more: Any) -> Drug:
    return {"drug": drug, "dose_mg_per_day": mg, **more}


def since(day: str | None, mg: float = 30) -> Drug:
    """Return prednisone that has been taken since a day, None when nobody knows."""
    return order("prednisone", mg, started_on=day)


def taper(drug: str, *steps: tuple[str, float], ends_on: str | None = None) -> dict[str, Any]:
    """Return the way down of one drug: the doses in mg per day with the days they begin, and the last day."""
    return {"steps": [{"starts_on": day, "doses": {drug: mg}} for day, mg in steps], "ends_on": ends_on}


def proposal(*orders: Drug, down: Any = None) -> Proposal:
    return Proposal.model_validate_json(json.dumps({"medications": orders, "taper": down}))


def findings(
    kb: KnowledgeBase, *orders: Drug, changes: dict[str, Any] | None = None, down: Any = None
) -> tuple[CritiqueFinding, ...]:
    return critique(episode(**(changes or {})), proposal(*orders, down=down), kb).findings


def found(kb: KnowledgeBase, *orders: Drug, changes: dict[str, Any] | None = None, down: Any = None) -> dict[str, str]:
    """Return the severity of each finding by its code."""
    return {finding.code: finding.severity for finding in findings(kb, *orders, changes=changes, down=down)}


@dataclass(frozen=True)
class Case:
    """A proposal, and which findings are said with which severity; None: not said."""

    orders: tuple[Drug, ...]
    down: Any
    changes: dict[str, Any]
    says: Mapping[str, str | None]

    def answers(self, kb: KnowledgeBase) -> dict[str, str | None]:
        """Return what is said with the codes of `says`."""
        said = found(kb, *self.orders, changes=self.changes, down=self.down)
        return {code: said.get(code) for code in self.says}


def case(
    title: str, *orders: Drug, says: Mapping[str, str | None], running: Any = (), down: Any = None, **changes: Any
) -> Any:
    """Return a case for a patient who takes `running`, None when nobody sent the list, and is changed by `changes`."""
    medications = None if running is None else list(running)
    return pytest.param(Case(orders, down, {"medications": medications, **changes}, says), id=title)
