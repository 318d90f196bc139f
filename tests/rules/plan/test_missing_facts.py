from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from app.rules.plan.missing_facts import FACTS
from tests.rules.plan.asked import CONDITION, asked, waiting

DOSED_DRUGS = "prednisone_azathioprine tacrolimus_restart add_mycophenolate switch_cyclosporine"


# One fact not sent, and what the specification lets wait for it.
@pytest.mark.parametrize(
    ("changes", "path", "waits"),
    [
        # Doses by weight: rule A, rule T, the range of cyclosporine. Mycophenolate has a fixed dose.
        (
            {"patient": {"weight_kg": None, "dialysis": False}},
            "patient.weight_kg",
            "prednisone_azathioprine tacrolimus_restart switch_cyclosporine",
        ),
        ({"patient": {"sex": "unknown", "dialysis": False}}, "patient.sex", "scores"),
        ({"patient": {}}, "patient.dialysis", "scores transplant tacrolimus_restart switch_cyclosporine"),
        # Absent lists withhold the four drugs; prednisone stays.
        ({"medications": None}, "medications", DOSED_DRUGS),
        ({"allergies": None}, "allergies", DOSED_DRUGS),
        # A start may be a reduction.
        (
            {"medications": [{"drug": "prednisone"}]},
            "medications[].dose_mg_per_day",
            "prednisone_azathioprine prednisone_monotherapy tacrolimus_restart",
        ),
        # Refractory disease, earlier intolerance, and mycophenolate recorded as insufficient.
        ({"prior_treatments": None}, "prior_treatments", f"{DOSED_DRUGS} third_line"),
        (
            {"prior_treatments": [{"drug": "azathioprine", "response": "sufficient"}]},
            "prior_treatments[].tolerated",
            "prednisone_azathioprine add_mycophenolate switch_cyclosporine",
        ),
        (
            {"prior_treatments": [{"drug": "mycophenolate", "tolerated": True}]},
            "prior_treatments[].response",
            "options tacrolimus_restart",
        ),
        # Malignancy (four drugs, and which steroid option comes first) and harm by steroids.
        ({"comorbidities": None}, "comorbidities", f"{DOSED_DRUGS} prednisone_monotherapy"),
        (
            {"condition": {**CONDITION, "context": "unknown"}},
            "condition.context",
            "options duration tacrolimus_restart add_mycophenolate",
        ),
        ({"condition": {**CONDITION, "graft": "unknown"}}, "condition.graft", "scope"),
        ({"condition": {**CONDITION, "relapse_count": None}}, "condition.relapse_count", "duration"),
        ({"condition": {**CONDITION, "context": "in_remission"}}, "condition.remission_started_on", "duration"),
        ({"condition": {**CONDITION, "cirrhosis": "unknown"}}, "condition.cirrhosis", "severity transplant"),
        (
            {"condition": {**CONDITION, "hepatocellular_carcinoma": None}},
            "condition.hepatocellular_carcinoma",
            "transplant",
        ),
        (
            {"condition": {**CONDITION, "complete_response_ever": None}},
            "condition.complete_response_ever",
            "transplant",
        ),
        ({"condition": {**CONDITION, "treatment_started_on": None}}, "condition.treatment_started_on", "transplant"),
        ({"flare": {"findings": None}}, "flare.findings", "red_flags infection transplant"),
        ({"tacrolimus": {"route": None}}, "tacrolimus.route", "scope tacrolimus_restart"),
        ({"tacrolimus": {"response": "unknown"}}, "tacrolimus.response", "tacrolimus_restart"),
        # A stop for intolerance opens cyclosporine; the stop date tells its wash-out.
        (
            {"tacrolimus": {"stop_reason": "unknown"}},
            "tacrolimus.stop_reason",
            "tacrolimus_restart switch_cyclosporine",
        ),
        ({"tacrolimus": {"indication_still_valid": None}}, "tacrolimus.indication_still_valid", "tacrolimus_restart"),
        (
            {"tacrolimus": {"stopped_on": None}},
            "tacrolimus.stopped_on",
            "withdrawal duration tacrolimus_restart switch_cyclosporine",
        ),
        ({"pharmacogenetics": {"tpmt": "unknown"}}, "pharmacogenetics.tpmt", "prednisone_azathioprine"),
        ({"pharmacogenetics": {"nudt15": None}}, "pharmacogenetics.nudt15", "prednisone_azathioprine"),
        ({"vitals": {"systolic_bp": 130}}, "vitals.qtc_ms", "tacrolimus_restart"),
        (
            {"vitals": {"qtc_ms": 420}},
            "vitals.systolic_bp",
            "tacrolimus_restart switch_cyclosporine prednisone_azathioprine prednisone_monotherapy",
        ),
        ({"screening": {"infection_suspected": None}}, "screening.infection_suspected", "infection options"),
        # Hepatitis B can look like a relapse and closes a hard gate; the rest of the screening is tasks.
        ({"screening": {"hbsag": "unknown"}}, "screening.hbsag", "tasks options"),
        ({"screening": {"anti_hbc": None}}, "screening.anti_hbc", "tasks options"),
        ({"screening": {"anti_hcv": None}}, "screening.anti_hcv", "tasks"),
        ({"screening": {"hiv": None}}, "screening.hiv", "tasks"),
        ({"screening": {"tuberculosis": None}}, "screening.tuberculosis", "tasks"),
        ({"screening": {"strongyloides_exposure": None}}, "screening.strongyloides_exposure", "tasks"),
        ({"screening": {"varicella_immune": None}}, "screening.varicella_immune", "tasks"),
    ],
    ids=str,
)
def test_one_missing_fact_is_named_alone_with_what_waits_for_it(
    kb: KnowledgeBase, changes: dict[str, Any], path: str, waits: str
) -> None:
    found = asked(kb, **changes)
    assert waiting(found) == {path: sorted(waits.split())}
    assert path.rpartition("[].")[2] in found[path].how


@pytest.mark.parametrize(
    ("drug", "tolerance", "response"),
    [
        ("prednisone", False, True),
        ("prednisolone", False, True),
        ("azathioprine", True, True),
        ("mercaptopurine", True, False),
        ("mycophenolate", True, True),
        ("cyclosporine", True, False),
        ("methotrexate", False, False),
    ],
)
def test_of_a_prior_treatment_is_asked_what_decides_an_option(
    kb: KnowledgeBase, drug: str, tolerance: bool, response: bool
) -> None:
    found = asked(kb, prior_treatments=[{"drug": drug}])
    assert ("prior_treatments[].tolerated" in found) is tolerance
    assert ("prior_treatments[].response" in found) is response


def test_every_row_has_its_own_path() -> None:
    paths = [row.path for row in FACTS]
    assert len(set(paths)) == len(paths)
