from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.progress import Course
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.rules.plan import monitoring as module
from app.rules.plan import next_test
from app.rules.plan.monitoring import monitoring
from tests.builders import episode, labs
from tests.rules.plan.prepared import facts_of
from tests.treatment import COMBINATION as COMBINATION_LEVELS
from tests.treatment import following, stepped

NORMAL = labs(alt=30, ast=30, igg=12)
FIRST_LINE = ("prednisone_azathioprine",)
COMBINATION = frozenset({"prednisone", "azathioprine"})
WITH_TACROLIMUS = frozenset({"prednisone", "tacrolimus"})


def due(kb: KnowledgeBase, drugs: frozenset[str], **changes: object) -> dict[str, date]:
    return {item.code: item.due_on for item in monitoring(facts_of(kb, **changes), kb, FIRST_LINE, drugs)}


def test_every_row_that_is_named_stands_in_the_table(kb: KnowledgeBase) -> None:
    named = {code for rows in (*module._OF_DRUG.values(), *module._IN_REMISSION.values()) for code in rows}
    assert named | {*next_test.LIVER, *next_test.BLOOD_COUNT} <= set(kb.monitoring)


def test_liver_tests_come_every_14_days_then_monthly_then_quarterly(kb: KnowledgeBase) -> None:
    items = {item.code: item for item in monitoring(facts_of(kb), kb, FIRST_LINE, COMBINATION)}
    assert items["liver_labs"].due_on == date(2026, 3, 24)
    assert items["liver_labs"].repeat_days == 14
    assert items["liver_labs"].analytes == ("alt", "ast", "bilirubin_total", "inr", "albumin", "igg")
    assert items["liver_labs"].due_on < items["liver_labs_monthly"].due_on < items["liver_labs_quarterly"].due_on


def test_dates_count_from_the_first_treatment_day(kb: KnowledgeBase) -> None:
    assert due(kb, COMBINATION, start_on="2026-03-12")["liver_labs"] == date(2026, 3, 26)


def test_azathioprine_has_a_weekly_blood_count_first(kb: KnowledgeBase) -> None:
    dates = due(kb, COMBINATION)
    assert dates["cbc_weekly"] == date(2026, 3, 17)
    assert dates["cbc_weekly"] < dates["cbc_twice_monthly"] < dates["cbc_monthly"]
    assert "tacrolimus_trough" not in dates


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        ("tacrolimus", {"tacrolimus_trough", "tacrolimus_safety"}),
        ("cyclosporine", {"cyclosporine_trough", "cyclosporine_safety"}),
        ("mycophenolate", {"mycophenolate_cbc"}),
        ("prednisone", {"glucose", "hba1c"}),
        ("azathioprine", {*next_test.BLOOD_COUNT}),
        ("methotrexate", set()),
    ],
)
def test_each_drug_is_watched_by_its_own_tests(kb: KnowledgeBase, drug: str, expected: set[str]) -> None:
    assert set(due(kb, frozenset({drug}))) == {*next_test.LIVER, *expected}


def test_the_first_tacrolimus_trough_is_due_on_day_5_with_kidney_and_electrolytes(kb: KnowledgeBase) -> None:
    dates = due(kb, WITH_TACROLIMUS)
    assert dates["tacrolimus_trough"] == dates["tacrolimus_safety"] == date(2026, 3, 15)


def test_the_trough_is_checked_again_after_a_prednisone_step_when_both_are_taken(kb: KnowledgeBase) -> None:
    items = {item.code: item for item in monitoring(facts_of(kb), kb, FIRST_LINE, WITH_TACROLIMUS)}
    recheck = items["trough_after_steroid_step"]
    assert (recheck.due_on, recheck.analytes) == (date(2026, 4, 15), ("tacrolimus_level",))
    assert "trough_after_steroid_step" not in due(kb, frozenset({"tacrolimus"}))
    assert "trough_after_steroid_step" not in due(kb, COMBINATION)


def test_under_treatment_the_trough_is_checked_after_the_step_that_comes_next(kb: KnowledgeBase) -> None:
    doses = ({"prednisone": 30, "tacrolimus": 4}, {"prednisone": 20, "tacrolimus": 4})
    course = Course(following=following(*doses), visits=(), steps=stepped(31))
    known = prepare_facts(episode(as_of="2026-04-20", start_on="2026-04-20"), kb, course)
    items = {item.code: item.due_on for item in monitoring(known, kb, FIRST_LINE, WITH_TACROLIMUS)}
    # The step of day 31, 10 April: the next comes a month later at the earliest.
    assert items["trough_after_steroid_step"] == date(2026, 5, 15)


def test_a_drug_that_runs_already_is_watched_too(kb: KnowledgeBase) -> None:
    running = [{"drug": "tacrolimus", "dose_mg_per_day": 3}, {"drug": "prednisolone", "dose_mg_per_day": 5}]
    dates = due(kb, frozenset(), medications=running)
    assert {"tacrolimus_trough", "trough_after_steroid_step", "glucose"} <= set(dates)


@pytest.mark.parametrize("drug", ["clarithromycin", "fluconazole", "rifampicin", "efavirenz"])
def test_an_interacting_drug_asks_for_an_early_trough(kb: KnowledgeBase, drug: str) -> None:
    assert "tacrolimus_interaction_trough" in due(kb, WITH_TACROLIMUS, medications=[{"drug": drug}])
    assert "tacrolimus_interaction_trough" not in due(kb, WITH_TACROLIMUS)
    assert "tacrolimus_interaction_trough" not in due(kb, COMBINATION, medications=[{"drug": drug}])


def test_positive_hbv_serology_is_followed(kb: KnowledgeBase) -> None:
    assert "hbv_dna" in due(kb, COMBINATION, screening={"anti_hbc": "positive"})
    assert "hbv_dna" not in due(kb, COMBINATION)


@pytest.mark.parametrize("code", ["lupus_nephritis", "myasthenia_gravis", "autoimmune_hepatitis"])
def test_a_referral_names_the_markers_due_within_14_days(kb: KnowledgeBase, code: str) -> None:
    items = monitoring(facts_of(kb, condition={"code": code}), kb, (), frozenset())
    assert items
    assert all(item.due_on <= date(2026, 3, 24) for item in items)
    assert len({item.code for item in items}) == len(items)


def test_lupus_nephritis_is_followed_by_its_own_markers(kb: KnowledgeBase) -> None:
    items = monitoring(facts_of(kb, condition={"code": "lupus_nephritis"}), kb, (), frozenset())
    assert {"upcr", "creatinine", "c3", "c4", "anti_dsdna"} <= {name for item in items for name in item.analytes}
    assert all({"S22", "P-monitoring"} <= set(item.citations) for item in items)


def test_another_condition_keeps_its_own_markers_in_remission(kb: KnowledgeBase) -> None:
    flaring, calm = (
        monitoring(facts_of(kb, condition={"code": "lupus_nephritis", "context": context}), kb, (), frozenset())
        for context in ("relapse_after_withdrawal", "in_remission")
    )
    assert calm == flaring


def test_in_remission_quarterly_tests_go_on_with_those_of_the_running_drugs(kb: KnowledgeBase) -> None:
    remission = {"context": "in_remission"}
    running = [{"drug": "azathioprine", "dose_mg_per_day": 50}, {"drug": "tacrolimus", "dose_mg_per_day": 2}]
    calm = monitoring(facts_of(kb, condition=remission, labs=NORMAL), kb, (), frozenset())
    kept = monitoring(facts_of(kb, condition=remission, labs=NORMAL, medications=running), kb, (), frozenset())
    assert [(item.code, item.due_on) for item in calm] == [("liver_labs_quarterly", date(2026, 6, 8))]
    assert [item.code for item in kept] == ["liver_labs_quarterly", "cbc_monthly", "tacrolimus_safety"]


@pytest.mark.parametrize(("followed", "expected"), [(True, "cbc_weekly"), (False, "liver_labs")])
def test_a_treatment_that_is_followed_keeps_its_calendar_in_remission(
    kb: KnowledgeBase, followed: bool, expected: str
) -> None:
    course = Course(following=following(*COMBINATION_LEVELS) if followed else None)
    known = prepare_facts(episode(condition={"context": "in_remission"}), kb, course)
    assert expected in [item.code for item in monitoring(known, kb, FIRST_LINE, COMBINATION)]
    assert ("cbc_weekly" in [item.code for item in monitoring(known, kb, FIRST_LINE, COMBINATION)]) is followed


def test_a_remission_that_the_tests_do_not_show_is_followed_every_14_days(kb: KnowledgeBase) -> None:
    (item,) = monitoring(facts_of(kb, condition={"context": "in_remission"}), kb, (), frozenset())
    assert (item.code, item.due_on, item.repeat_days) == ("liver_labs", date(2026, 3, 24), 14)


def test_every_item_cites_what_is_known(kb: KnowledgeBase) -> None:
    everything = frozenset(kb.drugs)
    items = monitoring(facts_of(kb), kb, FIRST_LINE, everything)
    assert {cite for item in items for cite in item.citations} <= set(kb.citations)


@given(start=st.dates(date(2026, 3, 10), date(2027, 3, 10)))
def test_the_first_liver_tests_are_never_later_than_day_14(kb: KnowledgeBase, start: date) -> None:
    assert due(kb, COMBINATION, start_on=start.isoformat())["liver_labs"] == start + timedelta(days=14)
