"""What a critique says of the patient and of drugs that meet, each on both sides of the boundary."""

import pytest

from app.knowledge.base import KnowledgeBase
from tests.builders import DAY, labs
from tests.rules.critique.proposed import STOP, WOMAN, Case, case, order, taper

PATIENT = [
    case("INR missing", order("prednisone", 60), labs=labs(inr=None), says={"SEVERITY_UNKNOWN": "warning"}),
    case(
        "a steroid that this service does not dose while an infection is suspected",
        order("dexamethasone", 4),
        screening={"infection_suspected": True},
        says={"INFECTION_NOT_EXCLUDED": "critical"},
    ),
    case(
        "nothing but a vaccine while an infection is suspected",
        order("MMR"),
        screening={"infection_suspected": True},
        says={"INFECTION_NOT_EXCLUDED": None, "LIVE_VACCINE": "critical"},
    ),
    case(
        "a vaccine and a drug that both run already",
        order("omeprazole", 20),
        running=[order("azathioprine", 100), order("MMR")],
        says={"LIVE_VACCINE": None},
    ),
    case(
        "budesonide in uveitis, the liver unknown",
        order("budesonide", 9),
        condition={"code": "uveitis", "cirrhosis": None},
        says={"BUDESONIDE_LIVER_UNKNOWN": None},
    ),
    case(
        "a pregnancy test without contraception",
        order("sirolimus", 1),
        patient=WOMAN,
        screening={"pregnancy_tests_negative": 1},
        says={"PREGNANCY_GATES_OPEN": "critical", "SPECIALIST_DRUG": "warning"},
    ),
    case(
        "the only drug ends",
        order("azathioprine", **STOP),
        running=[order("azathioprine", 50)],
        says={"TREATMENT_ENDED": "warning"},
    ),
    case(
        "the only drug pauses for a fortnight",
        running=[order("azathioprine", 50)],
        down=taper("azathioprine", (DAY, 0), ("2026-03-24", 50)),
        says={"TREATMENT_ENDED": None},
    ),
]

PAIRS = [
    case(
        "both of a lethal pair in one line",
        order("azathioprine / allopurinol", 50),
        says={"XANTHINE_OXIDASE_INHIBITOR": "critical"},
    ),
    case(
        "one drug twice that the proposal does not touch",
        order("prednisone", 30),
        running=[order("azathioprine", 50), order("Imuran", 50)],
        says={"SAME_DRUG_TWICE": None},
    ),
    case(
        "two drugs of this service",
        order("prednisone", 30),
        order("azathioprine", 50),
        order("mycophenolate", 1000),
        says={"SAME_DRUG_TWICE": None},
    ),
    case(
        "tacrolimus stopped the day before a drug that needs no wash-out",
        order("azathioprine", 50),
        tacrolimus={"stopped_on": "2026-03-09"},
        says={"WASHOUT": None},
    ),
    case(
        "an inducer stopped lately beside a drug that is not dosed by its level",
        order("azathioprine", 50),
        running=[{"drug": "rifampin", "stopped_on": "2026-03-01"}],
        says={"CYP3A_PRECIPITANT_STOPPED": None},
    ),
]


@pytest.mark.parametrize("asked", PATIENT)
def test_what_is_said_of_a_patient_begins_at_its_boundary(asked: Case, kb: KnowledgeBase) -> None:
    assert asked.answers(kb) == asked.says


@pytest.mark.parametrize("asked", PAIRS)
def test_what_is_said_of_drugs_that_meet_begins_at_its_boundary(asked: Case, kb: KnowledgeBase) -> None:
    assert asked.answers(kb) == asked.says
