from typing import Any

import pytest

from app.clinical.remark import MissingData
from app.knowledge.base import KnowledgeBase
from app.rules.plan.missing import missing_data
from app.rules.plan.missing_facts import FACTS
from app.rules.plan.missing_results import RESULTS
from tests.builders import lab, labs
from tests.rules.plan.prepared import facts_of, labs_without

WHOLE: dict[str, Any] = {
    "patient": {"dialysis": False},
    "condition": {"treatment_started_on": "2025-01-01", "complete_response_ever": True},
    "vitals": {"qtc_ms": 420, "systolic_bp": 130},
}


def asked(kb: KnowledgeBase, **changes: Any) -> dict[str, MissingData]:
    return {need.path: need for need in missing_data(facts_of(kb, **{**WHOLE, **changes}), kb)}


def test_a_whole_episode_lacks_nothing(kb: KnowledgeBase) -> None:
    assert asked(kb) == {}


@pytest.mark.parametrize("row", RESULTS, ids=lambda row: row.analyte)
def test_an_absent_result_is_asked_for_with_its_unit(kb: KnowledgeBase, row: Any) -> None:
    need = asked(kb, labs=[])[f"labs.{row.analyte}"]
    assert need.needed_for == row.needed_for
    assert kb.analytes[row.analyte].unit in need.how
    assert "stale" not in need.how


@pytest.mark.parametrize("analyte", ["albumin", "creatinine", "sodium"])
@pytest.mark.parametrize(("cirrhosis", "decides"), [("compensated", True), ("unknown", True), ("none", False)])
def test_unless_cirrhosis_is_excluded_the_severity_waits_for_what_a_meld_needs(
    kb: KnowledgeBase, analyte: str, cirrhosis: str, decides: bool
) -> None:
    need = asked(kb, labs=labs_without(analyte), condition={**WHOLE["condition"], "cirrhosis": cirrhosis})[
        f"labs.{analyte}"
    ]
    assert ("severity" in need.needed_for) is decides
    assert ("In cirrhosis" in need.effect) is decides


def test_the_context_decides_options_too(kb: KnowledgeBase) -> None:
    need = asked(kb, condition={**WHOLE["condition"], "context": None})["condition.context"]
    assert {"tacrolimus_restart", "add_mycophenolate"} <= set(need.needed_for)


def test_a_stale_result_counts_as_unknown_and_its_age_is_said(kb: KnowledgeBase) -> None:
    need = asked(kb, labs=[*labs_without("alt"), lab("alt", 160, "U/L", "2026-02-23", upper_limit_normal=35)])[
        "labs.alt"
    ]
    assert "stale: 15 days old, limit 14 days" in need.how


@pytest.mark.parametrize("analyte", ["alt", "ast", "igg", "bilirubin_total", "inr"])
def test_a_result_without_its_own_upper_limit_is_asked_for_it(kb: KnowledgeBase, analyte: str) -> None:
    results = [{**row, "upper_limit_normal": None} if row["analyte"] == analyte else row for row in labs()]
    found = asked(kb, labs=results)
    assert list(found) == [f"labs.{analyte}"]
    assert "upper_limit_normal" in found[f"labs.{analyte}"].how


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"patient": {"weight_kg": None, "dialysis": False}}, "patient.weight_kg"),
        ({"patient": {"sex": "unknown", "dialysis": False}}, "patient.sex"),
        ({"patient": {}}, "patient.dialysis"),
        ({"medications": None}, "medications"),
        ({"allergies": None}, "allergies"),
        ({"prior_treatments": None}, "prior_treatments"),
        ({"prior_treatments": [{"drug": "azathioprine", "response": "sufficient"}]}, "prior_treatments[].tolerated"),
        ({"prior_treatments": [{"drug": "mercaptopurine"}]}, "prior_treatments[].tolerated"),
        ({"prior_treatments": [{"drug": "mycophenolate", "tolerated": True}]}, "prior_treatments[].response"),
        ({"comorbidities": None}, "comorbidities"),
        ({"pharmacogenetics": {"tpmt": "unknown"}}, "pharmacogenetics.tpmt"),
        ({"pharmacogenetics": {"nudt15": None}}, "pharmacogenetics.nudt15"),
        ({"tacrolimus": {"route": None}}, "tacrolimus.route"),
        ({"tacrolimus": {"response": "unknown"}}, "tacrolimus.response"),
        ({"tacrolimus": {"stop_reason": "unknown"}}, "tacrolimus.stop_reason"),
        ({"tacrolimus": {"indication_still_valid": None}}, "tacrolimus.indication_still_valid"),
        ({"tacrolimus": {"stopped_on": None}}, "tacrolimus.stopped_on"),
        ({"vitals": {"systolic_bp": 130}}, "vitals.qtc_ms"),
        ({"vitals": {"qtc_ms": 420}}, "vitals.systolic_bp"),
        ({"screening": {"infection_suspected": None}}, "screening.infection_suspected"),
        ({"screening": {"hbsag": "unknown"}}, "screening.hbsag"),
        ({"screening": {"tuberculosis": None}}, "screening.tuberculosis"),
        ({"flare": {"findings": None}}, "flare.findings"),
    ],
    ids=str,
)
def test_one_missing_fact_is_named_alone_with_what_waits_for_it(
    kb: KnowledgeBase, changes: dict[str, Any], path: str
) -> None:
    found = asked(kb, **changes)
    assert list(found) == [path]
    assert found[path].needed_for
    assert found[path].how


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("context", "unknown"),
        ("graft", "unknown"),
        ("relapse_count", None),
        ("cirrhosis", "unknown"),
        ("hepatocellular_carcinoma", None),
        ("complete_response_ever", None),
        ("treatment_started_on", None),
    ],
)
def test_a_missing_fact_of_the_condition_is_named(kb: KnowledgeBase, field: str, value: str | None) -> None:
    found = asked(kb, condition={**WHOLE["condition"], field: value})
    assert f"condition.{field}" in found


def test_complications_are_unknown_only_when_neither_field_nor_findings_tell(kb: KnowledgeBase) -> None:
    silent = {"ascites": None, "encephalopathy_grade": None, "variceal_bleed": None}
    paths = {f"condition.{name}" for name in silent}
    condition = {**WHOLE["condition"], **silent}
    assert paths <= set(asked(kb, condition=condition, flare={"findings": None}))
    assert not {"condition.ascites", "condition.variceal_bleed"} & set(asked(kb, condition=condition))


def test_the_remission_start_is_asked_for_in_remission_only(kb: KnowledgeBase) -> None:
    condition = {**WHOLE["condition"], "context": "in_remission"}
    assert list(asked(kb, condition=condition)) == ["condition.remission_started_on"]
    assert asked(kb, condition={**condition, "remission_started_on": "2025-01-01"}) == {}


def test_pregnancy_is_asked_for_when_it_cannot_be_excluded(kb: KnowledgeBase) -> None:
    patient = {"sex": "female", "childbearing_potential": None, "dialysis": False}
    assert {"patient.pregnancy", "patient.contraception", "screening.pregnancy_tests_negative"} == set(
        asked(kb, patient=patient)
    )


def test_another_condition_is_asked_for_what_decides_its_referral(kb: KnowledgeBase) -> None:
    found = asked(kb, condition={"code": "uveitis", "graft": "unknown"}, labs=[], comorbidities=None)
    assert set(found) == {"condition.graft", "condition.organ_threatening"}
    assert asked(kb, condition={"code": "uveitis", "organ_threatening": False}) == {}


def test_every_row_has_its_own_path() -> None:
    paths = [row.path for row in FACTS]
    assert len(set(paths)) == len(paths)
