"""Each finding of a critique with its severity: what is lethal is critical, whatever else is said beside it."""

from typing import Any

import pytest

from app.knowledge.base import KnowledgeBase
from tests.builders import DAY, lab, labs
from tests.rules.critique.proposed import WOMAN, Drug, findings, found, order, taper

RUNNING = {"drug": "tacrolimus", "dose_mg_per_day": 2}
LOW_EGFR = labs(creatinine=3.2)


@pytest.mark.parametrize(
    ("orders", "changes", "code", "severity"),
    [
        ([order("azathioprine", 151)], {}, "AZATHIOPRINE_OVER_CEILING", "critical"),
        ([order("azathioprine", 151)], {"patient": {"weight_kg": None}}, "AZATHIOPRINE_OVER_CEILING", "critical"),
        ([order("azathioprine", 150)], {"patient": {"weight_kg": None}}, "AZATHIOPRINE_CEILING_UNKNOWN", "warning"),
        ([order("prednisone", 60.5)], {}, "DOSE_ABOVE_RANGE", "critical"),
        ([order("prednisolone", 60.5)], {}, "DOSE_ABOVE_RANGE", "critical"),
        ([order("tacrolimus", 6.5)], {}, "DOSE_ABOVE_RANGE", "critical"),
        ([order("mycophenolate", 3250)], {}, "DOSE_ABOVE_RANGE", "critical"),
        ([order("mycophenolate", 2250)], {"labs": LOW_EGFR}, "DOSE_ABOVE_RANGE", "critical"),
        ([order("cyclosporine", 321)], {}, "CYCLOSPORINE_OVER_CAP", "critical"),
        ([order("cyclosporine", 100)], {"patient": {"weight_kg": None}}, "CYCLOSPORINE_CAP_UNKNOWN", "warning"),
        ([order("methotrexate", 27.5, frequency="weekly")], {}, "METHOTREXATE_DOSE_TOO_HIGH", "critical"),
        ([order("methotrexate", 15, frequency="daily")], {}, "METHOTREXATE_DAILY", "critical"),
        ([order("methotrexate", 15)], {}, "METHOTREXATE_DAILY", "critical"),
        ([order("tacrolimus", 4, frequency="daily")], {}, "TACROLIMUS_WRONG_INTERVAL", "critical"),
        ([order("Advagraf", 4)], {"medications": [RUNNING]}, "TACROLIMUS_PRODUCT_SWITCH", "critical"),
        ([order("prednisolone", 30)], {"medications": [order("prednisone", 30)]}, "SAME_DRUG_TWICE", "critical"),
        ([order("prednisone", 30)], {"condition": {"graft": "liver"}}, "SCOPE_NO_DOSING", "critical"),
        ([order("prednisone", 30)], {"labs": None}, "SCOPE_INSUFFICIENT_DATA", "warning"),
        ([order("prednisone", 30)], {"screening": {"hbsag": "positive"}}, "HBV_ANTIVIRAL", "critical"),
        ([order("prednisone", 30)], {"screening": {"hbsag": None}}, "HBV_SCREENING", "warning"),
        (
            [order("azathioprine", 50)],
            {"medications": [{"drug": "allopurinol"}]},
            "XANTHINE_OXIDASE_INHIBITOR",
            "critical",
        ),
        ([order("azathioprine", 50)], {"medications": [{"drug": "warfarin"}]}, "WARFARIN_AZATHIOPRINE", "warning"),
    ],
)
def test_a_finding_has_its_severity(
    orders: list[Drug], changes: dict[str, Any], code: str, severity: str, kb: KnowledgeBase
) -> None:
    assert found(kb, *orders, changes=changes).get(code) == severity


@pytest.mark.parametrize(
    ("orders", "changes", "code"),
    [
        ([order("azathioprine", 150)], {}, "AZATHIOPRINE_OVER_CEILING"),
        ([order("prednisone", 60)], {}, "DOSE_ABOVE_RANGE"),
        ([order("tacrolimus", 6)], {}, "DOSE_ABOVE_RANGE"),
        ([order("mycophenolate", 3000)], {}, "DOSE_ABOVE_RANGE"),
        ([order("mycophenolate", 3000)], {"labs": labs(creatinine=None)}, "DOSE_ABOVE_RANGE"),
        ([order("mycophenolate", 2000)], {"labs": LOW_EGFR}, "DOSE_ABOVE_RANGE"),
        ([order("cyclosporine", 320)], {}, "CYCLOSPORINE_OVER_CAP"),
        ([order("methotrexate", 25, frequency="weekly")], {}, "METHOTREXATE_DOSE_TOO_HIGH"),
        ([order("tacrolimus", 4, frequency="twice_daily")], {}, "TACROLIMUS_WRONG_INTERVAL"),
        ([order("prednisone", 30)], {}, "METHOTREXATE_DAILY"),
        ([order("prednisone", 30)], {}, "SPECIALIST_DRUG"),
        ([order("prednisone", 30)], {"medications": [order("prednisone", 20)]}, "SAME_DRUG_TWICE"),
        ([order("prednisone", 30)], {"labs": labs(neutrophils=None)}, "BLOOD_COUNT_MISSING"),
        (
            [order("prednisone", 30)],
            {"medications": [order("azathioprine", 50), {"drug": "allopurinol"}]},
            "XANTHINE_OXIDASE_INHIBITOR",
        ),
        ([order("azathioprine", 50)], {"patient": {"weight_kg": None}}, "WEIGHT_MISSING"),
    ],
)
def test_a_finding_stays_silent_on_the_other_side(
    orders: list[Drug], changes: dict[str, Any], code: str, kb: KnowledgeBase
) -> None:
    assert code not in found(kb, *orders, changes=changes)


def test_two_doses_of_one_drug_in_a_proposal_are_critical(kb: KnowledgeBase) -> None:
    down = taper("prednisone", (DAY, 40))
    assert found(kb, order("prednisone", 30), down=down)["DOSES_DISAGREE"] == "critical"


MALIGNANT = {"comorbidities": ["malignancy"]}
UNTOLD = {"prior_treatments": None}


@pytest.mark.parametrize(
    ("drug", "changes", "code"),
    [
        ("prednisone", {"medications": [{"drug": "dexamethasone"}]}, "OTHER_STEROID_RUNNING"),
        (
            "prednisolone",
            {"prior_treatments": [{"drug": "prednisone", "tolerated": False}]},
            "PREDNISONE_NOT_TOLERATED",
        ),
        ("prednisone", {"comorbidities": ["glaucoma"]}, "STEROID_CAUTION"),
        ("prednisolone", {"comorbidities": ["osteoporosis"]}, "STEROID_HARM"),
        ("budesonide", {"condition": {"cirrhosis": None}}, "BUDESONIDE_LIVER_UNKNOWN"),
        ("budesonide", {"condition": {"cirrhosis": "unknown"}}, "BUDESONIDE_LIVER_UNKNOWN"),
        (
            "azathioprine",
            {"prior_treatments": [{"drug": "azathioprine", "tolerated": False}]},
            "AZATHIOPRINE_NOT_TOLERATED",
        ),
        ("azathioprine", {"labs": labs(wbc=2.4)}, "CYTOPENIA"),
        ("azathioprine", {"labs": labs(bilirubin_total=6)}, "BILIRUBIN_TOO_HIGH"),
        ("azathioprine", {"labs": labs(platelets=None)}, "BLOOD_COUNT_MISSING"),
        ("azathioprine", {"pharmacogenetics": {"tpmt": None}, "prior_treatments": []}, "TPMT_MISSING"),
        ("azathioprine", {"pharmacogenetics": {"tpmt": None}}, "TPMT_UNKNOWN"),
        ("azathioprine", MALIGNANT, "MALIGNANCY"),
        ("azathioprine", UNTOLD, "PRIOR_TREATMENTS_UNKNOWN"),
        ("tacrolimus", {"labs": labs(bilirubin_total=2.7, inr=1.5)}, "ACUTE_SEVERE"),
        ("tacrolimus", MALIGNANT, "MALIGNANCY"),
        ("tacrolimus", {"labs": labs(potassium=6)}, "POTASSIUM_TOO_HIGH"),
        (
            "tacrolimus",
            {"labs": [*labs(creatinine=1.1), lab("creatinine", 0.8, "mg/dL", "2026-02-01")]},
            "CREATININE_RISEN",
        ),
        ("tacrolimus", {"vitals": {"qtc_ms": 500}}, "QTC_TOO_LONG"),
        ("tacrolimus", {"labs": LOW_EGFR}, "EGFR_TOO_LOW"),
        ("tacrolimus", {"labs": labs(albumin=None), "condition": {"cirrhosis": "unknown"}}, "LIVER_FUNCTION_UNKNOWN"),
        ("tacrolimus", {"labs": labs(magnesium=1.6)}, "MAGNESIUM_LOW"),
        ("tacrolimus", {"medications": [{"drug": "cyclosporine", "stopped_on": "2026-03-09"}]}, "WASHOUT"),
        ("mycophenolate", {"labs": labs(neutrophils=1.2)}, "CYTOPENIA"),
        (
            "mycophenolate",
            {"prior_treatments": [{"drug": "mycophenolate", "tolerated": False}]},
            "MYCOPHENOLATE_NOT_TOLERATED",
        ),
        ("mycophenolate", {"patient": WOMAN}, "PREGNANCY_TESTS_NEEDED"),
        ("mycophenolate", MALIGNANT, "MALIGNANCY"),
        ("mycophenolate", UNTOLD, "PRIOR_TREATMENTS_UNKNOWN"),
        ("cyclosporine", {"labs": labs(creatinine=1.5)}, "EGFR_TOO_LOW"),
        ("cyclosporine", {"vitals": {"diastolic_bp": 100}}, "BLOOD_PRESSURE_UNCONTROLLED"),
        ("cyclosporine", {"labs": labs(potassium=6)}, "POTASSIUM_TOO_HIGH"),
        ("cyclosporine", MALIGNANT, "MALIGNANCY"),
        ("cyclosporine", UNTOLD, "PRIOR_TREATMENTS_UNKNOWN"),
        ("sirolimus", {"medications": [{"drug": "rifampin", "stopped_on": "2026-03-01"}]}, "CYP3A_PRECIPITANT_STOPPED"),
        ("methotrexate", {"condition": {"cirrhosis": "compensated"}}, "CIRRHOSIS"),
        ("methotrexate", {"condition": {"cirrhosis": "decompensated"}}, "CIRRHOSIS"),
        ("methotrexate", {"condition": {"cirrhosis": None}}, "CIRRHOSIS_UNKNOWN"),
        ("cyclophosphamide", {"patient": WOMAN}, "PREGNANCY_GATES_OPEN"),
        ("sirolimus", {"patient": WOMAN, "screening": None}, "PREGNANCY_GATES_OPEN"),
        ("methotrexate", {"patient": {**WOMAN, "contraception": True}}, "PREGNANCY_GATES_OPEN"),
    ],
)
def test_each_drug_is_asked_every_question_of_its_own(
    drug: str, changes: dict[str, Any], code: str, kb: KnowledgeBase
) -> None:
    assert code in found(kb, order(drug, 2, frequency="weekly"), changes=changes)


@pytest.mark.parametrize(
    ("drug", "changes", "code"),
    [
        ("tacrolimus", {"medications": [RUNNING]}, "STOPPED_AS_FUTILE"),
        ("tacrolimus", {"medications": [RUNNING], "tacrolimus": {"stop_reason": "nephrotoxicity"}}, "STOPPED_FOR_HARM"),
        (
            "cyclosporine",
            {"medications": [order("cyclosporine", 200)], "tacrolimus": {"stopped_on": None}},
            "STOP_DATE_UNKNOWN",
        ),
    ],
)
def test_history_and_wash_out_are_asked_only_of_a_drug_that_begins(
    drug: str, changes: dict[str, Any], code: str, kb: KnowledgeBase
) -> None:
    assert code not in found(kb, order(drug, 2), changes=changes)


def test_nothing_is_asked_of_the_patient_when_no_immunosuppressant_is_given(kb: KnowledgeBase) -> None:
    assert found(kb, order("omeprazole", 20), changes={"screening": {"infection_suspected": True}}) == {}


def test_a_pair_that_meets_twice_is_said_once(kb: KnowledgeBase) -> None:
    codes = [finding.code for finding in findings(kb, order("azathioprine", 50), order("allopurinol"), order("MMR"))]
    assert codes.count("XANTHINE_OXIDASE_INHIBITOR") == 1
    assert codes.count("LIVE_VACCINE") == 1
