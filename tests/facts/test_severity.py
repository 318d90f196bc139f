from typing import Any

import pytest

from app.facts.facts import SeverityFact
from app.facts.prepare import prepare_facts
from app.facts.severity import other_severity
from app.knowledge.base import KnowledgeBase
from tests.builders import episode, labs

NORMAL: dict[str, Any] = {"alt": 30, "ast": 30, "bilirubin_total": 1.0, "inr": 1.0, "igg": 12}
UNTOLD = {"encephalopathy_grade": None, "ascites": None, "variceal_bleed": None}


def severity(
    kb: KnowledgeBase, *, condition: dict[str, Any] | None = None, flare: Any = None, **values: Any
) -> SeverityFact:
    """Return the severity with normal results but for `values`."""
    results = labs(**{**NORMAL, **values})
    return prepare_facts(episode(labs=results, condition=condition or {}, flare=flare or {}), kb).severity


def without_limit(analyte: str, **values: Any) -> list[dict[str, Any]]:
    rows = labs(**{**NORMAL, **values})
    return [
        {key: value for key, value in row.items() if row["analyte"] != analyte or key != "upper_limit_normal"}
        for row in rows
    ]


def facts_named(found: SeverityFact) -> set[str]:
    return {basis.fact for basis in found.basis}


@pytest.mark.parametrize(
    ("values", "tier"),
    [
        ({}, "T0"),
        ({"alt": 35}, "T0"),
        ({"alt": 36}, "T1"),
        ({"ast": 36}, "T1"),
        ({"igg": 16}, "T0"),
        ({"igg": 16.1}, "T1"),
        ({"igg": 17.6}, "T1"),
        ({"igg": 17.7}, "T2"),
        ({"alt": 104}, "T1"),
        ({"alt": 105}, "T2"),
        ({"ast": 106}, "T2"),
        ({"bilirubin_total": 1.2}, "T0"),
        ({"bilirubin_total": 1.3}, "T2"),
        ({"bilirubin_total": 2.6}, "T2"),
        ({"bilirubin_total": 2.7}, "T3"),
        ({"inr": 1.1}, "T0"),
        ({"inr": 1.2}, "T2"),
        ({"inr": 1.4}, "T2"),
        ({"inr": 1.5}, "T3"),
        ({"bilirubin_total": 2.6, "inr": 1.5}, "T3"),
        ({"bilirubin_total": 2.7, "inr": 1.4}, "T3"),
        ({"bilirubin_total": 2.7, "inr": 1.5}, "T4"),
        ({"bilirubin_total": 2.7, "inr": 1.5, "alt": 900, "igg": 30}, "T4"),
    ],
)
def test_the_first_tier_that_matches_is_taken(kb: KnowledgeBase, values: dict[str, Any], tier: str) -> None:
    found = severity(kb, **values)
    assert found.tier == tier
    assert found.basis
    assert found.severe is (tier in {"T3", "T4"} or values.get("alt", 0) >= 350)


@pytest.mark.parametrize(
    ("condition", "fact"),
    [
        ({"encephalopathy_grade": 1}, "encephalopathy"),
        ({"ascites": "mild"}, "ascites"),
        ({"variceal_bleed": True}, "variceal_bleed"),
    ],
)
def test_a_complication_of_cirrhosis_is_t5_whatever_else_is_known(
    kb: KnowledgeBase, condition: dict[str, Any], fact: str
) -> None:
    for found in (
        severity(kb, condition=condition),
        severity(kb, condition=condition, inr=None, bilirubin_total=None),
    ):
        assert (found.tier, found.severe, facts_named(found)) == ("T5", True, {fact})


def test_a_finding_of_encephalopathy_is_t5(kb: KnowledgeBase) -> None:
    assert severity(kb, flare={"findings": ["encephalopathy"]}).tier == "T5"


@pytest.mark.parametrize(
    ("cirrhosis", "bilirubin", "tier"),
    [
        ("compensated", 2.5, "T3"),
        ("compensated", 2.6, "T5"),
        ("decompensated", 2.6, "T5"),
        ("none", 2.6, "T3"),
        ("unknown", 2.6, "T3"),
        (None, 2.6, "T3"),
    ],
)
def test_a_meld_of_fifteen_is_t5_in_known_cirrhosis_only(
    kb: KnowledgeBase, cirrhosis: str | None, bilirubin: float, tier: str
) -> None:
    """MELD is 14 at a bilirubin of 2.5 mg/dL and 15 at 2.6; MELD 3.0 is below both."""
    found = severity(
        kb, condition={"cirrhosis": cirrhosis}, bilirubin_total=bilirubin, inr=1.5, creatinine=1.0, albumin=3.5
    )
    assert found.tier == tier
    assert ("meld" in facts_named(found)) is (tier == "T5")


def test_unknown_complications_do_not_make_a_tier(kb: KnowledgeBase) -> None:
    assert severity(kb, condition=UNTOLD).tier == "T0"


@pytest.mark.parametrize("missing", ["inr", "bilirubin_total"])
@pytest.mark.parametrize("values", [{}, {"alt": 200}, {"inr": 1.4}, {"bilirubin_total": 2.6}])
def test_without_bilirubin_or_inr_the_tier_is_unknown_and_never_mild(
    kb: KnowledgeBase, missing: str, values: dict[str, Any]
) -> None:
    found = severity(kb, **{**values, missing: None})
    assert (found.tier, found.severe, facts_named(found)) == ("unknown", None, {f"labs.{missing}"})
    assert found.basis[0].detail == "not sent"


@pytest.mark.parametrize(("missing", "values"), [("inr", {"bilirubin_total": 2.7}), ("bilirubin_total", {"inr": 1.5})])
def test_one_failing_function_is_severe_although_the_other_is_missing(
    kb: KnowledgeBase, missing: str, values: dict[str, Any]
) -> None:
    found = severity(kb, **{**values, missing: None})
    assert (found.tier, found.severe) == ("unknown", True)
    assert facts_named(found) == {"labs.inr", "labs.bilirubin_total"}


@pytest.mark.parametrize(
    ("missing", "variants"),
    [
        ("creatinine", {"meld", "meld_na", "meld_3_0"}),
        ("sodium", {"meld_na", "meld_3_0"}),
        ("albumin", {"meld_3_0"}),
    ],
)
@pytest.mark.parametrize("values", [{}, {"alt": 36}, {"alt": 200}])
def test_in_cirrhosis_no_tier_below_t3_is_told_while_a_meld_variant_is_missing(
    kb: KnowledgeBase, missing: str, variants: set[str], values: dict[str, Any]
) -> None:
    results: dict[str, Any] = {**values, missing: None}
    found = severity(kb, condition={"cirrhosis": "compensated"}, **results)
    assert (found.tier, found.severe, facts_named(found)) == ("unknown", None, variants)
    assert found.basis[0].detail == "could not be computed: 15 or more is not excluded in cirrhosis"
    assert severity(kb, condition={"cirrhosis": "none"}, **results).tier != "unknown"


@pytest.mark.parametrize(("values", "tier"), [({"inr": 1.5}, "T3"), ({"inr": 1.5, "bilirubin_total": 2.7}, "T4")])
def test_a_missing_meld_variant_does_not_take_a_severe_tier_away(
    kb: KnowledgeBase, values: dict[str, Any], tier: str
) -> None:
    results: dict[str, Any] = {**values, "creatinine": None}
    assert severity(kb, condition={"cirrhosis": "compensated"}, **results).tier == tier


@pytest.mark.parametrize("analyte", ["bilirubin_total", "inr"])
@pytest.mark.parametrize(("alt", "tier"), [(36, "unknown"), (104, "unknown"), (105, "T2")])
def test_t1_needs_the_upper_limits_of_bilirubin_and_inr(kb: KnowledgeBase, analyte: str, alt: int, tier: str) -> None:
    found = prepare_facts(episode(labs=without_limit(analyte, alt=alt)), kb).severity
    assert found.tier == tier
    assert (f"labs.{analyte}" in facts_named(found)) is (tier == "unknown")


def test_t1_stands_without_igg(kb: KnowledgeBase) -> None:
    assert severity(kb, alt=36, igg=None).tier == "T1"


@pytest.mark.parametrize("missing", ["alt", "ast", "igg"])
def test_t0_needs_all_five_tests(kb: KnowledgeBase, missing: str) -> None:
    without: dict[str, Any] = {missing: None}
    found = severity(kb, **without)
    assert (found.tier, found.severe, facts_named(found)) == ("unknown", None, {f"labs.{missing}"})


@pytest.mark.parametrize("analyte", ["alt", "ast", "igg", "bilirubin_total", "inr"])
def test_t0_needs_the_upper_limit_of_all_five_tests(kb: KnowledgeBase, analyte: str) -> None:
    found = prepare_facts(episode(labs=without_limit(analyte)), kb).severity
    assert found.tier == "unknown"
    assert [(basis.fact, basis.detail) for basis in found.basis] == [
        (f"labs.{analyte}", "sent without its upper limit")
    ]


def test_stale_results_make_the_tier_unknown(kb: KnowledgeBase) -> None:
    found = prepare_facts(episode(labs=labs("2026-01-29")), kb).severity
    assert (found.tier, found.severe) == ("unknown", None)
    assert found.basis[0].detail == "40 days old, out of date"


@pytest.mark.parametrize(("alt", "severe"), [(349, False), (350, True), (351, True)])
def test_ten_times_the_limit_is_severe_in_any_tier(kb: KnowledgeBase, alt: int, severe: bool) -> None:
    assert severity(kb, alt=alt).severe is severe
    assert severity(kb, alt=30, ast=alt).severe is severe


def test_ten_times_the_limit_is_severe_even_without_a_tier(kb: KnowledgeBase) -> None:
    found = severity(kb, alt=400, inr=None)
    assert (found.tier, found.severe, facts_named(found)) == ("unknown", True, {"labs.inr", "labs.alt"})


@pytest.mark.parametrize("missing", ["alt", "ast"])
def test_severity_is_not_denied_while_a_transaminase_is_missing(kb: KnowledgeBase, missing: str) -> None:
    without: dict[str, Any] = {"igg": 30, missing: None}
    found = severity(kb, **without)
    assert (found.tier, found.severe) == ("T2", None)


@pytest.mark.parametrize(("recorded", "severe"), [("mild", False), ("moderate", False), ("severe", True)])
def test_a_flare_recorded_as_severe_is_severe(kb: KnowledgeBase, recorded: str, severe: bool) -> None:
    found = severity(kb, flare={"severity": recorded})
    assert (found.tier, found.severe) == ("T0", severe)
    assert ("flare.severity" in facts_named(found)) is severe


def test_the_basis_shows_the_value_as_it_was_sent(kb: KnowledgeBase) -> None:
    (basis,) = severity(kb, inr=1.5).basis
    assert basis.detail == "1.5 {INR}: 1.5 or more"


@pytest.mark.parametrize(("recorded", "severe"), [(None, None), ("mild", None), ("severe", True)])
def test_another_disease_has_no_tier(kb: KnowledgeBase, recorded: str | None, severe: bool | None) -> None:
    patient = episode(condition={"code": "lupus_nephritis"}, flare={"severity": recorded})
    found = prepare_facts(patient, kb).severity
    assert (found.tier, found.severe) == ("unknown", severe)
    assert bool(found.basis) is (recorded == "severe")


def test_without_a_recorded_severity_another_disease_has_no_basis() -> None:
    assert other_severity(None) == SeverityFact("unknown", None, ())


@pytest.mark.parametrize("missing", NORMAL)
def test_removing_a_result_never_denies_severity(kb: KnowledgeBase, missing: str) -> None:
    acute: dict[str, Any] = {"bilirubin_total": 2.7, "inr": 1.5}
    assert severity(kb, **acute).tier == "T4"
    assert severity(kb, **{**acute, missing: None}).severe is not False


@pytest.mark.parametrize(("values", "tier"), [({"alt": 200}, "unknown"), ({"bilirubin_total": 3}, "T3")])
@pytest.mark.parametrize("sign", ["ascites", "encephalopathy_grade", "variceal_bleed"])
def test_a_complication_nobody_ruled_out_keeps_the_tier_unknown_below_t3(
    kb: KnowledgeBase, sign: str, values: dict[str, Any], tier: str
) -> None:
    found = severity(kb, condition={sign: None}, flare={"findings": None}, **values)
    assert (found.tier, found.severe) == (tier, True if tier == "T3" else None)


@pytest.mark.parametrize(
    ("cirrhosis", "creatinine", "tier"),
    [
        ("unknown", 3.0, "unknown"),
        (None, 3.0, "unknown"),
        ("none", 3.0, "T2"),
        ("compensated", 3.0, "T5"),
        ("unknown", 0.8, "T2"),
        ("unknown", None, "unknown"),
        ("none", None, "T2"),
    ],
)
def test_unless_cirrhosis_is_excluded_a_high_or_missing_meld_keeps_the_tier_open(
    kb: KnowledgeBase, cirrhosis: str | None, creatinine: float | None, tier: str
) -> None:
    assert severity(kb, condition={"cirrhosis": cirrhosis}, alt=200, creatinine=creatinine).tier == tier
