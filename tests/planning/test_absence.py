"""Anything that may be left out is left out once, from patients of every kind: there is still an answer."""

import json

import pytest

from app.clinical.critique import Proposal
from app.knowledge.base import KnowledgeBase
from app.planning.critique import critique
from app.planning.decide import decide
from tests.properties.episodes import TYPICAL, accepted, read
from tests.properties.removals import removals

DRUGS = ("prednisone", "azathioprine", "tacrolimus", "mycophenolate", "cyclosporine", "budesonide")
THIRD_LINE = ("methotrexate", "cyclophosphamide", "sirolimus")
EVERY_DRUG = Proposal.model_validate_json(
    json.dumps({"medications": [{"drug": drug, "dose_mg_per_day": 5} for drug in (*DRUGS, *THIRD_LINE)]})
)


@pytest.mark.parametrize("typical", ["combination", "woman"])
def test_whatever_is_left_out_there_is_a_plan_and_a_critique(typical: str, kb: KnowledgeBase) -> None:
    for name, less in [("nothing", TYPICAL[typical]), *removals(TYPICAL[typical])]:
        if accepted(less):
            patient = read(less)
            assert len(decide(patient, kb).statements) == len(kb.statements), name
            assert critique(patient, EVERY_DRUG, kb).findings, name
