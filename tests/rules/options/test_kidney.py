"""The kidney limits of the drugs, which are exact: results lead to an eGFR near a limit, never onto it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from app.facts.facts import Facts
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.rules.options import cyclosporine, mycophenolate, tacrolimus_safety
from app.rules.rule import Finding
from tests.builders import episode

Rule = Callable[[Facts, KnowledgeBase], tuple[Finding, ...]]


def with_egfr(egfr: str, kb: KnowledgeBase) -> Facts:
    facts = prepare_facts(episode(), kb)
    score = facts.scores["egfr_ckd_epi_2021"].model_copy(update={"raw": Decimal(egfr)})
    return replace(facts, scores={**facts.scores, "egfr_ckd_epi_2021": score})


RULES: dict[str, Rule] = {
    "tacrolimus": tacrolimus_safety.kidney,
    "cyclosporine": cyclosporine.kidney,
    "mycophenolate": mycophenolate.cautions,
}


@pytest.mark.parametrize(
    ("drug", "egfr", "code"),
    [
        ("tacrolimus", "29.9", "EGFR_TOO_LOW"),
        ("tacrolimus", "30", "SPECIALIST_DOSE"),
        ("tacrolimus", "59.9", "SPECIALIST_DOSE"),
        ("tacrolimus", "60", None),
        ("cyclosporine", "59.9", "EGFR_TOO_LOW"),
        ("cyclosporine", "60", None),
        ("mycophenolate", "24.9", "EGFR_LOW"),
        ("mycophenolate", "25", None),
    ],
)
def test_a_kidney_function_at_the_limit_is_not_below_it(
    drug: str, egfr: str, code: str | None, kb: KnowledgeBase
) -> None:
    codes = {finding.code for finding in RULES[drug](with_egfr(egfr, kb), kb)} - {"REPLACES_AZATHIOPRINE"}
    assert codes == ({code} if code else set())


def test_the_block_names_the_kidney_function_or_the_dialysis(kb: KnowledgeBase) -> None:
    on_dialysis = prepare_facts(episode(patient={"dialysis": True}), kb)
    told = [tacrolimus_safety.kidney(facts, kb)[0].text for facts in (with_egfr("29.9", kb), on_dialysis)]
    assert told == [
        "eGFR 29.9 is below 30 mL/min/1.73 m2.",
        "Dialysis: kidney function is below 30 mL/min/1.73 m2.",
    ]
