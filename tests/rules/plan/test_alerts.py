from typing import Any

import pytest

from app.clinical.remark import Alert
from app.knowledge.base import KnowledgeBase
from app.rules.plan.alerts import alerts
from tests.builders import lab, labs
from tests.rules.plan.prepared import facts_of, labs_without


def raised(kb: KnowledgeBase, **changes: Any) -> dict[str, Alert]:
    return {alert.code: alert for alert in alerts(facts_of(kb, **changes), kb)}


def running(*drugs: str) -> list[dict[str, Any]]:
    return [{"drug": drug} for drug in drugs]


def test_a_calm_complete_episode_raises_no_alert(kb: KnowledgeBase) -> None:
    assert raised(kb) == {}


def test_acute_severe_hepatitis_is_for_hospital_only(kb: KnowledgeBase) -> None:
    alert = raised(kb, labs=labs(bilirubin_total=5, inr=1.6))["INPATIENT_ONLY"]
    assert alert.severity == "critical"


@pytest.mark.parametrize(
    ("grade", "asks"), [(None, "now, in hospital. Send condition.encephalopathy_grade."), (0, "now, in hospital.")]
)
def test_a_neurological_sign_is_named_and_its_grade_asked_for_where_it_is_not_known(
    grade: int | None, asks: str, kb: KnowledgeBase
) -> None:
    confused = {"flare": {"findings": ["confusion"]}, "condition": {"encephalopathy_grade": grade}}
    text = raised(kb, **confused)["POSSIBLE_ENCEPHALOPATHY"].text
    assert text.startswith("Confusion in hepatitis: ")
    assert text.endswith(asks)


@pytest.mark.parametrize("missing", ["inr", "bilirubin_total"])
def test_a_severity_that_cannot_be_told_is_said(kb: KnowledgeBase, missing: str) -> None:
    without = labs_without(missing)
    assert "SEVERITY_UNKNOWN" in raised(kb, labs=without)
    assert "SEVERITY_UNKNOWN" not in raised(kb, labs=without, condition={"code": "uveitis"})


@pytest.mark.parametrize(
    "results",
    [
        labs_without("inr", alt=350),
        labs_without("ast", alt=36, igg=12),
    ],
    ids=["severe of no known tier", "of a known tier and perhaps severe"],
)
def test_a_severity_that_is_told_only_in_part_is_said(kb: KnowledgeBase, results: list[dict[str, Any]]) -> None:
    severity = facts_of(kb, labs=results).severity
    assert (severity.tier == "unknown") is not (severity.severe is None)
    assert "SEVERITY_UNKNOWN" in raised(kb, labs=results)


def test_results_too_old_for_a_severe_flare_are_named_with_their_age(kb: KnowledgeBase) -> None:
    old = labs("2026-03-05", bilirubin_total=4)
    assert "bilirubin_total (5 d)" in raised(kb, labs=old)["LABS_OLD_FOR_FLARE"].text
    assert "LABS_OLD_FOR_FLARE" not in raised(kb, labs=labs("2026-03-05"))
    assert "LABS_OLD_FOR_FLARE" not in raised(kb, labs=labs(bilirubin_total=4))


def test_the_inr_is_unreliable_on_an_anticoagulant(kb: KnowledgeBase) -> None:
    without_inr = labs_without("inr")
    for drug in ("warfarin", "apixaban"):
        assert drug in raised(kb, medications=running(drug))["INR_UNRELIABLE"].text
    assert "INR_UNRELIABLE" not in raised(kb, medications=running("warfarin"), labs=without_inr)


def test_an_open_differential_is_part_of_the_alerts(kb: KnowledgeBase) -> None:
    assert "DIFFERENTIAL_OPEN" in raised(kb, differential=None)


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ({"stop_manner": "abrupt"}, True),
        ({"stop_manner": "tapered", "taper_started_on": "2025-10-12"}, True),
        ({"stop_manner": "tapered", "taper_started_on": "2025-10-10"}, False),
        ({"stop_manner": "unknown"}, False),
    ],
)
def test_a_withdrawal_within_less_than_a_month_is_said(
    kb: KnowledgeBase, course: dict[str, Any], expected: bool
) -> None:
    found = raised(kb, tacrolimus=course)
    assert ("TACROLIMUS_TAPER_TOO_SHORT" in found) is expected


def test_without_a_tacrolimus_course_there_is_no_audit(kb: KnowledgeBase) -> None:
    assert "TACROLIMUS_TAPER_TOO_SHORT" not in raised(kb, tacrolimus=None)


def test_running_tacrolimus_is_never_stopped_abruptly(kb: KnowledgeBase) -> None:
    assert raised(kb, medications=running("tacrolimus"))["TACROLIMUS_RUNNING"].severity == "info"


def test_an_extended_release_product_is_named(kb: KnowledgeBase) -> None:
    alert = raised(kb, medications=running("Advagraf"))["TACROLIMUS_EXTENDED_RELEASE"]
    assert "Advagraf" in alert.text


@pytest.mark.parametrize("sign", ["tremor", "headache", "seizure", "confusion", "paraesthesia"])
def test_a_nerve_sign_under_a_calcineurin_inhibitor_is_pointed_out(kb: KnowledgeBase, sign: str) -> None:
    flare = {"findings": [sign]}
    assert sign in raised(kb, flare=flare, medications=running("cyclosporine"))["POSSIBLE_NEUROTOXICITY"].text
    assert "POSSIBLE_NEUROTOXICITY" not in raised(kb, flare=flare)
    assert "POSSIBLE_NEUROTOXICITY" not in raised(kb, flare=None, medications=running("cyclosporine"))


def test_trough_alerts_are_part_of_the_alerts(kb: KnowledgeBase) -> None:
    assert "TROUGH_LOW" in raised(kb, labs=[*labs(), lab("tacrolimus_level", 1, "ng/mL", matrix="whole_blood")])


@pytest.mark.parametrize(
    "changes",
    [
        {"condition": {"cirrhosis": "compensated"}},
        {"condition": {"cirrhosis": "decompensated"}},
        {"condition": {"code": "ulcerative_colitis", "cirrhosis": "compensated"}},
        {"comorbidities": ["portal_vein_thrombosis"]},
        {"labs": labs(bilirubin_total=5, inr=1.6)},
    ],
    ids=["cirrhosis", "decompensated", "cirrhosis beside colitis", "thrombosis", "acute severe"],
)
def test_budesonide_is_questioned_where_the_liver_cannot_clear_it(kb: KnowledgeBase, changes: dict[str, Any]) -> None:
    assert "BUDESONIDE_UNSUITABLE" in raised(kb, medications=running("budesonide"), **changes)
    assert "BUDESONIDE_UNSUITABLE" not in raised(kb, medications=running("budesonide"))
    assert "BUDESONIDE_UNSUITABLE" not in raised(kb, **changes)


def test_a_live_vaccine_on_the_list_is_critical_and_said_once(kb: KnowledgeBase) -> None:
    found = alerts(facts_of(kb, medications=running("yellow fever vaccine", "azathioprine")), kb)
    assert [(alert.code, alert.severity) for alert in found] == [("LIVE_VACCINE", "critical")]


@pytest.mark.parametrize(("given", "expected"), [("2026-02-10", True), ("2026-02-09", False)])
def test_a_live_vaccine_given_in_the_last_four_weeks_is_critical(kb: KnowledgeBase, given: str, expected: bool) -> None:
    found = raised(kb, medications=[{"drug": "MMR", "started_on": given, "stopped_on": given}])
    assert ("LIVE_VACCINE" in found) is expected
    assert all("MMR" in alert.text and alert.severity == "critical" for alert in found.values())


@pytest.mark.parametrize("context", ["relapse_after_withdrawal", "in_remission"])
@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"screening": {"infection_suspected": True}}, "An infection is suspected: "),
        ({"vitals": {"temperature_c": 38}}, "There is fever: "),
    ],
)
def test_a_sign_of_infection_is_critical_in_flare_and_remission(
    kb: KnowledgeBase, context: str, changes: dict[str, Any], sign: str
) -> None:
    alert = raised(kb, condition={"context": context}, **changes)["INFECTION_SUSPECTED"]
    assert alert.text.startswith(sign)
    assert alert.severity == "critical"
    assert "never stopped abruptly" in alert.text


def test_a_remission_in_doubt_is_part_of_the_alerts(kb: KnowledgeBase) -> None:
    assert "REMISSION_NOT_CONFIRMED" in raised(kb, condition={"context": "in_remission"})


def test_two_calcineurin_inhibitors_running_together_are_said_once(kb: KnowledgeBase) -> None:
    found = alerts(facts_of(kb, medications=running("tacrolimus", "cyclosporine")), kb)
    assert [alert.severity for alert in found if alert.code == "TWO_CALCINEURIN_INHIBITORS"] == ["critical"]


def test_running_medications_are_checked_against_each_other(kb: KnowledgeBase) -> None:
    found = raised(kb, medications=running("azathioprine", "allopurinol"))
    assert found["XANTHINE_OXIDASE_INHIBITOR"].severity == "critical"
    assert raised(kb, medications=running("tacrolimus", "fluconazole"))["CYP3A_INHIBITOR"].severity == "warning"
    assert raised(kb, medications=running("allopurinol")) == {}


def test_a_name_that_no_table_knows_is_reported(kb: KnowledgeBase) -> None:
    assert "zzyzx" in raised(kb, medications=running("zzyzx"))["NOT_SCREENED"].text


def test_every_alert_cites_what_is_known(kb: KnowledgeBase) -> None:
    found = raised(
        kb,
        labs=labs("2026-03-05", bilirubin_total=5, inr=1.6),
        medications=running("Advagraf", "warfarin", "budesonide", "clarithromycin", "zzyzx", "BCG vaccine"),
        condition={"cirrhosis": "compensated"},
        tacrolimus={"stop_manner": "abrupt"},
        differential=None,
        flare={"findings": ["tremor"]},
    )
    assert {cite for alert in found.values() for cite in alert.citations} <= set(kb.citations)
    assert all(alert.rule for alert in found.values())
