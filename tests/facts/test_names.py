import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.facts.names import resolve, resolve_taken
from app.knowledge.base import KnowledgeBase


def substances(name: str, kb: KnowledgeBase, rxnorm: str | None = None) -> set[str]:
    return set(resolve(name, rxnorm, kb).substances)


@pytest.mark.parametrize(
    ("name", "substance"),
    [
        ("azathioprine", "azathioprine"),
        ("  AZATHIOPRINE ", "azathioprine"),
        ("Imuran", "azathioprine"),
        ("Imuran 50 mg tablet", "azathioprine"),
        ("azathioprine-sandoz 50mg", "azathioprine"),
        ("Prograf 0.5 mg capsule", "tacrolimus"),
        ("oral prednisone, once daily", "prednisone"),
        ("St John's Wort extract 300 mg", "st_johns_wort"),
        ("St John\u2019s  wort", "st_johns_wort"),
        ("\uff34acrolimus", "tacrolimus"),
    ],
)
def test_a_name_is_known_in_any_case_and_with_strength_and_form(kb: KnowledgeBase, name: str, substance: str) -> None:
    found = resolve(name, None, kb)
    assert substance in found.substances
    assert found.unknown == ()


@pytest.mark.parametrize("name", ["tamsulosin", "Tamsulosin 0.4 mg"])
def test_tamsulosin_is_not_tacrolimus(kb: KnowledgeBase, name: str) -> None:
    assert substances(name, kb) == {"tamsulosin"}


@pytest.mark.parametrize("name", ["tacrolimusoid", "xprednisone", "Zorbatrix", "mg", "50", "///", "?"])
def test_a_name_no_table_knows_is_returned_as_it_was_sent(kb: KnowledgeBase, name: str) -> None:
    found = resolve(name, None, kb)
    assert (found.substances, found.classes, found.unknown) == ((), frozenset(), (name,))


def test_a_strength_is_not_read_as_a_code(kb: KnowledgeBase) -> None:
    assert kb.names["519"] == "allopurinol"
    assert resolve("Zorbatrix 519 mg", None, kb).unknown == ("Zorbatrix 519 mg",)
    assert substances("Imuran 519 mg", kb) == {"azathioprine"}


@pytest.mark.parametrize(
    "name",
    [
        "prednisone/azathioprine",
        "Prednisone 30 mg + Imuran 100 mg",
        "prednisone and azathioprine",
        "prednisone with azathioprine",
        "prednisone azathioprine",
        "prednisone-azathioprine",
        "azathioprine 50 mg / prednisone 5 mg",
    ],
)
def test_a_combination_in_words_is_each_of_its_parts(kb: KnowledgeBase, name: str) -> None:
    found = resolve(name, None, kb)
    assert set(found.substances) == {"prednisone", "azathioprine"}
    assert found.unknown == ()


def test_a_slash_inside_a_known_name_does_not_part_it(kb: KnowledgeBase) -> None:
    assert substances("TMP/SMX DS 800/160 mg", kb) == {"co_trimoxazole", "trimethoprim", "sulfamethoxazole"}


def test_a_part_nobody_knows_is_reported_beside_the_known_one(kb: KnowledgeBase) -> None:
    found = resolve("Azathioprine 50 mg + Zorbatrix 5 mg", None, kb)
    assert found.substances == ("azathioprine",)
    assert found.unknown == ("zorbatrix 5 mg",)


@pytest.mark.parametrize("name", ["3TC + Zorbatrix", "Zorbatrix + 3tc 150mg"])
def test_a_name_may_begin_with_a_figure(kb: KnowledgeBase, name: str) -> None:
    found = resolve(name, None, kb)
    assert "lamivudine" in found.substances
    assert found.unknown == ("zorbatrix",)


def test_an_unknown_part_with_a_figure_is_reported_too(kb: KnowledgeBase) -> None:
    assert resolve("prednisone + 5zx 20mg", None, kb).unknown == ("5zx 20mg",)


def test_a_strength_behind_a_separator_is_no_part(kb: KnowledgeBase) -> None:
    found = resolve("Bactrim DS 800/160 mg tablet", None, kb)
    assert "co_trimoxazole" in found.substances
    assert found.unknown == ()


def test_a_combination_product_brings_its_ingredients_and_their_classes(kb: KnowledgeBase) -> None:
    found = resolve("co-trimoxazole", None, kb)
    assert set(found.substances) == {"co_trimoxazole", "trimethoprim", "sulfamethoxazole"}
    assert found.classes >= set(kb.substances["trimethoprim"].classes)
    assert found.keys == found.classes | set(found.substances)


def test_the_longest_name_wins(kb: KnowledgeBase) -> None:
    assert "tacrolimus_extended_release" in substances("Tacrolimus extended-release 5 mg", kb)
    assert "mycophenolate" in substances("mycophenolate mofetil 500 mg", kb)


def test_a_code_screens_a_name_nobody_knows(kb: KnowledgeBase) -> None:
    found = resolve("Zorbatrix", "519", kb)
    assert found.substances == ("allopurinol",)
    assert found.unknown == ()


def test_a_code_nobody_knows_changes_nothing(kb: KnowledgeBase) -> None:
    assert substances("Imuran", kb, "999999999999") == {"azathioprine"}
    assert resolve("Zorbatrix", "999999999999", kb).unknown == ("Zorbatrix",)


def test_where_name_and_code_disagree_both_count(kb: KnowledgeBase) -> None:
    assert substances("azathioprine", kb, "519") == {"azathioprine", "allopurinol"}


def test_a_code_does_not_hide_an_unknown_part_of_the_name(kb: KnowledgeBase) -> None:
    assert resolve("azathioprine + Zorbatrix", "1256", kb).unknown == ("zorbatrix",)


def test_words_on_both_sides_of_a_separator_may_make_one_name(kb: KnowledgeBase) -> None:
    assert "st_johns_wort" in substances("St, John's wort", kb)


def test_every_name_of_the_table_resolves_to_its_own_substance(kb: KnowledgeBase) -> None:
    lost = [name for key, row in kb.substances.items() for name in row.names if key not in substances(name, kb)]
    assert lost == []


def test_strength_and_form_leave_the_substance_or_all_its_ingredients(kb: KnowledgeBase) -> None:
    for key, row in kb.substances.items():
        for name in row.names:
            found = substances(f"{name.title()} 10 mg tablet", kb)
            assert key in found or found >= set(row.ingredients) > set(), name


@given(st.text(min_size=1, max_size=60))
def test_any_text_is_resolved_or_reported(kb: KnowledgeBase, name: str) -> None:
    found = resolve(name, None, kb)
    assert bool(found.substances) or found.unknown == (name,)


@pytest.mark.parametrize(
    "name",
    [
        "hydrocortisone cream",
        "Hydrocortisone 1% Cream",
        "betamethasone ointment",
        "triamcinolone lotion",
        "budesonide inhaler 200 mcg",
        "inhaled budesonide",
        "dexamethasone nasal spray",
        "topical betamethasone",
        "prednisolone eye drops",
        "dexamethasone ear drop",
    ],
)
def test_a_steroid_that_only_acts_locally_is_no_systemic_one_and_is_returned(kb: KnowledgeBase, name: str) -> None:
    found = resolve_taken(name, None, kb)
    assert (found.substances, found.classes, found.unknown) == ((), frozenset(), (name,))
    assert "systemic_glucocorticoid" in resolve(name, None, kb).classes


@pytest.mark.parametrize(
    ("name", "rxnorm"),
    [
        ("hydrocortisone", None),
        ("hydrocortisone 20 mg", None),
        ("prednisolone oral drops", None),
        ("prednisolone drops", None),
        ("prednisone 10 mg tablet and hydrocortisone cream", None),
        ("prednisone and clotrimazole cream", None),
        ("prednisone hydrocortisone cream", None),
        ("dexamethasone injection inhaler", None),
        ("steroid cream", "8640"),
        ("creamy prednisone", None),
    ],
)
def test_a_steroid_counts_as_systemic_where_there_is_a_doubt(kb: KnowledgeBase, name: str, rxnorm: str | None) -> None:
    assert "systemic_glucocorticoid" in resolve_taken(name, rxnorm, kb).classes


@pytest.mark.parametrize(
    "name", ["tacrolimus ointment", "azathioprine cream", "Imuran 50 mg tablet", "Zorbatrix cream"]
)
def test_of_any_other_drug_the_form_says_nothing(kb: KnowledgeBase, name: str) -> None:
    assert resolve_taken(name, None, kb) == resolve(name, None, kb)
