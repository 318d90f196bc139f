"""Drugs that only a specialist doses: what forbids them is critical, what might forbid them is a warning."""

from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from tests.builders import lab, labs
from tests.rules.critique.proposed import findings, order

OWN_RULES = (
    "critique_methotrexate_contraindications",
    "critique_cyclophosphamide_counts",
    "critique_sirolimus_proteinuria",
)


def protein(value: float) -> list[dict[str, Any]]:
    return [*labs(), lab("upcr", value, "mg/g")]


@pytest.mark.parametrize(
    ("drug", "changes", "says"),
    [
        ("methotrexate", {}, {}),
        ("methotrexate", {"labs": labs(creatinine=4)}, {"EGFR_TOO_LOW": "critical"}),
        ("methotrexate", {"labs": labs(creatinine=None)}, {"KIDNEY_FUNCTION_UNKNOWN": "warning"}),
        ("methotrexate", {"comorbidities": ["alcohol_excess"]}, {"ALCOHOL_EXCESS": "critical"}),
        ("methotrexate", {"comorbidities": None}, {"ALCOHOL_UNKNOWN": "warning"}),
        ("methotrexate", {"condition": {"ascites": "mild"}}, {"ASCITES": "critical"}),
        (
            "methotrexate",
            {"condition": {"ascites": None}, "flare": {"findings": None}},
            {"ASCITES_UNKNOWN": "warning"},
        ),
        ("methotrexate", {"condition": {"cirrhosis": "compensated"}}, {"CIRRHOSIS": "critical"}),
        ("methotrexate", {"condition": {"cirrhosis": None}}, {"CIRRHOSIS_UNKNOWN": "warning"}),
        ("cyclophosphamide", {"labs": labs(neutrophils=1.4)}, {"CYTOPENIA": "critical"}),
        ("cyclophosphamide", {"labs": labs(neutrophils=1.5)}, {}),
        ("cyclophosphamide", {"labs": labs(neutrophils=None)}, {"BLOOD_COUNT_MISSING": "warning"}),
        ("sirolimus", {"labs": protein(501)}, {"PROTEINURIA": "critical"}),
        ("sirolimus", {"labs": protein(500)}, {}),
        ("sirolimus", {}, {"PROTEINURIA_UNKNOWN": "warning"}),
    ],
)
def test_a_fact_that_forbids_is_critical_and_an_unknown_one_a_warning(
    drug: str, changes: dict[str, Any], says: dict[str, str], kb: KnowledgeBase
) -> None:
    said = findings(kb, order(drug, 10, frequency="weekly"), changes=changes)
    assert {item.code: item.severity for item in said if item.rule in OWN_RULES} == says
