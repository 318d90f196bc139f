"""CKD-EPI 2021: estimated glomerular filtration from creatinine, age and sex, without race. Steady state only."""

from decimal import Decimal
from typing import Literal

from app.facts.arithmetic import half_up, power
from app.facts.meld import ScoreValue
from app.knowledge.base import KnowledgeBase

Sex = Literal["female", "male"]

_BY_SEX = {
    "female": ("ckd_epi_kappa_female", "ckd_epi_alpha_female"),
    "male": ("ckd_epi_kappa_male", "ckd_epi_alpha_male"),
}


def ckd_epi_2021(creatinine: Decimal, age: int, sex: Sex, *, kb: KnowledgeBase) -> ScoreValue:
    """Return mL/min/1.73 m2 from creatinine in mg/dL; for adults not on dialysis."""
    number = kb.number
    kappa, alpha = (number(name) for name in _BY_SEX[sex])
    ratio = creatinine / kappa
    exponent = number("ckd_epi_exponent_above_kappa") if ratio > 1 else alpha
    raw = number("ckd_epi_scale") * power(ratio, exponent) * power(number("ckd_epi_age_factor"), Decimal(age))
    if sex == "female":
        raw *= number("ckd_epi_female_factor")
    return ScoreValue(raw, half_up(raw))
