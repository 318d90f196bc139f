"""Reference values: open test suites named in the evidence. Bilirubin in mg/dL, albumin in g/dL."""

from decimal import Decimal

import pytest

from app.facts.child_pugh import AscitesDegree, child_pugh, child_pugh_class
from app.knowledge.base import KnowledgeBase


def points(
    kb: KnowledgeBase,
    bilirubin: str = "1.0",
    albumin: str = "4.0",
    inr: str = "1.0",
    ascites: AscitesDegree = "none",
    grade: int = 0,
) -> Decimal:
    score = child_pugh(
        Decimal(bilirubin), Decimal(albumin), Decimal(inr), ascites=ascites, encephalopathy_grade=grade, kb=kb
    )
    assert score.raw == score.value
    return score.value


@pytest.mark.parametrize(
    ("bilirubin", "albumin", "inr", "ascites", "grade", "expected", "group"),
    [
        ("1.2", "3.8", "1.1", "none", 0, 5, "A"),
        ("2.5", "3.0", "1.9", "mild", 0, 9, "B"),
        ("2.5", "3.0", "2.0", "mild", 1, 10, "C"),
        ("2.5", "3.0", "2.0", "mild", 2, 10, "C"),
        ("4.5", "2.2", "2.5", "moderate_severe", 3, 15, "C"),
        ("5.0", "2.0", "2.5", "moderate_severe", 4, 15, "C"),
    ],
)
def test_child_pugh_agrees_with_the_reference_values(
    kb: KnowledgeBase,
    bilirubin: str,
    albumin: str,
    inr: str,
    ascites: AscitesDegree,
    grade: int,
    expected: int,
    group: str,
) -> None:
    found = points(kb, bilirubin, albumin, inr, ascites, grade)
    assert (found, child_pugh_class(found, kb)) == (Decimal(expected), group)


@pytest.mark.parametrize(("bilirubin", "expected"), [("1.9", 5), ("2", 6), ("3", 6), ("3.1", 7)])
def test_bilirubin_from_two_to_three_gives_two_points(kb: KnowledgeBase, bilirubin: str, expected: int) -> None:
    assert points(kb, bilirubin=bilirubin) == expected


@pytest.mark.parametrize(("albumin", "expected"), [("3.6", 5), ("3.5", 6), ("2.8", 6), ("2.7", 7)])
def test_albumin_from_2_8_to_3_5_gives_two_points(kb: KnowledgeBase, albumin: str, expected: int) -> None:
    assert points(kb, albumin=albumin) == expected


@pytest.mark.parametrize(("inr", "expected"), [("1.6", 5), ("1.7", 6), ("2.3", 6), ("2.4", 7)])
def test_inr_from_1_7_to_2_3_gives_two_points(kb: KnowledgeBase, inr: str, expected: int) -> None:
    assert points(kb, inr=inr) == expected


@pytest.mark.parametrize(("grade", "expected"), [(0, 5), (1, 6), (2, 6), (3, 7), (4, 7)])
def test_encephalopathy_of_grade_one_or_two_gives_two_points(kb: KnowledgeBase, grade: int, expected: int) -> None:
    assert points(kb, grade=grade) == expected


@pytest.mark.parametrize(("ascites", "expected"), [("none", 5), ("mild", 6), ("moderate_severe", 7)])
def test_ascites_counts_by_its_degree(kb: KnowledgeBase, ascites: AscitesDegree, expected: int) -> None:
    assert points(kb, ascites=ascites) == expected


@pytest.mark.parametrize(("found", "group"), [(5, "A"), (6, "A"), (7, "B"), (9, "B"), (10, "C"), (15, "C")])
def test_class_b_begins_at_seven_and_c_at_ten_points(kb: KnowledgeBase, found: int, group: str) -> None:
    assert child_pugh_class(Decimal(found), kb) == group


def test_bilirubin_in_molar_units_is_converted_with_the_true_molar_mass(kb: KnowledgeBase) -> None:
    """With the mass 548.66, as in one public benchmark, 52 umol/L would pass as 2.85 mg/dL."""
    factor = next(form.factor for form in kb.analytes["bilirubin_total"].units if form.code == "umol/L")
    assert points(kb, bilirubin=str(52 * factor)) == 7
