"""Names on a medication list: every drug, brand and combination leads to what interactions work on."""

import pytest

from app.knowledge.base import KnowledgeBase

# name as a hospital may send it, substance it has to lead to
NAMES = (
    ("ciclosporin", "cyclosporine"),
    ("cyclosporin", "cyclosporine"),
    ("neoral", "cyclosporine"),
    ("sandimmune", "cyclosporine"),
    ("prograf", "tacrolimus"),
    ("imuran", "azathioprine"),
    ("aza", "azathioprine"),
    ("azathioprin", "azathioprine"),
    ("azatioprina", "azathioprine"),
    ("6mp", "mercaptopurine"),
    ("6-mp", "mercaptopurine"),
    ("csa", "cyclosporine"),
    ("prednison", "prednisone"),
    ("prednisolon", "prednisolone"),
    ("sulfa", "sulfonamide"),
    ("5-aza", "azacitidine"),
    ("azasan", "azathioprine"),
    ("cellcept", "mycophenolate"),
    ("myfortic", "mycophenolate"),
    ("mycophenolic acid", "mycophenolate"),
    ("deltasone", "prednisone"),
    ("rayos", "prednisone"),
    ("advagraf", "tacrolimus_extended_release"),
    ("envarsus xr", "tacrolimus_extended_release"),
    ("astagraf xl", "tacrolimus_extended_release"),
    ("protopic", "topical_tacrolimus"),
    ("zyloprim", "allopurinol"),
    ("uloric", "febuxostat"),
    ("rifampicin", "rifampin"),
    ("st john's wort", "st_johns_wort"),
    ("seville orange", "seville_orange"),
    ("paxlovid", "nirmatrelvir_ritonavir"),
    ("bactrim", "co_trimoxazole"),
    ("tmp-smx", "co_trimoxazole"),
    ("duzallo", "lesinurad_allopurinol"),
    ("kaletra", "lopinavir_ritonavir"),
    ("entresto", "sacubitril_valsartan"),
    ("zestoretic", "lisinopril_hydrochlorothiazide"),
    ("mesalazine", "mesalamine"),
    ("paracetamol", "acetaminophen"),
    ("ursodiol", "ursodeoxycholic_acid"),
    ("flumist", "live_influenza_vaccine"),
    ("mmr", "measles_mumps_rubella_vaccine"),
    ("shingrix", "recombinant_zoster_vaccine"),
)

# class, substances that must be in it
CLASSES = (
    (
        "cyp3a_strong_inhibitor",
        (
            "atazanavir ceritinib clarithromycin cobicistat darunavir idelalisib indinavir itraconazole ketoconazole "
            "levoketoconazole lonafarnib lopinavir mifepristone nefazodone nelfinavir nirmatrelvir posaconazole "
            "ritonavir saquinavir telithromycin tucatinib voriconazole"
        ),
    ),
    (
        "cyp3a_moderate_inhibitor",
        (
            "amiodarone aprepitant berotralstat cimetidine ciprofloxacin conivaptan crizotinib diltiazem dronedarone "
            "duvelisib erythromycin fedratinib fluconazole fluvoxamine fosamprenavir grapefruit imatinib isavuconazole "
            "lefamulin letermovir netupitant nilotinib pomelo ribociclib schisandra seville_orange verapamil"
        ),
    ),
    (
        "cyp3a_strong_inducer",
        (
            "apalutamide carbamazepine enzalutamide fosphenytoin lumacaftor mitotane phenobarbital phenytoin primidone "
            "rifampin"
        ),
    ),
    (
        "cyp3a_moderate_inducer",
        (
            "bexarotene bosentan cenobamate dabrafenib dexamethasone dipyrone efavirenz eslicarbazepine etravirine "
            "lorlatinib modafinil nafcillin nevirapine oxcarbazepine pexidartinib rifabutin rifapentine sotorasib "
            "st_johns_wort"
        ),
    ),
    ("xanthine_oxidase_inhibitor", "allopurinol febuxostat"),
    ("hbv_antiviral", "entecavir tenofovir"),
    ("live_vaccine", "measles_mumps_rubella_vaccine varicella_vaccine live_influenza_vaccine yellow_fever_vaccine bcg"),
    ("live_vaccine", "oral_typhoid_vaccine live_zoster_vaccine"),
    ("ppi", "omeprazole pantoprazole lansoprazole esomeprazole rabeprazole"),
    ("sulfonamide_antibiotic", "sulfonamide sulfamethoxazole"),
    ("hormonal_contraceptive", "hormonal_contraceptive drospirenone"),
    ("potassium_raising", "drospirenone spironolactone lisinopril losartan trimethoprim potassium_chloride heparin"),
    ("nephrotoxic", "gentamicin tobramycin amikacin amphotericin_b vancomycin ganciclovir cisplatin"),
    (
        "qt_prolonging",
        "amiodarone erythromycin levofloxacin moxifloxacin ondansetron escitalopram haloperidol methadone",
    ),
    ("systemic_glucocorticoid", "prednisone prednisolone methylprednisolone budesonide dexamethasone hydrocortisone"),
    ("calcineurin_inhibitor", "tacrolimus cyclosporine voclosporin"),
    ("mtor_inhibitor", "sirolimus everolimus"),
    ("thiopurine", "azathioprine mercaptopurine tioguanine"),
)
HARMLESS = [
    "metformin",
    "levothyroxine",
    "amlodipine",
    "ursodeoxycholic_acid",
    "vitamin_d",
    "calcium",
    "folic_acid",
    "acetaminophen",
    "insulin",
]
PLAIN_RXNORM = ("28031", "6135", "2587892", "282446", "703", "3443", "4450", "11170", "73689", "29046", "3827", "5640")


def test_every_drug_is_a_substance_under_its_own_key_and_code(kb: KnowledgeBase) -> None:
    assert {key for key, row in kb.drugs.items() if row.rxnorm not in kb.substances[key].rxnorm} == set()


def test_every_drug_is_an_immunosuppressant(kb: KnowledgeBase) -> None:
    assert all("immunosuppressant" in kb.substances[key].classes for key in kb.drugs)


def test_no_name_or_code_belongs_to_two_substances(kb: KnowledgeBase) -> None:
    given = [name for row in kb.substances.values() for name in (*row.names, *row.rxnorm)]
    assert len(given) == len(set(given))


def test_names_are_lower_case_with_single_spaces(kb: KnowledgeBase) -> None:
    assert [
        name for row in kb.substances.values() for name in row.names if name != " ".join(name.lower().split())
    ] == []


def test_a_substance_that_is_several_words_is_found_by_them_too(kb: KnowledgeBase) -> None:
    spelled = {"potassium_chloride", "st_johns_wort", "seville_orange", "vitamin_d", "folic_acid", "amphotericin_b"}
    assert {key for key in spelled if kb.names.get(key.replace("_", " ")) != key} == set()


@pytest.mark.parametrize(("name", "substance"), NAMES)
def test_a_name_leads_to_its_substance(kb: KnowledgeBase, name: str, substance: str) -> None:
    assert kb.names[name] == substance


@pytest.mark.parametrize(("group", "members"), CLASSES)
def test_a_class_holds_its_members(kb: KnowledgeBase, group: str, members: str) -> None:
    assert [key for key in members.split() if group not in kb.substances[key].classes] == []


def test_ingredients_are_substances_that_hold_no_further_ingredients(kb: KnowledgeBase) -> None:
    parts = [part for row in kb.substances.values() for part in row.ingredients]
    assert [part for part in parts if kb.substances[part].ingredients] == []


def test_a_combination_holds_more_than_one_substance(kb: KnowledgeBase) -> None:
    single = {key for key, row in kb.substances.items() if len(row.ingredients) == 1}
    assert single == {"tacrolimus_extended_release"}


@pytest.mark.parametrize(
    ("product", "ingredient"),
    [
        ("nirmatrelvir_ritonavir", "ritonavir"),
        ("genvoya", "cobicistat"),
        ("lesinurad_allopurinol", "allopurinol"),
        ("co_trimoxazole", "trimethoprim"),
        ("sacubitril_valsartan", "valsartan"),
        ("lisinopril_hydrochlorothiazide", "lisinopril"),
        ("tacrolimus_extended_release", "tacrolimus"),
        ("biktarvy", "tenofovir"),
    ],
)
def test_a_product_is_seen_through_to_what_interacts(kb: KnowledgeBase, product: str, ingredient: str) -> None:
    assert ingredient in kb.substances[product].ingredients


def test_tacrolimus_on_the_skin_is_not_tacrolimus_by_mouth(kb: KnowledgeBase) -> None:
    row = kb.substances["topical_tacrolimus"]
    assert (row.classes, row.ingredients) == ((), ())


def test_tamsulosin_is_not_tacrolimus(kb: KnowledgeBase) -> None:
    assert kb.names["tamsulosin"] == kb.names["77492"] == "tamsulosin"


def test_inhaled_budesonide_is_not_a_systemic_steroid(kb: KnowledgeBase) -> None:
    assert kb.substances[kb.names["pulmicort"]].classes == ()


def test_common_harmless_medicines_are_known(kb: KnowledgeBase) -> None:
    assert [key for key in HARMLESS if key not in kb.substances] == []


def test_a_salt_named_after_an_electrolyte_is_not_the_electrolyte(kb: KnowledgeBase) -> None:
    salts = {
        "losartan potassium": "losartan",
        "diclofenac potassium": "diclofenac",
        "omeprazole magnesium": "omeprazole",
    }
    assert {name: kb.names[name] for name in salts} == salts


def test_codes_that_nobody_checked_are_absent(kb: KnowledgeBase) -> None:
    codes = {code for row in kb.substances.values() for code in row.rxnorm}
    assert codes.isdisjoint(PLAIN_RXNORM)


def test_codes_are_digits(kb: KnowledgeBase) -> None:
    assert all(code.isdigit() for row in kb.substances.values() for code in row.rxnorm)
