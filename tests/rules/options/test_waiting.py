"""What an option waits for: the code, the drug without a number, and until when, as the plan shows them."""

from dataclasses import replace
from typing import Any

import pytest

from app.clinical.option import MedicationPlan, Option
from app.knowledge.base import KnowledgeBase
from app.planning.decide import decide
from tests.builders import episode, lab, labs
from tests.treatment import treatment

FAILED = {"context": "failure_on_therapy"}
# A patient for whom nothing but the change stands against the drug of the option.
BASES: dict[str, dict[str, Any]] = {
    "prednisone_azathioprine": {},
    "tacrolimus_restart": {
        "condition": FAILED,
        "tacrolimus": {"response": "complete", "stop_reason": "planned_withdrawal", "indication_still_valid": True},
    },
    "add_mycophenolate": {"condition": FAILED},
    "switch_cyclosporine": {"tacrolimus": {"stop_reason": "neurotoxicity", "response": "complete"}},
}
LEADS = {
    "prednisone_azathioprine": "azathioprine",
    "tacrolimus_restart": "tacrolimus",
    "add_mycophenolate": "mycophenolate",
    "switch_cyclosporine": "cyclosporine",
}
MALIGNANT: dict[str, Any] = {"comorbidities": ["malignancy"]}


def changed(option_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    base = BASES.get(option_id, {})
    both = {key: {**base[key], **changes[key]} for key in base.keys() & changes.keys()}
    return {**base, **changes, **both}


def shown(
    option_id: str, changes: dict[str, Any], kb: KnowledgeBase, drug: str | None = None
) -> tuple[Option, MedicationPlan]:
    """Return the option and one of its drugs, the leading one unless another is named."""
    options = decide(episode(**changed(option_id, changes)), kb).options
    option = next(option for option in options if option.id == option_id)
    return option, next(item for item in option.medications if item.drug == (drug or LEADS[option_id]))


@pytest.mark.parametrize("option_id", ["prednisone_azathioprine", "tacrolimus_restart", "add_mycophenolate"])
def test_a_drug_that_waits_for_nothing_has_its_number_and_its_sum(option_id: str, kb: KnowledgeBase) -> None:
    option, drug = shown(option_id, {}, kb)
    assert option.standing in ("recommended", "alternative")
    assert drug.dose_mg_per_day is not None
    assert drug.deferred_until is None
    assert len(drug.calculation) > 1


@pytest.mark.parametrize("option_id", LEADS)
@pytest.mark.parametrize(
    ("changes", "code", "until"),
    [
        ({"medications": None}, "MEDICATIONS_UNKNOWN", "the medication list has been sent"),
        ({"allergies": None}, "ALLERGIES_UNKNOWN", "the allergy list has been sent"),
        (
            {"medications": [{"drug": "MMR", "started_on": "2026-02-10"}]},
            "LIVE_VACCINE_GIVEN",
            "28 days have passed since the vaccine",
        ),
        ({"comorbidities": None}, "COMORBIDITIES_UNKNOWN", "the comorbidities have been sent"),
        (MALIGNANT, "MALIGNANCY", "a specialist has decided on it"),
        ({"condition": {**FAILED, "hepatocellular_carcinoma": True}}, "MALIGNANCY", "a specialist has decided on it"),
    ],
)
def test_every_drug_that_suppresses_waits_for_the_lists_and_for_a_specialist_in_cancer(
    option_id: str, changes: dict[str, Any], code: str, until: str, kb: KnowledgeBase
) -> None:
    option, drug = shown(option_id, changes, kb)
    assert option.standing == "conditional"
    assert code in {condition.code for condition in option.conditions}
    assert drug.dose_mg_per_day is None
    assert drug.dose_range_mg_per_day is None
    assert until in str(drug.deferred_until)
    assert drug.calculation == ()


@pytest.mark.parametrize("option_id", LEADS)
def test_a_drug_of_a_patient_with_cancer_is_a_specialist_dose(option_id: str, kb: KnowledgeBase) -> None:
    assert shown(option_id, MALIGNANT, kb)[0].specialist_dose is True


@pytest.mark.parametrize("option_id", ["prednisone_azathioprine", "add_mycophenolate", "switch_cyclosporine"])
def test_a_drug_waits_until_what_was_not_tolerated_has_a_name(option_id: str, kb: KnowledgeBase) -> None:
    nameless = {"prior_treatments": [{"drug": "some drug", "response": "sufficient", "tolerated": False}]}
    option, drug = shown(option_id, nameless, kb)
    assert "PRIOR_TREATMENT_NOT_KNOWN" in {condition.code for condition in option.conditions}
    assert drug.dose_mg_per_day is None
    assert "is named by its substance" in str(drug.deferred_until)


@pytest.mark.parametrize(("kg", "planned"), [(80, "6 mg/d"), (None, "no dose")])
def test_a_followed_drug_that_is_listed_at_another_dose_waits_for_a_clinician(
    kg: int | None, planned: str, kb: KnowledgeBase
) -> None:
    begun = treatment(kb, "tacrolimus_restart", **BASES["tacrolimus_restart"])
    known = begun.changes | {
        "patient": {"weight_kg": kg},
        "medications": [{"drug": "tacrolimus", "dose_mg_per_day": 4}],
    }
    restart = next(option for option in replace(begun, changes=known).plan.options if option.id == "tacrolimus_restart")
    told = next(condition for condition in restart.conditions if condition.code == "DOSE_DIFFERS_FROM_PLAN")
    drug = next(item for item in restart.medications if item.drug == "tacrolimus")
    assert f"Tacrolimus 4 mg/d is listed, this plan has {planned}:" in told.text
    assert drug.dose_mg_per_day is None
    if kg:
        assert drug.deferred_until == "a clinician has set the dose"


@pytest.mark.parametrize("reason", ["neurotoxicity", "infection", "intolerance", "pregnancy"])
def test_tacrolimus_stopped_for_a_side_effect_is_a_specialists_decision(reason: str, kb: KnowledgeBase) -> None:
    option, _ = shown("tacrolimus_restart", {"tacrolimus": {"stop_reason": reason}}, kb)
    assert "STOPPED_FOR_SIDE_EFFECT" in {condition.code for condition in option.conditions}
    assert option.specialist_dose is True


@pytest.mark.parametrize("response", [None, "unknown"])
def test_an_earlier_response_that_nobody_knows_is_asked_for(response: str | None, kb: KnowledgeBase) -> None:
    option, _ = shown("tacrolimus_restart", {"tacrolimus": {"response": response}}, kb)
    assert "RESPONSE_UNKNOWN" in {condition.code for condition in option.conditions}


def test_tacrolimus_after_nirmatrelvir_says_from_which_day_on(kb: KnowledgeBase) -> None:
    taken = {"medications": [{"drug": "Paxlovid", "stopped_on": "2026-03-08"}]}
    option, drug = shown("tacrolimus_restart", taken, kb)
    told = next(condition for condition in option.conditions if condition.code == "NIRMATRELVIR_STOPPED")
    assert "No dose before 2026-03-11, " in told.text
    assert drug.deferred_until == "2026-03-11, 3 days after the last dose of nirmatrelvir"


@pytest.mark.parametrize("followed", ["add_mycophenolate", "prednisone_azathioprine"])
def test_azathioprine_beside_mycophenolate_is_told_once_mycophenolate_is_followed(
    followed: str, kb: KnowledgeBase
) -> None:
    both: dict[str, Any] = {"condition": FAILED, "medications": [{"drug": "azathioprine", "dose_mg_per_day": 150}]}
    options = treatment(kb, followed, **both).plan.options
    told = {caution.code for option in options if option.id == "add_mycophenolate" for caution in option.cautions}
    assert ("AZATHIOPRINE_WITH_MYCOPHENOLATE" in told) == (followed == "add_mycophenolate")


@pytest.mark.parametrize("option_id", ["tacrolimus_restart", "add_mycophenolate"])
def test_the_steroid_beside_waits_for_a_specialist_after_a_hypersensitivity(option_id: str, kb: KnowledgeBase) -> None:
    allergic = {"allergies": [{"drug": "prednisone", "reaction": "hypersensitivity"}]}
    option, steroid = shown(option_id, allergic, kb, "prednisone")
    assert option.specialist_dose is True
    assert "a specialist has decided what takes its place" in str(steroid.deferred_until)


@pytest.mark.parametrize("option_id", ["prednisone_azathioprine", "prednisone_monotherapy", "tacrolimus_restart"])
def test_a_steroid_that_was_not_tolerated_is_a_caution_of_each_option_with_it(
    option_id: str, kb: KnowledgeBase
) -> None:
    bad = {"prior_treatments": [{"drug": "prednisone", "response": "sufficient", "tolerated": False}]}
    option, _ = shown(option_id, bad, kb, "prednisone")
    assert "PREDNISONE_NOT_TOLERATED" in {caution.code for caution in option.cautions}


@pytest.mark.parametrize("option_id", ["prednisone_azathioprine", "add_mycophenolate", "switch_cyclosporine"])
def test_a_drug_waits_until_its_tolerance_is_known(option_id: str, kb: KnowledgeBase) -> None:
    untold, drug = shown(option_id, {"prior_treatments": None}, kb)
    assert "PRIOR_TREATMENTS_UNKNOWN" in {condition.code for condition in untold.conditions}
    assert "the prior treatments have been sent" in str(drug.deferred_until)
    given = {"prior_treatments": [{"drug": LEADS[option_id], "response": "sufficient"}]}
    unclear, drug = shown(option_id, given, kb)
    assert "TOLERANCE_UNKNOWN" in {condition.code for condition in unclear.conditions}
    assert "whether" in str(drug.deferred_until)
    assert drug.dose_mg_per_day is None


@pytest.mark.parametrize(
    ("option_id", "changes", "code", "until"),
    [
        ("prednisone_azathioprine", {"patient": {"weight_kg": None}}, "WEIGHT_MISSING", "the body weight is known"),
        ("prednisone_azathioprine", {"labs": labs(bilirubin_total=6)}, "BILIRUBIN_TOO_HIGH", "bilirubin is below 6"),
        ("tacrolimus_restart", {"patient": {"weight_kg": None}}, "WEIGHT_MISSING", "the body weight is known"),
        ("tacrolimus_restart", {"labs": labs(creatinine=None)}, "KIDNEY_FUNCTION_UNKNOWN", "kidney function is known"),
        (
            "tacrolimus_restart",
            {"labs": labs(albumin=None), "condition": {"cirrhosis": "unknown"}},
            "LIVER_FUNCTION_UNKNOWN",
            "Child-Pugh can be calculated",
        ),
        ("tacrolimus_restart", {"tacrolimus": {"stop_reason": None}}, "STOP_REASON_UNKNOWN", "the reason tacrolimus"),
        (
            "tacrolimus_restart",
            {"medications": [{"drug": "tacrolimus", "dose_mg_per_day": 2}]},
            "ALREADY_RUNNING",
            "the medication list is reconciled",
        ),
        (
            "tacrolimus_restart",
            {"labs": labs(bilirubin_total=2.7, inr=1.5)},
            "ACUTE_SEVERE",
            "the transplant team has decided",
        ),
        ("add_mycophenolate", {"labs": labs(neutrophils=None)}, "BLOOD_COUNT_MISSING", "a current neutrophil count"),
        ("add_mycophenolate", {"condition": {"context": "unknown"}}, "CONTEXT_UNKNOWN", "condition.context is known"),
        ("add_mycophenolate", {"condition": {"context": None}}, "CONTEXT_UNKNOWN", "condition.context is known"),
        (
            "add_mycophenolate",
            {"medications": [{"drug": "mycophenolate", "dose_mg_per_day": 1000}]},
            "ALREADY_RUNNING",
            "a clinician has set the dose",
        ),
        ("switch_cyclosporine", {"patient": {"weight_kg": None}}, "SPECIALIST", "the body weight is known"),
        ("switch_cyclosporine", {"labs": labs(creatinine=None)}, "KIDNEY_FUNCTION_UNKNOWN", "kidney function is known"),
        ("switch_cyclosporine", {"tacrolimus": {"stopped_on": None}}, "STOP_DATE_UNKNOWN", "the day tacrolimus was"),
        (
            "switch_cyclosporine",
            {"tacrolimus": {"stop_reason": None}},
            "STOP_REASON_UNKNOWN",
            "the stop reason is known",
        ),
    ],
)
def test_what_a_drug_waits_for_is_said_with_it(
    option_id: str, changes: dict[str, Any], code: str, until: str, kb: KnowledgeBase
) -> None:
    option, drug = shown(option_id, changes, kb)
    assert option.standing == "conditional"
    assert code in {condition.code for condition in option.conditions}
    assert drug.dose_mg_per_day is None
    assert until in str(drug.deferred_until)


@pytest.mark.parametrize(
    ("running", "code", "until"),
    [
        ({"drug": "prednisone", "dose_mg_per_day": 31}, "CURRENT_STEROID_HIGHER", "a clinician has set the steroid"),
        ({"drug": "prednisolone"}, "CURRENT_STEROID_UNKNOWN", "the running steroid dose is known"),
        ({"drug": "methylprednisolone", "dose_mg_per_day": 16}, "OTHER_STEROID_RUNNING", "a clinician has chosen one"),
    ],
)
def test_prednisone_waits_for_what_is_known_of_the_steroid_that_runs(
    running: dict[str, Any], code: str, until: str, kb: KnowledgeBase
) -> None:
    option, steroid = shown("prednisone_azathioprine", {"medications": [running]}, kb, "prednisone")
    assert option.standing == "conditional"
    assert code in {condition.code for condition in option.conditions}
    assert steroid.dose_mg_per_day is None
    assert until in str(steroid.deferred_until)


@pytest.mark.parametrize(
    ("option_id", "changes", "code"),
    [
        ("prednisone_azathioprine", {"allergies": [{"drug": "azathioprine"}]}, "HYPERSENSITIVITY"),
        ("prednisone_azathioprine", {"allergies": [{"drug": "tioguanine"}]}, "HYPERSENSITIVITY"),
        ("prednisone_azathioprine", {"allergies": [{"drug": "mercaptopurine"}]}, "HYPERSENSITIVITY"),
        ("prednisone_azathioprine", {"medications": [{"drug": "febuxostat"}]}, "XANTHINE_OXIDASE_INHIBITOR"),
        ("tacrolimus_restart", {"labs": labs(potassium=6)}, "POTASSIUM_TOO_HIGH"),
        ("tacrolimus_restart", {"allergies": [{"drug": "tacrolimus"}]}, "HYPERSENSITIVITY"),
        ("add_mycophenolate", {"allergies": [{"drug": "mycophenolate"}]}, "HYPERSENSITIVITY"),
        ("switch_cyclosporine", {"allergies": [{"drug": "cyclosporine"}]}, "HYPERSENSITIVITY"),
        ("switch_cyclosporine", {"labs": labs(potassium=6)}, "POTASSIUM_TOO_HIGH"),
        ("switch_cyclosporine", {"tacrolimus": {"stopped_on": "2026-03-09"}}, "WASHOUT"),
        ("switch_cyclosporine", {"vitals": {"diastolic_bp": 100}}, "BLOOD_PRESSURE_UNCONTROLLED"),
        ("switch_cyclosporine", {"tacrolimus": {"stop_reason": "nephrotoxicity"}}, "STOPPED_FOR_NEPHROTOXICITY"),
        ("switch_cyclosporine", {"medications": [{"drug": "sirolimus"}]}, "CNI_WITH_SIROLIMUS"),
    ],
)
def test_what_forbids_a_drug_is_said_with_it(
    option_id: str, changes: dict[str, Any], code: str, kb: KnowledgeBase
) -> None:
    option, drug = shown(option_id, changes, kb)
    assert option.standing == "blocked"
    assert code in {block.code for block in option.blocks}
    assert drug.dose_mg_per_day is None


@pytest.mark.parametrize(
    ("option_id", "changes", "code"),
    [
        ("prednisone_azathioprine", {"comorbidities": ["psychosis"]}, "STEROID_HARM"),
        ("prednisone_azathioprine", {"comorbidities": ["peptic_ulcer"]}, "STEROID_CAUTION"),
        ("prednisone_azathioprine", {"comorbidities": ["heart_failure"]}, "STEROID_CAUTION"),
        ("prednisone_azathioprine", {"comorbidities": ["hypertension"]}, "STEROID_CAUTION"),
        (
            "tacrolimus_restart",
            {"labs": [*labs(creatinine=1.1), lab("creatinine", 0.8, "mg/dL", "2026-02-01")]},
            "CREATININE_RISEN",
        ),
        (
            "tacrolimus_restart",
            {"medications": [{"drug": "diltiazem", "stopped_on": "2026-03-01"}]},
            "CYP3A_PRECIPITANT_STOPPED",
        ),
        (
            "tacrolimus_restart",
            {"medications": [{"drug": "bosentan", "stopped_on": "2026-03-01"}]},
            "CYP3A_PRECIPITANT_STOPPED",
        ),
        (
            "switch_cyclosporine",
            {"medications": [{"drug": "rifampin", "stopped_on": "2026-03-01"}]},
            "CYP3A_PRECIPITANT_STOPPED",
        ),
    ],
)
def test_what_calls_for_care_is_said_with_it(
    option_id: str, changes: dict[str, Any], code: str, kb: KnowledgeBase
) -> None:
    assert code in {caution.code for caution in shown(option_id, changes, kb)[0].cautions}


@pytest.mark.parametrize("reason", ["neurotoxicity", "intolerance", "paradoxical_autoimmunity"])
def test_cyclosporine_is_a_specialist_s_range_after_what_it_might_avoid(reason: str, kb: KnowledgeBase) -> None:
    option, drug = shown("switch_cyclosporine", {"tacrolimus": {"stop_reason": reason}}, kb)
    assert (option.standing, option.specialist_dose) == ("conditional", True)
    assert "SPECIALIST" in {condition.code for condition in option.conditions}
    assert drug.dose_range_mg_per_day is not None
    assert drug.dose_range_mg_per_day.low == 160
    assert drug.dose_range_mg_per_day.high == 320
    assert drug.deferred_until == "a specialist has set the dose within the range"
    assert len(drug.calculation) > 1


@pytest.mark.parametrize("response", ["complete", "partial"])
def test_tacrolimus_that_helped_comes_first_in_refractory_disease(response: str, kb: KnowledgeBase) -> None:
    option, drug = shown("tacrolimus_restart", {"tacrolimus": {"response": response}}, kb)
    assert option.standing == "recommended"
    assert drug.dose_mg_per_day == 6
    assert not option.specialist_dose


@pytest.mark.parametrize("reason", ["neurotoxicity", "infection", "intolerance", "pregnancy"])
def test_tacrolimus_stopped_for_a_side_effect_is_a_specialist_s(reason: str, kb: KnowledgeBase) -> None:
    option, _ = shown("tacrolimus_restart", {"tacrolimus": {"stop_reason": reason}}, kb)
    assert (option.standing, option.specialist_dose) == ("conditional", True)
    assert "STOPPED_FOR_SIDE_EFFECT" in {condition.code for condition in option.conditions}


@pytest.mark.parametrize("results", [labs(creatinine=1.8), labs(bilirubin_total=2.6, albumin=2.7, inr=2.31)])
def test_tacrolimus_with_a_weak_kidney_or_liver_has_no_number_but_a_specialist_s(
    results: list[dict[str, Any]], kb: KnowledgeBase
) -> None:
    option, drug = shown("tacrolimus_restart", {"labs": results}, kb)
    assert option.specialist_dose is True
    assert (drug.dose_mg_per_day, drug.deferred_until) == (None, "a specialist has set the dose")


@pytest.mark.parametrize(
    ("option_id", "changes"),
    [
        ("prednisone_azathioprine", {"labs": labs(platelets=None)}),
        ("tacrolimus_restart", {"patient": {"weight_kg": None}}),
        ("add_mycophenolate", {"labs": labs(neutrophils=None)}),
        ("prednisone_monotherapy", {}),
    ],
)
def test_a_dose_that_awaits_data_is_no_specialist_s(option_id: str, changes: dict[str, Any], kb: KnowledgeBase) -> None:
    options = decide(episode(**changed(option_id, changes)), kb).options
    assert not next(option for option in options if option.id == option_id).specialist_dose


def test_a_higher_steroid_under_way_goes_on_by_its_own_steps_beside_tacrolimus(kb: KnowledgeBase) -> None:
    failed = treatment(kb, tacrolimus=BASES["tacrolimus_restart"]["tacrolimus"])
    for day in (14, 28, 42):
        failed = failed.seen(day, labs={"alt": 600, "ast": 600})
    restart = next(option for option in failed.plan.options if option.id == "tacrolimus_restart")
    steroid = next(item for item in restart.medications if item.drug == "prednisone")
    assert restart.standing == "recommended"
    assert steroid.dose_range_mg_per_day is None
    assert steroid.deferred_until == "the steroid that is taken goes on by its own steps"
