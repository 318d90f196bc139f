from decimal import Decimal
from typing import Any, get_args

import pytest

from app.clinical.remark import Score
from app.clinical.vocabulary import ScoreName
from app.facts.prepare import prepare_facts
from app.facts.scores import meld_highest
from app.knowledge.base import KnowledgeBase
from tests.builders import episode, lab, labs

ON_WARFARIN = [{"drug": "warfarin"}]


def scores(kb: KnowledgeBase, **changes: Any) -> dict[ScoreName, Score]:
    return prepare_facts(episode(**changes), kb).scores


def second_relapse(kb: KnowledgeBase) -> dict[ScoreName, Score]:
    """The patient of a published pattern: relapse a month after the calcineurin inhibitor was stopped."""
    return scores(
        kb,
        patient={"age_years": 44, "sex": "female", "weight_kg": 62},
        labs=labs(alt=310, ast=260, bilirubin_total=1.8, inr=1.1, igg=21, creatinine=0.8, sodium=139, albumin=3.9),
    )


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [("meld", "9.72", 10), ("meld_na", "10", 10), ("meld_3_0", "10.88", 11), ("child_pugh", "5", 5)],
)
def test_a_known_patient_gets_the_published_values(kb: KnowledgeBase, name: ScoreName, raw: str, value: int) -> None:
    score = second_relapse(kb)[name]
    assert score.raw is not None
    assert abs(score.raw - Decimal(raw)) < Decimal("0.006")
    assert score.value == value
    assert score.interpretable


def test_every_score_names_its_version_unit_inputs_and_sources(kb: KnowledgeBase) -> None:
    found = scores(kb)
    assert set(found) == set(get_args(ScoreName))
    for name, score in found.items():
        assert score.name == name
        assert score.version
        assert score.unit
        assert score.inputs
        assert set(score.citations) <= set(kb.citations)


def test_inputs_are_shown_in_the_unit_of_the_formula(kb: KnowledgeBase) -> None:
    rows = [*labs(bilirubin_total=None), lab("bilirubin_total", 17.104, "umol/L")]
    shown = {item.name: (item.value, item.unit) for item in scores(kb, labs=rows)["meld"].inputs}
    value, unit = shown["bilirubin_total"]
    assert isinstance(value, Decimal)
    assert abs(value - 1) < Decimal("1e-9")
    assert unit == "mg/dL"


@pytest.mark.parametrize(
    ("missing", "hit"),
    [
        ("creatinine", {"meld", "meld_na", "meld_3_0", "egfr_ckd_epi_2021"}),
        ("bilirubin_total", {"meld", "meld_na", "meld_3_0", "child_pugh"}),
        ("inr", {"meld", "meld_na", "meld_3_0", "child_pugh"}),
        ("sodium", {"meld_na", "meld_3_0"}),
        ("albumin", {"meld_3_0", "child_pugh"}),
        ("ast", {"fib_4"}),
        ("alt", {"fib_4"}),
        ("platelets", {"fib_4"}),
    ],
)
def test_a_score_without_an_input_has_no_value_and_names_what_is_missing(
    kb: KnowledgeBase, missing: str, hit: set[ScoreName]
) -> None:
    without: dict[str, Any] = {missing: None}
    found = scores(kb, labs=labs(**without), condition={"context": "in_remission"})
    assert {name for name, score in found.items() if score.value is None} == hit
    assert {name for name, score in found.items() if not score.interpretable} == hit
    for name in hit:
        assert found[name].raw is None
        assert kb.analytes[missing].title in (found[name].because or "")


def test_a_score_without_a_value_says_nothing_of_how_it_was_calculated(kb: KnowledgeBase) -> None:
    because = scores(kb, labs=labs(inr=None), patient={"sex": "unknown"})["meld_3_0"].because or ""
    assert because == f"Not known or out of date: {kb.analytes['inr'].title}."


def test_a_stale_result_is_missing(kb: KnowledgeBase) -> None:
    score = scores(kb, labs=labs("2026-01-29"))["meld"]
    assert (score.value, score.interpretable) == (None, False)
    assert "out of date" in (score.because or "")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"ascites": "unknown"}, "degree of ascites"),
        ({"encephalopathy_grade": None}, "grade of encephalopathy"),
    ],
)
def test_child_pugh_needs_ascites_and_encephalopathy(kb: KnowledgeBase, condition: dict[str, Any], words: str) -> None:
    score = scores(kb, condition=condition, flare=None)["child_pugh"]
    assert (score.value, score.category, score.interpretable) == (None, None, False)
    assert words in (score.because or "")


def test_child_pugh_carries_its_class_and_the_others_none(kb: KnowledgeBase) -> None:
    found = scores(kb, condition={"ascites": "moderate_severe", "encephalopathy_grade": 3})
    assert (found["child_pugh"].value, found["child_pugh"].category) == (Decimal(9), "B")
    assert found["meld"].category is None


@pytest.mark.parametrize("name", ["meld", "meld_na", "meld_3_0", "egfr_ckd_epi_2021"])
def test_dialysis_that_is_not_recorded_is_said(kb: KnowledgeBase, name: ScoreName) -> None:
    score = scores(kb)[name]
    assert score.interpretable
    assert "Dialysis is not recorded" in (score.because or "")
    assert scores(kb, patient={"dialysis": False})[name].because is None


def test_on_dialysis_meld_takes_the_highest_creatinine_and_filtration_has_no_value(kb: KnowledgeBase) -> None:
    found = scores(kb, patient={"dialysis": True})
    assert [found[name].value for name in ("meld", "meld_na", "meld_3_0")] == [20, 20, 18]
    assert (found["egfr_ckd_epi_2021"].value, found["egfr_ckd_epi_2021"].interpretable) == (None, False)
    assert "dialysis" in (found["egfr_ckd_epi_2021"].because or "")


@pytest.mark.parametrize(("name", "worse"), [("meld_3_0", max), ("egfr_ckd_epi_2021", min)])
def test_of_an_unknown_sex_the_worse_value_is_shown_and_said(kb: KnowledgeBase, name: ScoreName, worse: Any) -> None:
    results = labs(bilirubin_total=2.5, inr=1.8, creatinine=1.5)
    by_sex = {
        sex: scores(kb, patient={"sex": sex, "dialysis": False}, labs=results)[name]
        for sex in ("female", "male", "unknown")
    }
    assert by_sex["unknown"].raw == worse(by_sex["female"].raw, by_sex["male"].raw)
    assert "Sex is unknown" in (by_sex["unknown"].because or "")
    assert by_sex["female"].because is by_sex["male"].because is None


@pytest.mark.parametrize(("age", "valid"), [(17, False), (18, True), (19, True)])
def test_filtration_is_estimated_from_eighteen_years(kb: KnowledgeBase, age: int, valid: bool) -> None:
    score = scores(kb, patient={"age_years": age, "dialysis": False})["egfr_ckd_epi_2021"]
    assert score.interpretable is (score.value is not None) is valid
    assert ("18 years" in (score.because or "")) is not valid


@pytest.mark.parametrize("name", ["meld", "meld_na", "meld_3_0", "child_pugh"])
@pytest.mark.parametrize("drug", ["warfarin", "apixaban"])
def test_an_anticoagulant_makes_an_inr_score_unreliable(kb: KnowledgeBase, name: ScoreName, drug: str) -> None:
    score = scores(kb, medications=[{"drug": drug}])[name]
    assert score.interpretable
    assert "Unreliable" in (score.because or "")


def test_a_score_without_inr_does_not_mind_an_anticoagulant(kb: KnowledgeBase) -> None:
    score = scores(kb, medications=ON_WARFARIN, patient={"dialysis": False})["egfr_ckd_epi_2021"]
    assert score.because is None


@pytest.mark.parametrize(
    ("condition", "readable"),
    [
        ({"context": "relapse_after_withdrawal"}, False),
        ({"context": None}, False),
        ({"context": "in_remission"}, True),
        ({"code": "lupus_nephritis"}, True),
    ],
)
def test_fib_4_is_not_read_in_a_hepatitis_flare(kb: KnowledgeBase, condition: dict[str, Any], readable: bool) -> None:
    score = scores(kb, condition=condition)["fib_4"]
    assert score.value == Decimal("2.35")
    assert score.interpretable is readable
    assert (score.because is None) is readable


def test_fib_4_without_platelets_has_no_value(kb: KnowledgeBase) -> None:
    score = scores(kb, labs=labs(platelets=0), condition={"context": "in_remission"})["fib_4"]
    assert (score.value, score.interpretable) == (None, False)
    assert "platelets" in (score.because or "")


def test_the_highest_reported_meld_variant_counts(kb: KnowledgeBase) -> None:
    found = scores(kb, labs=labs(bilirubin_total=2.5, inr=1.5, creatinine=1.0, albumin=3.0, sodium=131))
    values = [found["meld"].value, found["meld_na"].value, found["meld_3_0"].value]
    assert meld_highest(found) == max(value for value in values if value is not None)
    assert len(set(values)) > 1


def test_one_known_variant_is_enough(kb: KnowledgeBase) -> None:
    found = scores(kb, labs=labs(sodium=None))
    assert meld_highest(found) == found["meld"].value


def test_without_any_variant_there_is_no_highest(kb: KnowledgeBase) -> None:
    assert meld_highest(scores(kb, labs=None)) is None
