import pytest

from app.knowledge.base import KnowledgeBase
from tests.builders import lab, labs
from tests.rules.plan.asked import CONDITION, asked, waiting
from tests.rules.plan.prepared import labs_without

# What waits for a result, and what waits where only its own upper limit is missing: the tier reads AST, ALT, IgG,
# bilirubin and INR, the gate of a taper step AST, ALT and IgG, MELD and Child-Pugh bilirubin, INR, albumin, creatinine
# and sodium; bilirubin defers azathioprine and a count forbids it at a limit that knows no upper limit of normal.
ENZYMES = "severity monitoring taper"
RESULTS_WAITED_FOR = {
    "alt": (ENZYMES, ENZYMES),
    "ast": (ENZYMES, ENZYMES),
    "bilirubin_total": ("severity scores transplant prednisone_azathioprine", "severity"),
    "inr": ("severity scores transplant", "severity"),
    "igg": ("severity taper", "severity taper"),
    "albumin": ("scores transplant", None),
    "creatinine": ("scores transplant tacrolimus_restart switch_cyclosporine", None),
    "sodium": ("scores transplant", None),
    "platelets": ("prednisone_azathioprine", None),
    "wbc": ("prednisone_azathioprine", None),
    "neutrophils": ("prednisone_azathioprine add_mycophenolate", None),
    "potassium": ("tacrolimus_restart switch_cyclosporine", None),
    "magnesium": ("tacrolimus_restart switch_cyclosporine", None),
}


@pytest.mark.parametrize("analyte", RESULTS_WAITED_FOR)
def test_an_absent_result_is_asked_for_with_its_unit_and_what_waits_for_it(kb: KnowledgeBase, analyte: str) -> None:
    found = asked(kb, labs=labs_without(analyte))
    assert waiting(found) == {f"labs.{analyte}": sorted(RESULTS_WAITED_FOR[analyte][0].split())}
    info = kb.analytes[analyte]
    expected = f"Send {info.title} with unit (for example {info.unit}) and collection time."
    assert found[f"labs.{analyte}"].how == expected


def test_every_result_of_the_table_has_its_row_here(kb: KnowledgeBase) -> None:
    assert list(asked(kb, labs=[])) == [f"labs.{analyte}" for analyte in RESULTS_WAITED_FOR]


@pytest.mark.parametrize("analyte", RESULTS_WAITED_FOR)
def test_without_its_upper_limit_only_what_reads_multiples_of_normal_waits(kb: KnowledgeBase, analyte: str) -> None:
    results = [{**row, "upper_limit_normal": None} if row["analyte"] == analyte else row for row in labs()]
    waits = RESULTS_WAITED_FOR[analyte][1]
    found = asked(kb, labs=results)
    assert waiting(found) == ({} if waits is None else {f"labs.{analyte}": sorted(waits.split())})
    assert all("upper_limit_normal" in need.how for need in found.values())


@pytest.mark.parametrize(
    ("analyte", "in_meld"),
    [("albumin", True), ("creatinine", True), ("sodium", True), ("inr", False), ("igg", False), ("platelets", False)],
)
@pytest.mark.parametrize(("cirrhosis", "possible"), [("compensated", True), ("unknown", True), ("none", False)])
def test_unless_cirrhosis_is_excluded_the_severity_waits_for_what_a_meld_needs(
    kb: KnowledgeBase, analyte: str, in_meld: bool, cirrhosis: str, possible: bool
) -> None:
    decides = in_meld and possible
    need = asked(kb, labs=labs_without(analyte), condition={**CONDITION, "cirrhosis": cirrhosis})[f"labs.{analyte}"]
    waits = RESULTS_WAITED_FOR[analyte][0].split()
    assert need.needed_for == (("severity", *waits) if decides else tuple(waits))
    assert ("In cirrhosis" in need.effect) is decides


def test_a_stale_result_counts_as_unknown_and_its_age_is_said(kb: KnowledgeBase) -> None:
    need = asked(kb, labs=[*labs_without("alt"), lab("alt", 160, "U/L", "2026-02-23", upper_limit_normal=35)])[
        "labs.alt"
    ]
    assert "stale: 15 days old, limit 14 days" in need.how
