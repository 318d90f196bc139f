from app.knowledge.base import KnowledgeBase
from tests.rules.plan.asked import CONDITION, asked, waiting


def test_a_whole_episode_lacks_nothing(kb: KnowledgeBase) -> None:
    assert asked(kb) == {}


def test_complications_are_unknown_only_when_neither_field_nor_findings_tell(kb: KnowledgeBase) -> None:
    silent = {"ascites": None, "encephalopathy_grade": None, "variceal_bleed": None}
    condition = {**CONDITION, **silent}
    assert waiting(asked(kb, condition=condition, flare={"findings": None})) == {
        "condition.ascites": ["scores", "severity", "transplant"],
        "condition.encephalopathy_grade": ["red_flags", "scores", "severity", "transplant"],
        "condition.variceal_bleed": ["severity", "transplant"],
        "flare.findings": ["infection", "red_flags", "transplant"],
    }
    assert asked(kb, condition=condition) == {}


def test_the_start_of_a_remission_that_was_sent_is_not_asked_for(kb: KnowledgeBase) -> None:
    condition = {**CONDITION, "context": "in_remission", "remission_started_on": "2025-01-01"}
    assert asked(kb, condition=condition) == {}


def test_pregnancy_is_asked_for_when_it_cannot_be_excluded(kb: KnowledgeBase) -> None:
    patient = {"sex": "female", "childbearing_potential": None, "dialysis": False}
    assert waiting(asked(kb, patient=patient)) == {
        "patient.pregnancy": ["add_mycophenolate", "scope"],
        "patient.childbearing_potential": ["add_mycophenolate"],
        "patient.contraception": ["add_mycophenolate"],
        "screening.pregnancy_tests_negative": ["add_mycophenolate"],
    }
    told = {**patient, "pregnancy": "not_pregnant", "contraception": False}
    gates = {"patient.childbearing_potential": ["add_mycophenolate"]}
    assert waiting(asked(kb, patient=told, screening={"pregnancy_tests_negative": 0})) == gates
    excluded = {**patient, "childbearing_potential": False}
    assert asked(kb, patient=excluded) == {}


def test_another_condition_is_asked_for_what_decides_its_referral(kb: KnowledgeBase) -> None:
    nothing = dict.fromkeys(
        ("tacrolimus", "flare", "labs", "medications", "prior_treatments", "allergies", "comorbidities", "screening")
    )
    found = asked(
        kb,
        **nothing,
        patient={"sex": "female", "weight_kg": None, "childbearing_potential": None},
        condition={"code": "uveitis", "context": None, "graft": None, "cirrhosis": None},
    )
    assert set(found) == {
        "patient.pregnancy",
        "medications",
        "allergies",
        "condition.context",
        "condition.graft",
        "condition.organ_threatening",
        "flare.findings",
        "tacrolimus.route",
        "screening.infection_suspected",
    }
    assert found["condition.organ_threatening"].needed_for == ("referral",)
    assert asked(kb, condition={"code": "uveitis", "organ_threatening": False}) == {}
