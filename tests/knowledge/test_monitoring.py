"""Monitoring rows: the first dates and intervals the schedule rests on."""

import re

import pytest

from app.knowledge.base import KnowledgeBase

# code, first day, interval, an analyte it must hold
SCHEDULE = (
    ("liver_labs", 14, 14, "igg"),
    ("liver_labs_monthly", 86, 30, "bilirubin_total"),
    ("liver_labs_quarterly", 150, 90, "alt"),
    ("cbc_weekly", 7, 7, "neutrophils"),
    ("cbc_twice_monthly", 42, 14, "platelets"),
    ("cbc_monthly", 114, 30, "wbc"),
    ("tacrolimus_trough", 5, 7, "tacrolimus_level"),
    ("tacrolimus_safety", 5, 7, "potassium"),
    ("tacrolimus_interaction_trough", 1, 3, "tacrolimus_level"),
    ("cyclosporine_safety", 14, 14, "creatinine"),
    ("glucose", 2, 7, "glucose"),
    ("hba1c", 90, 90, "hba1c"),
    ("hbv_dna", 30, 90, "hbv_dna"),
)


@pytest.mark.parametrize(("code", "after", "repeat", "analyte"), SCHEDULE)
def test_a_test_set_is_due_and_repeats_as_scheduled(
    kb: KnowledgeBase, code: str, after: int, repeat: int, analyte: str
) -> None:
    row = kb.monitoring[code]
    assert (row.after_days, row.repeat_days) == (after, repeat)
    assert analyte in row.analytes


def test_the_liver_set_is_the_one_of_the_specification(kb: KnowledgeBase) -> None:
    assert set(kb.monitoring["liver_labs"].analytes) == {"alt", "ast", "bilirubin_total", "inr", "albumin", "igg"}


def test_the_liver_sets_follow_each_other_without_a_gap(kb: KnowledgeBase) -> None:
    first, monthly = kb.monitoring["liver_labs"], kb.monitoring["liver_labs_monthly"]
    assert "day 56" in first.until
    assert monthly.after_days - 56 == monthly.repeat_days


def test_kidney_and_electrolytes_are_taken_on_the_day_of_the_trough(kb: KnowledgeBase) -> None:
    trough, safety = kb.monitoring["tacrolimus_trough"], kb.monitoring["tacrolimus_safety"]
    assert (trough.after_days, trough.repeat_days) == (safety.after_days, safety.repeat_days)
    assert {"creatinine", "potassium", "magnesium", "glucose"} == set(safety.analytes)


def test_codes_are_lower_case_words(kb: KnowledgeBase) -> None:
    assert [code for code in kb.monitoring if not re.fullmatch(r"[a-z][a-z0-9_]*", code)] == []


def test_every_row_says_when_it_ends_and_why_it_is_there(kb: KnowledgeBase) -> None:
    assert all(row.until and row.reason and row.analytes for row in kb.monitoring.values())
