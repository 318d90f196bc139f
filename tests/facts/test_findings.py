from typing import Any

import pytest

from app.facts.dates import resolved_dates
from app.facts.findings import (
    any_of,
    ascites,
    ascites_degree,
    encephalopathy,
    encephalopathy_grade,
    fever,
    may_be_pregnant,
    refractory,
    variceal_bleed,
)
from app.facts.medicines import medicine_facts
from app.knowledge.base import KnowledgeBase
from tests.builders import episode

PREDNISONE_FAILED = {"drug": "prednisone", "response": "insufficient"}
AZATHIOPRINE_FAILED = {"drug": "azathioprine", "response": "insufficient"}


def findings(*codes: str) -> dict[str, Any]:
    return {"findings": list(codes)}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((None, None), None),
        ((False, None), False),
        ((None, False), False),
        ((True, False), True),
        ((None, True), True),
        ((False, False), False),
    ],
)
def test_one_yes_is_a_yes_and_no_answer_is_unknown(answers: tuple[bool | None, ...], expected: bool | None) -> None:
    assert any_of(*answers) is expected


@pytest.mark.parametrize(
    ("grade", "flare", "present", "known_grade"),
    [
        (None, None, None, None),
        (0, None, False, 0),
        (1, None, True, 1),
        (4, findings(), True, 4),
        (None, findings(), False, 0),
        (None, findings("encephalopathy"), True, None),
        (0, findings("encephalopathy"), True, None),
        (2, findings("encephalopathy"), True, 2),
        (None, findings("confusion"), None, None),
        (None, findings("seizure"), None, None),
        (None, findings("tremor"), False, 0),
        (None, findings("confusion", "encephalopathy"), True, None),
        (0, findings("confusion", "seizure"), False, 0),
        (1, findings("confusion"), True, 1),
    ],
)
def test_encephalopathy_is_read_from_grade_and_finding(
    grade: int | None, flare: dict[str, Any] | None, present: bool | None, known_grade: int | None
) -> None:
    patient = episode(condition={"encephalopathy_grade": grade}, flare=flare)
    assert encephalopathy(patient) is present
    assert encephalopathy_grade(patient) == known_grade


@pytest.mark.parametrize(
    ("degree", "flare", "present", "known_degree"),
    [
        (None, None, None, None),
        ("unknown", None, None, None),
        ("none", None, False, "none"),
        ("mild", None, True, "mild"),
        ("moderate_severe", findings(), True, "moderate_severe"),
        (None, findings(), False, "none"),
        ("unknown", findings(), None, None),
        ("unknown", findings("tremor"), None, None),
        ("unknown", findings("ascites"), True, None),
        ("none", findings("ascites"), True, None),
    ],
)
def test_ascites_is_read_from_degree_and_finding(
    degree: str | None, flare: dict[str, Any] | None, present: bool | None, known_degree: str | None
) -> None:
    patient = episode(condition={"ascites": degree}, flare=flare)
    assert ascites(patient) is present
    assert ascites_degree(patient) == known_degree


@pytest.mark.parametrize(
    ("recorded", "flare", "present"),
    [
        (None, None, None),
        (None, {"onset_on": "2026-03-10", "findings": None}, None),
        (False, None, False),
        (True, findings(), True),
        (None, findings(), False),
        (False, findings("variceal_bleed"), True),
    ],
)
def test_a_variceal_bleed_is_read_from_condition_and_finding(
    recorded: bool | None, flare: dict[str, Any] | None, present: bool | None
) -> None:
    patient = episode(condition={"variceal_bleed": recorded}, flare=flare)
    assert variceal_bleed(patient) is present


@pytest.mark.parametrize(("day", "excluded"), [("10", False), ("08", False), ("07", None)])
@pytest.mark.parametrize(("temperature", "fevered"), [(37.9, False), (38, True)])
def test_an_old_temperature_excludes_no_fever_but_goes_on_telling_of_one(
    kb: KnowledgeBase, day: str, excluded: bool | None, temperature: float, fevered: bool
) -> None:
    vitals = {"temperature_c": temperature, "measured_at": f"2026-03-{day}T06:00:00Z"}
    assert fever(episode(vitals=vitals, flare=None), kb) is (True if fevered else excluded)


@pytest.mark.parametrize(
    ("temperature", "flare", "present"),
    [
        (None, None, None),
        (37.9, None, False),
        (38.0, None, True),
        (38.1, None, True),
        (None, findings(), False),
        (None, findings("fever"), True),
        (36.5, findings("fever"), True),
        (39.0, findings(), True),
    ],
)
def test_fever_starts_at_38_degrees(
    kb: KnowledgeBase, temperature: float | None, flare: dict[str, Any] | None, present: bool | None
) -> None:
    vitals = None if temperature is None else {"temperature_c": temperature}
    assert fever(episode(vitals=vitals, flare=flare), kb) is present


@pytest.mark.parametrize(
    ("sex", "potential", "pregnancy", "expected"),
    [
        ("female", None, None, None),
        ("female", True, None, None),
        ("female", True, "unknown", None),
        ("female", True, "not_pregnant", False),
        ("female", False, None, False),
        ("female", False, "pregnant", True),
        ("unknown", None, None, None),
        ("unknown", None, "pregnant", True),
        ("male", None, None, False),
        ("male", False, None, False),
        ("male", True, None, None),
        ("male", True, "not_pregnant", False),
        ("male", None, "pregnant", True),
    ],
)
def test_pregnancy_is_excluded_only_by_a_reason(
    sex: str, potential: bool | None, pregnancy: str | None, expected: bool | None
) -> None:
    patient = episode(patient={"sex": sex, "childbearing_potential": potential, "pregnancy": pregnancy})
    assert may_be_pregnant(patient) is expected


@pytest.mark.parametrize(
    ("context", "prior", "expected"),
    [
        ("failure_on_therapy", None, True),
        ("failure_on_therapy", [], True),
        ("relapse_after_withdrawal", None, None),
        ("relapse_after_withdrawal", [], False),
        (None, [], None),
        ("unknown", [], None),
        ("loss_of_remission", [PREDNISONE_FAILED], False),
        ("loss_of_remission", [AZATHIOPRINE_FAILED], False),
        (None, [PREDNISONE_FAILED, AZATHIOPRINE_FAILED], True),
        (None, [{"drug": "prednisolone", "response": "insufficient"}, AZATHIOPRINE_FAILED], True),
        (None, [{"drug": "prednisone + azathioprine", "response": "insufficient"}], True),
        ("loss_of_remission", [PREDNISONE_FAILED, {"drug": "azathioprine", "response": "unknown"}], None),
        ("loss_of_remission", [{"drug": "prednisone"}, AZATHIOPRINE_FAILED], None),
        ("loss_of_remission", [PREDNISONE_FAILED, {"drug": "azathioprine", "response": "sufficient"}], False),
        ("loss_of_remission", [PREDNISONE_FAILED, {"drug": "Frobozz", "response": "insufficient"}], None),
        ("loss_of_remission", [PREDNISONE_FAILED, {"drug": "Frobozz"}], None),
        ("loss_of_remission", [PREDNISONE_FAILED, AZATHIOPRINE_FAILED, {"drug": "Frobozz"}], True),
    ],
)
def test_refractory_is_failed_standard_therapy(
    kb: KnowledgeBase, context: str | None, prior: list[dict[str, Any]] | None, expected: bool | None
) -> None:
    patient = episode(condition={"context": context}, prior_treatments=prior)
    medicines = medicine_facts(patient, resolved_dates(patient)[1], kb)
    assert refractory(patient, medicines) is expected
