"""The MELD family. Creatinine and bilirubin in mg/dL, albumin in g/dL, sodium in mmol/L; higher is worse."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from app.facts.arithmetic import clamp, half_up, natural_log
from app.knowledge.base import KnowledgeBase


@dataclass(frozen=True, slots=True)
class ScoreValue:
    """A score: `raw` before, `value` after its own rounding and bounds."""

    raw: Decimal
    value: Decimal


class MeldLabs(NamedTuple):
    """The results MELD 3.0 takes."""

    creatinine: Decimal
    bilirubin: Decimal
    inr: Decimal
    sodium: Decimal
    albumin: Decimal


def meld(creatinine: Decimal, bilirubin: Decimal, inr: Decimal, *, dialysis: bool, kb: KnowledgeBase) -> ScoreValue:
    """Return MELD in the 2016 allocation form, the MELD(i) that MELD-Na starts from."""
    number = kb.number
    lowest = number("meld_lowest_input")
    creatinine = _creatinine(creatinine, number("meld_creatinine_highest"), lowest, dialysis=dialysis)
    raw = (
        number("meld_creatinine_coefficient") * natural_log(creatinine)
        + number("meld_bilirubin_coefficient") * natural_log(max(bilirubin, lowest))
        + number("meld_inr_coefficient") * natural_log(max(inr, lowest))
        + number("meld_constant")
    )
    return _reported(raw, kb)


def meld_na(meld_i: Decimal, sodium: Decimal, *, kb: KnowledgeBase) -> ScoreValue:
    """Return MELD-Na (2016) from the integer MELD(i): rounding first changes one result in seven."""
    if meld_i <= kb.number("meld_na_from"):
        return ScoreValue(meld_i, meld_i)
    deficit = _sodium_deficit(sodium, kb)
    product = kb.number("meld_na_product_coefficient") * meld_i * deficit
    return _reported(meld_i + kb.number("meld_na_sodium_coefficient") * deficit - product, kb)


def meld_3_0(labs: MeldLabs, *, female: bool, dialysis: bool, kb: KnowledgeBase) -> ScoreValue:
    """Return MELD 3.0 (Kim 2021)."""
    number = kb.number
    lowest = number("meld_lowest_input")
    creatinine = _creatinine(labs.creatinine, number("meld_3_0_creatinine_highest"), lowest, dialysis=dialysis)
    log_bilirubin, log_creatinine = natural_log(max(labs.bilirubin, lowest)), natural_log(creatinine)
    sodium_deficit, albumin_deficit = _sodium_deficit(labs.sodium, kb), _albumin_deficit(labs.albumin, kb)
    raw = (
        (number("meld_3_0_female") if female else Decimal(0))
        + number("meld_3_0_bilirubin_coefficient") * log_bilirubin
        + number("meld_3_0_sodium_coefficient") * sodium_deficit
        - number("meld_3_0_sodium_bilirubin_coefficient") * sodium_deficit * log_bilirubin
        + number("meld_3_0_inr_coefficient") * natural_log(max(labs.inr, lowest))
        + number("meld_3_0_creatinine_coefficient") * log_creatinine
        + number("meld_3_0_albumin_coefficient") * albumin_deficit
        - number("meld_3_0_albumin_creatinine_coefficient") * albumin_deficit * log_creatinine
        + number("meld_3_0_constant")
    )
    return _reported(raw, kb)


def _creatinine(measured: Decimal, highest: Decimal, lowest: Decimal, *, dialysis: bool) -> Decimal:
    """Return the creatinine a formula takes; dialysis sets it to the highest whatever was measured."""
    return highest if dialysis else clamp(measured, lowest, highest)


def _sodium_deficit(sodium: Decimal, kb: KnowledgeBase) -> Decimal:
    highest = kb.number("meld_sodium_highest")
    return highest - clamp(sodium, kb.number("meld_sodium_lowest"), highest)


def _albumin_deficit(albumin: Decimal, kb: KnowledgeBase) -> Decimal:
    highest = kb.number("meld_3_0_albumin_highest")
    return highest - clamp(albumin, kb.number("meld_3_0_albumin_lowest"), highest)


def _reported(raw: Decimal, kb: KnowledgeBase) -> ScoreValue:
    return ScoreValue(raw, min(half_up(raw), kb.number("meld_maximum")))
