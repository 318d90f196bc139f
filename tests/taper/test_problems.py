"""What a request is refused for, where the fault stands, and the last request that is still granted."""

from datetime import date
from typing import Any

import pytest

from app.clinical.vocabulary import OptionId
from app.knowledge.base import KnowledgeBase
from app.taper.refusal import pointer
from tests.taper.asked import granted, refused, request, withdrawal

OWN = {"step_mg": {"prednisone": 10}, "floor_mg": {"prednisone": 10}}


def faults(kb: KnowledgeBase, **changes: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.pointer) for problem in refused(request(**changes), kb)]


def test_a_pointer_escapes_what_would_split_it() -> None:
    assert pointer("drug_doses", "a/b~c") == "/drug_doses/a~1b~0c"


def test_every_problem_of_a_medical_kind_names_its_ground(kb: KnowledgeBase) -> None:
    (problem,) = refused(request(drug_doses={"prednisone": 40}, step_mg={"prednisone": 15}), kb)
    assert problem.citations == ("S36", "C08", "P-taper")
    assert set(problem.citations) <= kb.citations.keys()


def test_unknown_drugs_are_named_in_doses_and_tablets(kb: KnowledgeBase) -> None:
    found = faults(kb, drug_doses={"prednisone": 30, "aspirin": 1}, tablet_strengths={"x/y": [5]})
    assert found == [("UNKNOWN_DRUG", "/drug_doses/aspirin"), ("UNKNOWN_DRUG", "/tablet_strengths/x~1y")]


@pytest.mark.parametrize("drug", ["methotrexate", "cyclophosphamide", "sirolimus"])
def test_a_third_line_drug_never_gets_a_dose(drug: str, kb: KnowledgeBase) -> None:
    own = {"step_mg": {drug: 5}, "floor_mg": {drug: 5}}
    (problem,) = refused(request(drug_doses={drug: 15}, option_id="third_line", **own), kb)
    assert (problem.code, problem.pointer) == ("NO_DOSE_PRODUCED", f"/drug_doses/{drug}")
    assert problem.citations == ("P-options", *kb.drugs[drug].cites)


def test_prednisone_and_prednisolone_are_the_same_steroid(kb: KnowledgeBase) -> None:
    assert faults(kb, drug_doses={"prednisone": 30, "prednisolone": 30}) == [("STEROID_TWICE", "/drug_doses")]


def test_a_step_or_floor_belongs_to_a_drug_of_the_schedule(kb: KnowledgeBase) -> None:
    found = faults(kb, step_mg={"tacrolimus": 1, "aspirin": 1}, floor_mg={"tacrolimus": 1})
    assert found == [
        ("DRUG_NOT_IN_SCHEDULE", "/step_mg/aspirin"),
        ("DRUG_NOT_IN_SCHEDULE", "/step_mg/tacrolimus"),
        ("DRUG_NOT_IN_SCHEDULE", "/floor_mg/tacrolimus"),
    ]


@pytest.mark.parametrize(
    ("option", "drugs"),
    [
        ("prednisone_azathioprine", {"prednisone": 30}),
        ("prednisone_monotherapy", {"prednisone": 30, "azathioprine": 150}),
        ("third_line", {"prednisone": 30}),
        ("tacrolimus_restart", {"prednisone": 30}),
        ("add_mycophenolate", {"prednisone": 30}),
        ("switch_cyclosporine", {"prednisone": 30}),
    ],
)
def test_an_option_comes_with_its_drugs(option: OptionId, drugs: dict[str, int], kb: KnowledgeBase) -> None:
    assert faults(kb, option_id=option, drug_doses=drugs) == [("OPTION_WITHOUT_ITS_DRUGS", "/drug_doses")]


def test_an_option_with_its_drugs_is_granted(kb: KnowledgeBase) -> None:
    assert granted(request(option_id="prednisone_azathioprine"), kb).option_id == "prednisone_azathioprine"
    for option, drug in (
        ("add_mycophenolate", "mycophenolate"),
        ("tacrolimus_restart", "tacrolimus"),
        ("switch_cyclosporine", "cyclosporine"),
    ):
        most = 4 if drug == "tacrolimus" else 1000
        own = {"step_mg": {drug: most / 4, "prednisone": 5}, "floor_mg": {drug: most / 2, "prednisone": 5}}
        doses = {drug: most, "prednisone": 20}
        assert granted(request(option_id=option, drug_doses=doses, **own), kb).option_id == option


def test_any_other_condition_needs_step_and_floor(kb: KnowledgeBase) -> None:
    other = {"drug_doses": {"prednisone": 40}, "condition": "lupus_nephritis"}
    both = [("STEP_AND_FLOOR_REQUIRED", "/step_mg"), ("STEP_AND_FLOOR_REQUIRED", "/floor_mg")]
    assert faults(kb, **other) == both
    assert faults(kb, **other, step_mg=OWN["step_mg"]) == both[1:]
    assert faults(kb, **other, floor_mg=OWN["floor_mg"]) == both[:1]
    assert granted(request(**other, **OWN), kb).floor == {"prednisone": 10}


def test_drugs_without_a_schedule_of_the_source_need_step_and_floor(kb: KnowledgeBase) -> None:
    assert [code for code, _ in faults(kb, drug_doses={"azathioprine": 100})] == ["STEP_AND_FLOOR_REQUIRED"] * 2


def test_a_floor_above_the_start_would_go_up(kb: KnowledgeBase) -> None:
    alone = {"drug_doses": {"prednisone": 30}}
    assert faults(kb, **alone, floor_mg={"prednisone": 30.5}) == [("FLOOR_ABOVE_START", "/floor_mg/prednisone")]
    assert granted(request(**alone, floor_mg={"prednisone": 30}), kb).steps[0].status == "floor"


def test_below_the_maintenance_dose_a_reason_is_needed(kb: KnowledgeBase) -> None:
    lower = {"drug_doses": {"prednisone": 30}, "floor_mg": {"prednisone": 19}}
    assert faults(kb, **lower) == [("FLOOR_BELOW_MAINTENANCE", "/floor_mg/prednisone")]
    assert granted(request(**lower, override_reason="specialist_advice"), kb).floor == {"prednisone": 19}
    assert granted(request(**lower | {"floor_mg": {"prednisone": 20}}), kb).floor == {"prednisone": 20}


@pytest.mark.parametrize("drug", ["prednisone", "prednisolone"])
def test_more_than_ten_milligrams_a_month_need_a_reason(drug: str, kb: KnowledgeBase) -> None:
    fast = {"drug_doses": {drug: 60}, "step_mg": {drug: 15}}
    assert faults(kb, **fast | {"step_mg": {drug: 10.5}}) == [("TAPER_TOO_FAST", f"/step_mg/{drug}")]
    assert faults(kb, **fast) == [("TAPER_TOO_FAST", f"/step_mg/{drug}")]
    assert granted(request(**fast | {"step_mg": {drug: 10}}), kb).step_mg == {drug: 10}
    assert granted(request(**fast, override_reason="adverse_effect"), kb).steps[1].doses[drug] == 45


def test_the_speed_limit_is_a_matter_of_hepatitis(kb: KnowledgeBase) -> None:
    own = {"step_mg": {"prednisone": 20}, "floor_mg": {"prednisone": 10}}
    assert (
        granted(request(drug_doses={"prednisone": 50}, condition="anca_vasculitis", **own), kb).step_mg
        == own["step_mg"]
    )


def test_azathioprine_has_no_speed_limit(kb: KnowledgeBase) -> None:
    assert granted(request(step_mg={"azathioprine": 100}), kb).steps[1].doses["azathioprine"] == 50


@pytest.mark.parametrize("note", [None, "", "  \n"])
def test_the_reason_other_needs_a_note(note: str | None, kb: KnowledgeBase) -> None:
    assert faults(kb, override_reason="other", override_note=note) == [("OVERRIDE_NOTE_REQUIRED", "/override_note")]


def test_the_reason_other_with_a_note_is_heard(kb: KnowledgeBase) -> None:
    assert "LIMITS_OVERRIDDEN" in {
        item.code for item in granted(request(override_reason="other", override_note="Cushing"), kb).advice
    }


def test_an_end_date_belongs_to_a_withdrawal_of_tacrolimus_alone(kb: KnowledgeBase) -> None:
    assert faults(kb, end_on="2026-09-10") == [("END_ON_NOT_USED", "/end_on")]


@pytest.mark.parametrize("step", ["0.16", "0.000001"])
def test_a_schedule_of_more_than_ten_years_is_a_slip(step: str, kb: KnowledgeBase) -> None:
    assert faults(kb, drug_doses={"prednisone": 40}, step_mg={"prednisone": float(step)}) == [
        ("SCHEDULE_TOO_LONG", "/step_mg")
    ]


def test_the_slowest_drug_says_how_long_a_schedule_takes(kb: KnowledgeBase) -> None:
    assert faults(kb, step_mg={"azathioprine": 0.5}) == [("SCHEDULE_TOO_LONG", "/step_mg")]


def test_a_schedule_of_ten_years_is_granted(kb: KnowledgeBase) -> None:
    half = {"step_mg": {"prednisone": 0.5}, "tablet_strengths": {"prednisone": [0.5]}}
    slow = request(drug_doses={"prednisone": 80}, override_reason="specialist_advice", **half)
    assert len(granted(slow, kb).steps) == 121


def test_a_schedule_stays_within_the_days_the_contract_can_write(kb: KnowledgeBase) -> None:
    assert faults(kb, start_on="2199-11-10") == [("SCHEDULE_TOO_LONG", "/start_on")]
    assert granted(request(start_on="2199-10-01"), kb).steps[-1].starts_on.year == 2199
    last = {"start_on": "2198-10-30", "end_on": "2198-12-29"}
    assert granted(withdrawal(**last), kb).visits[-1].due_on == date(2199, 12, 30)
    late = refused(withdrawal(**last | {"end_on": "2198-12-30"}), kb)
    assert [(problem.code, problem.pointer) for problem in late] == [("SCHEDULE_TOO_LONG", "/start_on")]


def test_an_abrupt_stop_of_tacrolimus_is_refused(kb: KnowledgeBase) -> None:
    for end_on in (None, "2026-01-31", "2026-01-30", "2026-03-01"):
        (problem,) = refused(withdrawal(end_on=end_on), kb)
        assert (problem.code, problem.pointer) == ("TACROLIMUS_TAPER_TOO_SHORT", "/end_on")
        assert {"S28", "S29"} <= set(problem.citations)


def test_a_withdrawal_of_exactly_one_month_is_granted(kb: KnowledgeBase) -> None:
    assert granted(withdrawal(end_on="2026-03-02"), kb).steps[-1].ends_on is not None


def test_a_withdrawal_needs_a_step_before_its_end(kb: KnowledgeBase) -> None:
    whole = withdrawal(step_mg={"tacrolimus": 4}, override_reason="clinical_judgement")
    assert [(problem.code, problem.pointer) for problem in refused(whole, kb)] == [
        ("TACROLIMUS_TAPER_TOO_SHORT", "/step_mg")
    ]
    (only,) = granted(withdrawal(drug_doses={"tacrolimus": 0.5}), kb).steps
    assert (only.status, only.ends_on) == ("current", date(2026, 3, 31))


def test_a_withdrawal_needs_more_days_than_steps(kb: KnowledgeBase) -> None:
    many = withdrawal(drug_doses={"tacrolimus": 30}, end_on="2026-03-31")
    assert [problem.code for problem in refused(many, kb)] == ["TACROLIMUS_TAPER_TOO_SHORT"]
    assert len(granted(withdrawal(drug_doses={"tacrolimus": 30}, end_on="2026-04-01"), kb).steps) == 60


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"drug_doses": {"tacrolimus": 60.5}}, "/step_mg"), ({"end_on": "2036-02-01"}, "/end_on")],
)
def test_a_withdrawal_too_long_to_be_meant_is_refused(changes: dict[str, Any], place: str, kb: KnowledgeBase) -> None:
    found = [(problem.code, problem.pointer) for problem in refused(withdrawal(**changes), kb)]
    assert found == [("SCHEDULE_TOO_LONG", place)]


def test_a_withdrawal_of_ten_years_in_as_many_steps_as_anybody_plans_is_granted(kb: KnowledgeBase) -> None:
    taper = granted(withdrawal(drug_doses={"tacrolimus": 60}, end_on="2036-01-31"), kb)
    assert (len(taper.steps), taper.steps[-1].ends_on) == (120, date(2036, 1, 31))


def test_larger_steps_of_tacrolimus_need_a_reason(kb: KnowledgeBase) -> None:
    asked = {"step_mg": {"tacrolimus": 1}}
    assert [problem.code for problem in refused(withdrawal(**asked), kb)] == ["TAPER_TOO_FAST"]
    assert len(granted(withdrawal(**asked, override_reason="availability"), kb).steps) == 4


def test_a_withdrawal_in_another_condition_needs_step_and_floor(kb: KnowledgeBase) -> None:
    codes = [problem.code for problem in refused(withdrawal(condition="membranous_nephropathy"), kb)]
    assert codes == ["STEP_AND_FLOOR_REQUIRED", "STEP_AND_FLOOR_REQUIRED"]


def test_tacrolimus_down_to_a_floor_is_no_withdrawal(kb: KnowledgeBase) -> None:
    own = {"step_mg": {"tacrolimus": 0.5}, "floor_mg": {"tacrolimus": 3}}
    taper = granted(withdrawal(end_on=None, **own), kb)
    assert [step.doses["tacrolimus"] for step in taper.steps] == [4, 3.5, 3]
    assert taper.visits == ()


def test_one_number_stands_for_the_step_or_the_floor_of_one_drug(kb: KnowledgeBase) -> None:
    alone = {"drug_doses": {"prednisone": 40}, "condition": "lupus_nephritis"}
    each = granted(request(**alone, step_mg={"prednisone": 5}, floor_mg={"prednisone": 10}), kb)
    assert granted(request(**alone, step_mg=5, floor_mg=10), kb) == each
    assert granted(request(**alone, step_mg=5, floor_mg={"prednisone": 10}), kb) == each
    assert faults(kb, drug_doses={"prednisone": 60}, step_mg=10.5) == [("TAPER_TOO_FAST", "/step_mg/prednisone")]
    assert granted(request(drug_doses={"prednisone": 60}, step_mg=10), kb).step_mg == {"prednisone": 10}


def test_one_number_for_several_drugs_is_refused(kb: KnowledgeBase) -> None:
    assert faults(kb, step_mg=5, floor_mg=10) == [
        ("NUMBER_FOR_EACH_DRUG", "/step_mg"),
        ("NUMBER_FOR_EACH_DRUG", "/floor_mg"),
    ]
    assert faults(kb, floor_mg=10) == [("NUMBER_FOR_EACH_DRUG", "/floor_mg")]
    assert faults(kb, floor_mg=200) == [("NUMBER_FOR_EACH_DRUG", "/floor_mg")]
