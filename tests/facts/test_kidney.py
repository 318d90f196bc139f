"""Reference values: the foundation's own calculator as quoted in public test suites, and own calculations."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.facts.kidney import Sex, ckd_epi_2021
from app.knowledge.base import KnowledgeBase

MICROMOLES_PER_MILLIGRAM = Decimal("88.42")


def test_reported_values_agree_with_the_reference_calculator(kb: KnowledgeBase) -> None:
    cases: tuple[tuple[Decimal, int, Sex, int], ...] = (
        (Decimal("1.09"), 55, "male", 80),
        (85 / MICROMOLES_PER_MILLIGRAM, 65, "female", 66),
        (Decimal("1.2"), 55, "male", 71),
    )
    for creatinine, age, sex, expected in cases:
        assert ckd_epi_2021(creatinine, age, sex, kb=kb).value == expected


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "expected"),
    [
        (Decimal("96.3") / MICROMOLES_PER_MILLIGRAM, 55, "male", "80.2293"),
        (70 / MICROMOLES_PER_MILLIGRAM, 52, "female", "89.7175"),
        (Decimal("0.9"), 55, "female", "75.50"),
        (Decimal("1.0"), 50, "male", "91.69"),
        (Decimal("0.6"), 30, "female", "123.76"),
        (Decimal("2.5"), 70, "male", "26.96"),
        (Decimal("0.7"), 40, "female", "112.05"),
        (Decimal("0.9"), 40, "male", "110.73"),
        (Decimal("5.0"), 65, "female", "9.06"),
    ],
)
def test_unrounded_values_agree_with_the_reference_values(
    kb: KnowledgeBase, creatinine: Decimal, age: int, sex: Sex, expected: str
) -> None:
    digits = Decimal(1).scaleb(Decimal(expected).as_tuple().exponent)  # type: ignore[arg-type]
    assert abs(ckd_epi_2021(creatinine, age, sex, kb=kb).raw - Decimal(expected)) <= digits


def test_men_with_low_creatinine_get_the_men_s_kappa(kb: KnowledgeBase) -> None:
    """One public benchmark takes the women's 0.7 and finds 109.0."""
    assert abs(ckd_epi_2021(Decimal("0.6"), 50, "male", kb=kb).raw - Decimal("117.6")) < Decimal("0.1")


@given(st.decimals(min_value="0.2", max_value="15", places=2), st.integers(min_value=18, max_value=100))
def test_filtration_falls_with_creatinine_and_age(kb: KnowledgeBase, creatinine: Decimal, age: int) -> None:
    for sex in ("female", "male"):
        here = ckd_epi_2021(creatinine, age, sex, kb=kb).raw
        assert ckd_epi_2021(creatinine + Decimal("0.1"), age, sex, kb=kb).raw < here
        assert ckd_epi_2021(creatinine, age + 1, sex, kb=kb).raw < here
