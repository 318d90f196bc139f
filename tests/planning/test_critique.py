"""A proposal against the facts: what is found, in which order, on which ground."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.critique import Critique, Proposal
from app.knowledge.base import KnowledgeBase
from app.knowledge.load import load_knowledge
from app.planning.critique import critique
from app.planning.decide import decide
from tests.builders import DAY, episode

KB = load_knowledge()
COMBINATION = [{"drug": "prednisone", "dose_mg_per_day": 30}, {"drug": "azathioprine", "dose_mg_per_day": 150}]
ORDER = ("critical", "warning", "info")


def proposal(*medications: dict[str, Any], taper: dict[str, Any] | None = None) -> Proposal:
    return Proposal.model_validate_json(json.dumps({"medications": medications, "taper": taper}))


def codes(found: Critique) -> list[str]:
    return [finding.code for finding in found.findings]


def test_the_regimen_that_the_plan_recommends_has_no_finding(kb: KnowledgeBase) -> None:
    assert codes(critique(episode(), proposal(*COMBINATION), kb)) == []


def test_the_schedule_of_the_plan_draws_no_more_than_its_own_cautions(kb: KnowledgeBase) -> None:
    taper = decide(episode(), kb).taper
    assert taper is not None
    steps = [
        {"starts_on": str(step.starts_on), "doses": {drug: float(mg) for drug, mg in step.doses.items()}}
        for step in taper.steps
    ]
    found = critique(episode(), proposal(*COMBINATION, taper={"steps": steps}), kb)
    assert set(codes(found)) <= {"STEP_BEYOND_ADRENAL_LIMIT", "STEPS_WAIT_FOR_GATES"}


def test_findings_come_by_severity_and_then_in_the_order_of_the_rules(kb: KnowledgeBase) -> None:
    order = proposal(
        {"drug": "prednisone", "dose_mg_per_day": 20},
        {"drug": "azathioprine", "dose_mg_per_day": 175},
        {"drug": "methotrexate", "dose_mg_per_day": 15, "frequency": "daily"},
    )
    found = critique(episode(), order, kb).findings
    places = [ORDER.index(finding.severity) for finding in found]
    assert places == sorted(places)
    assert [finding.code for finding in found] == [
        "METHOTREXATE_DAILY",
        "TWO_ANTIMETABOLITES",
        "AZATHIOPRINE_OVER_CEILING",
        "SPECIALIST_DRUG",
        "STEROID_START_BELOW_30",
    ]


def test_every_citation_of_a_finding_is_resolved(kb: KnowledgeBase) -> None:
    found = critique(episode(medications=None), proposal({"drug": "tacrolimus", "dose_mg_per_day": 7}), kb)
    used = {key for finding in found.findings for key in finding.citations}
    assert used
    assert used <= {citation.id for citation in found.citations}


def test_the_same_proposal_has_the_same_findings(kb: KnowledgeBase) -> None:
    first, second = (critique(episode(), proposal(*COMBINATION), kb).model_dump_json() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("changes", "disposition", "severity", "code"),
    [
        ({"flare": {"findings": ["vision_loss"]}}, "emergency", "critical", "VISION_LOSS"),
        ({"patient": {"age_years": 17}}, "refer", "critical", "UNDER_18"),
        ({"labs": []}, "insufficient_data", "warning", "SCOPE_INSUFFICIENT_DATA"),
        ({"screening": {"infection_suspected": True}}, "plan", "critical", "INFECTION_NOT_EXCLUDED"),
        ({"screening": {"infection_suspected": None}}, "plan", "warning", "INFECTION_UNKNOWN"),
        ({"flare": {"findings": None}}, "plan", "warning", "RED_FLAGS_UNANSWERED"),
        ({"condition": {"graft": None}}, "plan", "warning", "GRAFT_UNKNOWN"),
        ({"allergies": [{"drug": "Imuran"}]}, "plan", "critical", "HYPERSENSITIVITY"),
        ({"allergies": None}, "plan", "warning", "ALLERGIES_UNKNOWN"),
        ({"medications": None}, "plan", "warning", "MEDICATIONS_UNKNOWN"),
        ({"prior_treatments": None}, "plan", "warning", "PRIOR_TREATMENTS_UNKNOWN"),
        ({"pharmacogenetics": {"tpmt": "poor"}}, "plan", "critical", "THIOPURINE_POOR_METABOLISER"),
        ({"pharmacogenetics": {"nudt15": None}}, "plan", "warning", "NUDT15_UNKNOWN"),
        ({"labs": None}, "insufficient_data", "warning", "BLOOD_COUNT_MISSING"),
        ({"comorbidities": ["malignancy"]}, "plan", "warning", "MALIGNANCY"),
        ({"comorbidities": ["diabetes"]}, "plan", "warning", "STEROID_HARM"),
        ({"medications": [{"drug": "Wundermittel"}]}, "plan", "warning", "NOT_SCREENED"),
    ],
)
def test_what_the_plan_would_say_of_the_patient_or_the_drugs_is_said_of_the_proposal(
    changes: dict[str, Any], disposition: str, severity: str, code: str, kb: KnowledgeBase
) -> None:
    found = critique(episode(**changes), proposal(*COMBINATION), kb)
    assert found.disposition == disposition
    assert (code, severity) in {(finding.code, finding.severity) for finding in found.findings}


@pytest.mark.parametrize(
    ("drug", "changes", "code"),
    [
        ("tacrolimus", {}, "STOPPED_AS_FUTILE"),
        ("tacrolimus", {"tacrolimus": {"stop_reason": "nephrotoxicity"}}, "STOPPED_FOR_HARM"),
        ("tacrolimus", {"tacrolimus": {"stop_reason": "unknown"}}, "STOP_REASON_UNKNOWN"),
        ("tacrolimus", {"medications": [{"drug": "clarithromycin"}]}, "CYP3A_INHIBITOR"),
        (
            "tacrolimus",
            {"medications": [{"drug": "rifampin", "stopped_on": "2026-03-01"}]},
            "CYP3A_PRECIPITANT_STOPPED",
        ),
        ("cyclosporine", {"medications": [{"drug": "tacrolimus"}]}, "TWO_CALCINEURIN_INHIBITORS"),
        ("cyclosporine", {"tacrolimus": {"stopped_on": "2026-03-09"}}, "WASHOUT"),
        ("cyclosporine", {"vitals": {"systolic_bp": 160}}, "BLOOD_PRESSURE_UNCONTROLLED"),
        ("budesonide", {"condition": {"cirrhosis": "compensated"}}, "BUDESONIDE_UNSUITABLE"),
        ("MMR", {"medications": [{"drug": "azathioprine"}]}, "LIVE_VACCINE"),
    ],
)
def test_each_drug_is_asked_what_the_plan_asks_of_it(
    drug: str, changes: dict[str, Any], code: str, kb: KnowledgeBase
) -> None:
    assert code in codes(critique(episode(**changes), proposal({"drug": drug, "dose_mg_per_day": 2}), kb))


def test_open_pregnancy_gates_of_mycophenolate_are_critical(kb: KnowledgeBase) -> None:
    patient = {"sex": "female", "childbearing_potential": True, "pregnancy": "not_pregnant"}
    found = critique(episode(patient=patient), proposal({"drug": "mycophenolate", "dose_mg_per_day": 1000}), kb)
    gates = {"PREGNANCY_TESTS_NEEDED", "CONTRACEPTION_NEEDED"}
    assert {finding.code for finding in found.findings if finding.severity == "critical"} >= gates


def test_a_switch_between_calcineurin_inhibitors_waits_for_the_wash_out(kb: KnowledgeBase) -> None:
    running = episode(medications=[{"drug": "tacrolimus", "dose_mg_per_day": 4}])
    begin = {"drug": "cyclosporine", "dose_mg_per_day": 200}
    found = codes(critique(running, proposal(begin, {"drug": "tacrolimus", "stopped_on": DAY}), kb))
    assert "WASHOUT" in found
    assert "TWO_CALCINEURIN_INHIBITORS" not in found


def test_a_level_of_unknown_matrix_is_not_judged(kb: KnowledgeBase) -> None:
    level = {"analyte": "tacrolimus_level", "value": 5, "unit": "ng/mL", "collected_at": f"{DAY}T06:00:00Z"}
    found = critique(episode(labs=[level]), proposal({"drug": "tacrolimus", "dose_mg_per_day": 2}), kb)
    assert "TROUGH_NOT_INTERPRETABLE" in codes(found)


def test_severe_monotherapy_counts_agents_and_not_orders(kb: KnowledgeBase) -> None:
    severe = episode(flare={"severity": "severe"})
    alone = proposal({"drug": "prednisone", "dose_mg_per_day": 60})
    assert "SEVERE_MONOTHERAPY" in codes(critique(severe, alone, kb))
    assert "SEVERE_MONOTHERAPY" not in codes(critique(severe, proposal(*COMBINATION), kb))


DOSES = st.one_of(st.none(), st.integers(0, 400))
DRUGS = st.sampled_from([*KB.drugs, "Advagraf", "MMR", "allopurinol", "Wundermittel"])
STOPS = st.one_of(st.none(), st.sampled_from(["2026-03-01", DAY, "2026-03-11", "2026-06-01"]))
ORDERS = st.fixed_dictionaries({"drug": DRUGS, "dose_mg_per_day": DOSES, "stopped_on": STOPS})


@given(orders=st.lists(ORDERS, max_size=4), running=st.one_of(st.none(), st.lists(ORDERS, max_size=3)))
def test_any_proposal_is_answered_with_cited_findings(
    orders: list[dict[str, Any]], running: list[dict[str, Any]] | None
) -> None:
    found = critique(episode(medications=running), proposal(*orders), KB)
    assert all(finding.citations and finding.rule for finding in found.findings)


@given(drug=st.sampled_from([*KB.drugs]), mg=st.integers(1, 400))
def test_no_drug_passes_in_silence_without_the_medication_list(drug: str, mg: int) -> None:
    found = critique(episode(medications=None), proposal({"drug": drug, "dose_mg_per_day": mg}), KB)
    assert "MEDICATIONS_UNKNOWN" in codes(found)


@given(mg=st.integers(1, 300), weight=st.integers(25, 200))
def test_azathioprine_above_two_milligrams_per_kilogram_never_passes(mg: int, weight: int) -> None:
    order = proposal({"drug": "azathioprine", "dose_mg_per_day": mg})
    found = codes(critique(episode(patient={"weight_kg": weight}), order, KB))
    assert "AZATHIOPRINE_OVER_CEILING" in found or mg <= min(150, 2 * weight)
