"""Interactions: the pairs that forbid a dose, those that warn, and that every row can fire."""

import re

import pytest

from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import Interaction

# drug, partner on the list, code, effect of the strongest row
PAIRS = (
    ("tacrolimus", "clarithromycin", "CYP3A_INHIBITOR", "block"),
    ("tacrolimus", "ritonavir", "CYP3A_INHIBITOR", "block"),
    ("tacrolimus", "nirmatrelvir", "CYP3A_INHIBITOR", "block"),
    ("tacrolimus", "fluconazole", "CYP3A_INHIBITOR", "caution"),
    ("tacrolimus", "grapefruit", "CYP3A_INHIBITOR", "caution"),
    ("tacrolimus", "cannabidiol", "CYP3A_INHIBITOR", "caution"),
    ("tacrolimus", "rifampin", "CYP3A_INDUCER", "caution"),
    ("tacrolimus", "st_johns_wort", "CYP3A_INDUCER", "caution"),
    ("tacrolimus", "omeprazole", "TACROLIMUS_PPI", "caution"),
    ("tacrolimus", "cyclosporine", "TWO_CALCINEURIN_INHIBITORS", "block"),
    ("cyclosporine", "tacrolimus", "TWO_CALCINEURIN_INHIBITORS", "block"),
    ("tacrolimus", "voclosporin", "TWO_CALCINEURIN_INHIBITORS", "block"),
    ("tacrolimus", "sirolimus", "CNI_WITH_SIROLIMUS", "block"),
    ("cyclosporine", "everolimus", "CNI_WITH_SIROLIMUS", "block"),
    ("sirolimus", "tacrolimus", "CNI_WITH_SIROLIMUS", "block"),
    ("tacrolimus", "ibuprofen", "NEPHROTOXIC_COMBINATION", "caution"),
    ("tacrolimus", "gentamicin", "NEPHROTOXIC_COMBINATION", "caution"),
    ("tacrolimus", "spironolactone", "POTASSIUM_RAISING", "caution"),
    ("tacrolimus", "lisinopril", "POTASSIUM_RAISING", "caution"),
    ("tacrolimus", "trimethoprim", "POTASSIUM_RAISING", "caution"),
    ("tacrolimus", "moxifloxacin", "QT_PROLONGING", "caution"),
    ("tacrolimus", "furosemide", "MAGNESIUM_LOSS", "caution"),
    ("tacrolimus", "tamsulosin", "LOOK_ALIKE_NAME", "caution"),
    ("cyclosporine", "simvastatin", "STATIN_CALCINEURIN_INHIBITOR", "block"),
    ("cyclosporine", "atorvastatin", "STATIN_CALCINEURIN_INHIBITOR", "caution"),
    ("sirolimus", "erythromycin", "CYP3A_INHIBITOR", "block"),
    ("sirolimus", "rifabutin", "CYP3A_INDUCER", "block"),
    ("azathioprine", "allopurinol", "XANTHINE_OXIDASE_INHIBITOR", "block"),
    ("azathioprine", "febuxostat", "XANTHINE_OXIDASE_INHIBITOR", "block"),
    ("azathioprine", "ribavirin", "RIBAVIRIN", "block"),
    ("azathioprine", "mycophenolate", "AZATHIOPRINE_WITH_MYCOPHENOLATE", "block"),
    ("azathioprine", "mercaptopurine", "TWO_THIOPURINES", "block"),
    ("azathioprine", "methotrexate", "TWO_ANTIMETABOLITES", "block"),
    ("mycophenolate", "cyclophosphamide", "TWO_ANTIMETABOLITES", "block"),
    ("azathioprine", "enalapril", "ACE_INHIBITOR_AZATHIOPRINE", "caution"),
    ("azathioprine", "warfarin", "WARFARIN_AZATHIOPRINE", "caution"),
    ("azathioprine", "sulfasalazine", "AMINOSALICYLATE_AZATHIOPRINE", "caution"),
    ("azathioprine", "trimethoprim", "CO_TRIMOXAZOLE_AZATHIOPRINE", "caution"),
    ("mycophenolate", "pantoprazole", "MYCOPHENOLATE_PPI", "caution"),
    ("mycophenolate", "sevelamer", "MYCOPHENOLATE_ABSORPTION", "caution"),
    ("mycophenolate", "cholestyramine", "MYCOPHENOLATE_CHOLESTYRAMINE", "caution"),
    ("methotrexate", "trimethoprim", "METHOTREXATE_TRIMETHOPRIM", "block"),
    ("methotrexate", "ibuprofen", "METHOTREXATE_CLEARANCE", "caution"),
    ("methotrexate", "probenecid", "METHOTREXATE_CLEARANCE", "caution"),
    ("prednisone", "ibuprofen", "GLUCOCORTICOID_NSAID", "caution"),
    ("prednisone", "aspirin", "GLUCOCORTICOID_NSAID", "caution"),
    ("prednisone", "rifampin", "GLUCOCORTICOID_CYP3A_INDUCER", "caution"),
    ("budesonide", "ketoconazole", "GLUCOCORTICOID_CYP3A_INHIBITOR", "caution"),
    ("prednisone", "insulin", "GLUCOCORTICOID_GLUCOSE", "caution"),
    ("prednisone", "levofloxacin", "GLUCOCORTICOID_FLUOROQUINOLONE", "caution"),
    ("prednisone", "yellow_fever_vaccine", "LIVE_VACCINE", "block"),
    ("azathioprine", "measles_mumps_rubella_vaccine", "LIVE_VACCINE", "block"),
    ("prednisone", "rituximab", "BIOLOGIC_OR_JAK", "caution"),
)
HARMLESS = ("metformin", "levothyroxine", "amlodipine", "acetaminophen", "vitamin_d", "folic_acid", "atovaquone")


def between(kb: KnowledgeBase, drug: str, partner: str) -> list[Interaction]:
    """The rows that fire for a drug with a partner, whichever side they stand on."""
    one, other = ({key, *kb.substances[key].classes} for key in (drug, partner))
    rows = kb.interactions.values()
    return [r for r in rows if (r.drug in one and r.partner in other) or (r.drug in other and r.partner in one)]


@pytest.mark.parametrize(("drug", "partner", "code", "effect"), PAIRS)
def test_a_pair_blocks_or_warns(kb: KnowledgeBase, drug: str, partner: str, code: str, effect: str) -> None:
    effects = {row.effect for row in between(kb, drug, partner) if row.code == code}
    assert effects
    assert ("block" in effects) == (effect == "block")


def test_both_sides_of_a_row_are_substances_or_classes(kb: KnowledgeBase) -> None:
    known = set(kb.substances) | {group for row in kb.substances.values() for group in row.classes}
    assert {row.id for row in kb.interactions.values() if not {row.drug, row.partner} <= known} == set()


def test_every_row_bears_on_a_drug_of_this_service(kb: KnowledgeBase) -> None:
    ours = {name for key in kb.drugs for name in (key, *kb.substances[key].classes)}
    assert {row.id for row in kb.interactions.values() if row.drug not in ours} == set()


def test_no_row_is_given_twice_in_either_direction(kb: KnowledgeBase) -> None:
    pairs = [(row.code, *sorted((row.drug, row.partner))) for row in kb.interactions.values()]
    assert len(pairs) == len(set(pairs))


def test_no_drug_interacts_with_itself(kb: KnowledgeBase) -> None:
    assert {drug: [row.id for row in between(kb, drug, drug)] for drug in kb.drugs if between(kb, drug, drug)} == {}


def test_codes_are_upper_case_words(kb: KnowledgeBase) -> None:
    assert [
        row.code for row in kb.interactions.values() if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", row.code)
    ] == []


def test_text_and_action_are_sentences(kb: KnowledgeBase) -> None:
    said = [text for row in kb.interactions.values() for text in (row.text, row.action)]
    assert [text for text in said if not (text[0].isupper() and text.endswith("."))] == []


@pytest.mark.parametrize("partner", HARMLESS)
def test_a_harmless_medicine_blocks_nothing(kb: KnowledgeBase, partner: str) -> None:
    assert [row.id for drug in kb.drugs for row in between(kb, drug, partner) if row.effect == "block"] == []


def test_lung_prophylaxis_with_co_trimoxazole_does_not_forbid_azathioprine(kb: KnowledgeBase) -> None:
    rows = [row for part in kb.substances["co_trimoxazole"].ingredients for row in between(kb, "azathioprine", part)]
    assert {row.effect for row in rows} == {"caution"}


def test_the_block_by_strong_inhibitors_cites_the_source_and_its_own_rule(kb: KnowledgeBase) -> None:
    assert {"S27", "P-rule-t"} <= set(kb.interactions["tacrolimus_strong_inhibitor"].cites)
