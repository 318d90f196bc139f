"""Reference values: hand calculations and open test suites named in the evidence; creatinine, bilirubin in mg/dL."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.facts.meld import MeldLabs, meld, meld_3_0, meld_na
from app.knowledge.base import KnowledgeBase

CREATININE = st.decimals(min_value="0.2", max_value="12", places=2)
BILIRUBIN = st.decimals(min_value="0.1", max_value="50", places=1)
INR = st.decimals(min_value="0.8", max_value="10", places=1)
SODIUM = st.integers(min_value=110, max_value=160)


@pytest.mark.parametrize(
    ("creatinine", "bilirubin", "inr", "dialysis", "raw", "value"),
    [
        ("1.5", "2.5", "1.3", False, "16.712", 17),
        ("0.6", "0.7", "0.9", False, "6.43", 6),
        ("6.0", "1.0", "1.0", False, "19.697", 20),
        ("1.2", "1.0", "1.0", True, "19.697", 20),
        (Decimal(170) / Decimal("88.4"), Decimal(54) / Decimal("17.1"), "2.0", False, "24.798", 25),
        ("1.0", "3.0", "1.5", False, "15.12", 15),
        ("1.2", "2.5", "1.5", False, "16.18", 16),
        ("1.8", "6.0", "2.0", False, "26.59", 27),
        ("1", "1", "1", False, "6.43", 6),
        ("2.0", "5.0", "2.0", False, "26.910", 27),
        ("1.2", "2.5", "1.4", False, "15.407", 15),
        ("1.1", "3.2", "1.6", False, "17.003", 17),
        ("0.8", "1.8", "1.1", False, "9.72", 10),
    ],
)
def test_meld_agrees_with_the_reference_values(
    kb: KnowledgeBase, creatinine: str, bilirubin: str, inr: str, dialysis: bool, raw: str, value: int
) -> None:
    score = meld(Decimal(creatinine), Decimal(bilirubin), Decimal(inr), dialysis=dialysis, kb=kb)
    assert abs(score.raw - Decimal(raw)) < Decimal("0.006")
    assert score.value == value


def test_meld_is_never_reported_above_forty(kb: KnowledgeBase) -> None:
    score = meld(Decimal(4), Decimal(50), Decimal(10), dialysis=False, kb=kb)
    assert score.raw > 60
    assert score.value == 40


def test_laboratory_values_below_one_count_as_one(kb: KnowledgeBase) -> None:
    """Without that bound, as in one public calculator, a healthy liver would get a negative MELD."""
    low = meld(Decimal("0.5"), Decimal("0.3"), Decimal("0.8"), dialysis=False, kb=kb)
    assert low == meld(Decimal(1), Decimal(1), Decimal(1), dialysis=False, kb=kb)


def test_a_user_guide_that_expects_fifteen_is_wrong(kb: KnowledgeBase) -> None:
    """A public guide prints about 15 for bilirubin 2.5, creatinine 1.8 and INR 2.1."""
    score = meld(Decimal("1.8"), Decimal("2.5"), Decimal("2.1"), dialysis=False, kb=kb)
    assert abs(score.raw - Decimal("23.8")) < Decimal("0.05")
    assert score.value == 24


@given(CREATININE, BILIRUBIN, INR)
def test_meld_rises_with_every_input_and_stays_between_six_and_forty(
    kb: KnowledgeBase, creatinine: Decimal, bilirubin: Decimal, inr: Decimal
) -> None:
    score = meld(creatinine, bilirubin, inr, dialysis=False, kb=kb)
    assert 6 <= score.value <= 40
    for more in (
        meld(creatinine + 1, bilirubin, inr, dialysis=False, kb=kb),
        meld(creatinine, bilirubin + 1, inr, dialysis=False, kb=kb),
        meld(creatinine, bilirubin, inr + 1, dialysis=False, kb=kb),
        meld(creatinine, bilirubin, inr, dialysis=True, kb=kb),
    ):
        assert more.raw >= score.raw


@pytest.mark.parametrize(
    ("meld_i", "sodium", "raw", "value"),
    [
        (20, 128, "25.94", 26),
        (9, 125, "9", 9),
        (20, 120, "27.92", 28),
        (20, 125, "27.92", 28),
        (20, 137, "20", 20),
        (20, 140, "20", 20),
        (11, 125, "11", 11),
        (12, 125, "23.088", 23),
        (40, 125, "40", 40),
    ],
)
def test_meld_na_agrees_with_the_reference_values(
    kb: KnowledgeBase, meld_i: int, sodium: int, raw: str, value: int
) -> None:
    score = meld_na(Decimal(meld_i), Decimal(sodium), kb=kb)
    assert (score.raw, score.value) == (Decimal(raw), Decimal(value))


@pytest.mark.parametrize(
    ("creatinine", "bilirubin", "inr", "sodium", "raw", "value"),
    [
        ("1.5", "2.5", "1.8", 135, "21.32", 21),
        ("1.5", "3", "2", 130, "26.158", 26),
        ("1.0", "3.0", "1.5", 135, "16.65", 17),
        ("1.2", "2.5", "1.5", 135, "17.584", 18),
        ("1.8", "6.0", "2.0", 130, "30.003", 30),
        ("2.0", "5.0", "2.0", 128, "30.861", 31),
        ("1.2", "2.5", "1.4", 135, "16.65", 17),
        ("1.1", "3.2", "1.6", 132, "20.795", 21),
    ],
)
def test_the_sodium_step_starts_from_the_rounded_meld(
    kb: KnowledgeBase, creatinine: str, bilirubin: str, inr: str, sodium: int, raw: str, value: int
) -> None:
    meld_i = meld(Decimal(creatinine), Decimal(bilirubin), Decimal(inr), dialysis=False, kb=kb)
    score = meld_na(meld_i.value, Decimal(sodium), kb=kb)
    assert (score.raw, score.value) == (Decimal(raw), Decimal(value))


def test_dialysis_counts_in_meld_na_whatever_creatinine_is(kb: KnowledgeBase) -> None:
    """One public benchmark forgets dialysis when creatinine is below 1."""
    meld_i = meld(Decimal("0.6"), Decimal(1), Decimal(1), dialysis=True, kb=kb)
    assert meld_na(meld_i.value, Decimal(128), kb=kb).value == 26


@given(st.integers(min_value=6, max_value=40), SODIUM)
def test_low_sodium_never_lowers_a_meld(kb: KnowledgeBase, meld_i: int, sodium: int) -> None:
    assert meld_i <= meld_na(Decimal(meld_i), Decimal(sodium), kb=kb).value <= 40


@pytest.mark.parametrize(
    ("female", "bilirubin", "sodium", "inr", "creatinine", "albumin", "dialysis", "raw", "value"),
    [
        (True, "3", 130, "2", "1.5", "3.0", False, "27.6056", 28),
        (False, "1", 137, "1", "0.6", "3.5", True, "18.2385", 18),
        (False, "2.0", 138, "1.5", "1.2", "3.5", False, "14.8775", 15),
        (False, "2.5", 135, "1.8", "1.5", "3.2", False, "21.5707", 22),
        (True, "2.5", 135, "1.8", "1.5", "3.2", False, "22.9007", 23),
        (True, "2.5", 133, "1.3", "1.5", "2.8", False, "21.586", 22),
        (False, "2.5", 133, "1.3", "1.5", "2.8", False, "20.256", 20),
        (True, "3.0", 135, "1.5", "1.0", "2.8", False, "18.43", 18),
        (False, "2.5", 135, "1.5", "1.2", "3.0", False, "17.85", 18),
        (True, "6.0", 130, "2.0", "1.8", "2.5", False, "31.85", 32),
        (True, "1", 137, "1", "1", "3.5", False, "7.33", 7),
        (True, "5.0", 128, "2.0", "2.0", "2.5", False, "33.177", 33),
        (False, "2.5", 135, "1.4", "1.2", "3.0", False, "17.226", 17),
        (True, "3.2", 132, "1.6", "1.1", "2.6", False, "22.180", 22),
        (True, "1.8", 139, "1.1", "0.8", "3.9", False, "10.88", 11),
    ],
)
def test_meld_3_0_agrees_with_the_reference_values(
    kb: KnowledgeBase,
    female: bool,
    bilirubin: str,
    sodium: int,
    inr: str,
    creatinine: str,
    albumin: str,
    dialysis: bool,
    raw: str,
    value: int,
) -> None:
    labs = MeldLabs(Decimal(creatinine), Decimal(bilirubin), Decimal(inr), Decimal(sodium), Decimal(albumin))
    score = meld_3_0(labs, female=female, dialysis=dialysis, kb=kb)
    assert abs(score.raw - Decimal(raw)) < Decimal("0.006")
    assert score.value == value


@given(CREATININE, BILIRUBIN, INR, SODIUM, st.decimals(min_value=1, max_value=6, places=1))
def test_meld_3_0_is_higher_for_women_and_stays_between_six_and_forty(
    kb: KnowledgeBase, creatinine: Decimal, bilirubin: Decimal, inr: Decimal, sodium: int, albumin: Decimal
) -> None:
    labs = MeldLabs(creatinine, bilirubin, inr, Decimal(sodium), albumin)
    man, woman = (meld_3_0(labs, female=female, dialysis=False, kb=kb) for female in (False, True))
    assert woman.raw - man.raw == kb.number("meld_3_0_female")
    assert 6 <= man.value <= woman.value <= 40


@pytest.mark.parametrize(("inside", "outside"), [("1.5", "1.4"), ("3.5", "3.6")])
def test_albumin_beyond_its_bounds_counts_as_the_bound(kb: KnowledgeBase, inside: str, outside: str) -> None:
    common = (Decimal(1), Decimal(2), Decimal(1), Decimal(137))
    bound, beyond = (
        meld_3_0(MeldLabs(*common, Decimal(albumin)), female=False, dialysis=False, kb=kb)
        for albumin in (inside, outside)
    )
    assert bound == beyond
