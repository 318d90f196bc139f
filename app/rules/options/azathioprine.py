"""Rule A: may azathioprine be given, must it wait, and how much."""

from collections.abc import Iterator
from decimal import Decimal

from app.clinical.medicine import Pharmacogenetics
from app.clinical.vocabulary import Analyte
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.options import checks
from app.rules.options.draft import Arithmetic, Dose, floor_to, gather, per_kg, plain
from app.rules.rule import Block, Caution, Condition, DoseCaution, Finding, rule

DRUG = "azathioprine"
_COUNT_LIMITS: tuple[tuple[Analyte, str, str], ...] = (
    ("wbc", "azathioprine_wbc_block", "White cells"),
    ("neutrophils", "azathioprine_anc_block", "Neutrophils"),
    ("platelets", "azathioprine_platelets_block", "Platelets"),
)
_GENES = ("tpmt", "nudt15")
_RULE = "azathioprine_dose"
_CITES = ("S02", "S05", "C04", "P-rule-a")


def phenotype(facts: Facts, gene: str) -> str | None:
    """Return the reported metaboliser phenotype; None when unknown."""
    genes = facts.episode.pharmacogenetics or Pharmacogenetics()
    reported = {"tpmt": genes.tpmt, "nudt15": genes.nudt15}[gene]
    return None if reported == "unknown" else reported


def exposed(facts: Facts) -> bool:
    """Whether the patient is known to have taken a thiopurine."""
    return bool(checks.kin(DRUG) & (facts.medicines.exposed or frozenset()))


@rule("azathioprine_poor_metaboliser", cites=("K36", "P-rule-a"))
def poor_metaboliser(facts: Facts) -> Iterator[Block]:
    """Is the patient a TPMT or NUDT15 poor metaboliser?"""
    for gene in _GENES:
        if phenotype(facts, gene) == "poor":
            yield Block(
                "THIOPURINE_POOR_METABOLISER",
                f"{gene.upper()} poor metaboliser: a thiopurine can cause fatal neutropenia.",
            )


@rule("azathioprine_not_tolerated", cites=("P-rule-a",))
def not_tolerated(facts: Facts) -> Iterator[Block]:
    """Was azathioprine, or another thiopurine, not tolerated before?"""
    if checks.not_tolerated(facts, DRUG):
        yield Block("AZATHIOPRINE_NOT_TOLERATED", "Azathioprine or another thiopurine is recorded as not tolerated.")


@rule("azathioprine_low_blood_count", cites=("C04", "P-rule-a"))
def low_count(facts: Facts, kb: KnowledgeBase) -> Iterator[Block]:
    """Are white cells, neutrophils or platelets below the limit for a thiopurine?"""
    for analyte, parameter, title in _COUNT_LIMITS:
        value, limit = facts.lab(analyte), kb.number(parameter)
        if value is not None and value < limit:
            yield Block("CYTOPENIA", f"{title} {plain(value)} are below {plain(limit)} x 10*9/L.")


@rule("azathioprine_deferred_by_bilirubin", cites=("K03", "P-rule-a"))
def bilirubin_too_high(facts: Facts, kb: KnowledgeBase) -> Iterator[Condition]:
    """Is bilirubin too high to start azathioprine now?"""
    value, limit = facts.lab("bilirubin_total"), kb.number("azathioprine_bilirubin_defer")
    if value is not None and value >= limit:
        yield Condition(
            "BILIRUBIN_TOO_HIGH",
            f"Bilirubin {plain(value)} mg/dL: azathioprine waits until it is below {plain(limit)} mg/dL.",
            withholds=(DRUG,),
            until=f"bilirubin is below {plain(limit)} mg/dL",
            deferral=True,
        )


@rule("azathioprine_awaits_laboratory_data", cites=("P-rule-a",))
def awaits_data(facts: Facts) -> Iterator[Condition]:
    """Are weight, bilirubin and blood count known and current?"""
    if facts.weight is None:
        yield _awaits("WEIGHT_MISSING", "the body weight is known", "The dose is calculated from body weight.")
    if not facts.labs["bilirubin_total"].known:
        yield _awaits("BILIRUBIN_MISSING", "a current bilirubin is known", "High bilirubin defers azathioprine.")
    missing = [name for name, _, _ in _COUNT_LIMITS if not facts.labs[name].known]
    if missing:
        yield _awaits(
            "BLOOD_COUNT_MISSING",
            f"a current {', '.join(missing)} is known",
            "A low blood count forbids azathioprine.",
        )


@rule("azathioprine_awaits_tpmt", cites=("K36", "P-rule-a"))
def awaits_tpmt(facts: Facts) -> Iterator[Condition]:
    """Is TPMT known, or has the patient already taken a thiopurine?"""
    if phenotype(facts, "tpmt") is None and not exposed(facts):
        yield _awaits(
            "TPMT_MISSING",
            "the TPMT result is known",
            "Order TPMT (and NUDT15) now; the steroid need not wait for it.",
        )


def _awaits(code: str, until: str, text: str) -> Condition:
    return Condition(code, text, withholds=(DRUG,), until=until)


@rule("azathioprine_gene_unknown", cites=("K36", "P-rule-a"))
def gene_unknown(facts: Facts) -> Iterator[Caution]:
    """Is one of the two genes unknown although azathioprine may be given?"""
    if phenotype(facts, "nudt15") is None:
        yield Caution("NUDT15_UNKNOWN", "NUDT15 is unknown: weekly blood count in the first month, order the test.")
    if phenotype(facts, "tpmt") is None and exposed(facts):
        yield Caution("TPMT_UNKNOWN", "TPMT is unknown, earlier thiopurine use is recorded: order the test.")


@rule("azathioprine_naive", cites=("K03", "C04"))
def gradual_start(facts: Facts, kb: KnowledgeBase, dose: Decimal | None) -> Iterator[DoseCaution]:
    """Has the patient never taken a thiopurine, and is the dose more than the gradual start?"""
    start = kb.number("azathioprine_gradual_start_mg")
    if dose is not None and dose > start and not exposed(facts):
        yield DoseCaution(
            "AZATHIOPRINE_GRADUAL_START",
            f"No earlier thiopurine is recorded: a gradual start with {plain(start)} mg/d is what current guidance "
            "uses.",
            drug=DRUG,
        )


@rule("azathioprine_lymphoma_risk", cites=("LABEL-AZATHIOPRINE", "P-drug-limits"))
def lymphoma_risk(facts: Facts, kb: KnowledgeBase) -> Iterator[Caution]:
    """Is this a young patient, not recorded female, with bowel disease, in whom a thiopurine can cause lymphoma?"""
    young = facts.age < kb.whole("azathioprine_lymphoma_age_years")
    bowel = "inflammatory_bowel_disease" in (facts.episode.comorbidities or ())
    if young and bowel and facts.episode.patient.sex != "female":
        yield Caution(
            "THIOPURINE_LYMPHOMA",
            "Hepatosplenic T-cell lymphoma under a thiopurine has struck young men with inflammatory bowel disease: "
            "decide with the gastroenterologist.",
        )


@rule("azathioprine_below_1_mg_per_kg", cites=("S02", "C05"))
def below_range(facts: Facts, kb: KnowledgeBase, dose: Decimal | None) -> Iterator[DoseCaution]:
    """Does the dose end below the source's own range?"""
    if dose is not None and facts.weight is not None and dose / facts.weight < kb.number("azathioprine_low_mg_per_kg"):
        share = per_kg(dose, facts.weight)
        text = f"{plain(dose)} mg/d is {share} mg/kg, below the 1.0-2.0 mg/kg range."
        yield DoseCaution("AZA_BELOW_1MGKG", text, drug=DRUG)


def hindrances(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    """Return every block, deferral and missing fact of azathioprine."""
    return gather(
        poor_metaboliser(facts),
        not_tolerated(facts),
        checks.allergy(facts, DRUG),
        low_count(facts, kb),
        checks.interactions(facts, kb, DRUG),
        checks.live_vaccine_given(facts, kb, DRUG),
        checks.malignancy(facts, DRUG),
        bilirubin_too_high(facts, kb),
        awaits_data(facts),
        awaits_tpmt(facts),
        checks.lists(facts, DRUG),
        checks.history(facts, DRUG),
    )


def cautions(facts: Facts, kb: KnowledgeBase, dose: Decimal | None) -> tuple[Finding, ...]:
    """Return the warnings beside an azathioprine dose."""
    return gather(
        gene_unknown(facts), gradual_start(facts, kb, dose), lymphoma_risk(facts, kb), below_range(facts, kb, dose)
    )


@asks(_RULE, cites=_CITES)
def dose(facts: Facts, kb: KnowledgeBase) -> Dose:
    """How much azathioprine does rule A give?

    Null when the smallest dose already exceeds the adjusted ceiling.
    """
    if facts.weight is None:
        return Dose(DRUG)
    sums = Arithmetic(_RULE, _CITES)
    amount = _sums(facts.weight, _factor(facts, kb), kb, sums)
    return Dose(DRUG, mg_per_day=amount, intakes=1, calculation=tuple(sums.lines))


def _sums(weight: Decimal, factor: Decimal, kb: KnowledgeBase, sums: Arithmetic) -> Decimal | None:
    grid, minimum = kb.number("azathioprine_grid_mg"), kb.number("azathioprine_minimum_mg")
    rate, most = kb.number("azathioprine_max_mg_per_kg"), kb.number("azathioprine_max_mg")
    by_weight = rate * weight
    sums.line(f"{plain(rate)} mg/kg x body weight", by_weight, "mg/d")
    ceiling = min(most, floor_to(by_weight, grid))
    sums.line(f"rounded down to {plain(grid)} mg, at most {plain(most)} mg", ceiling, "mg/d")
    sums.line("factor for TPMT and NUDT15", factor, "1", ("K36",))
    adjusted = max(minimum, floor_to(ceiling * factor, grid))
    if adjusted > by_weight * factor:
        return None
    return sums.line(f"rounded down to {plain(grid)} mg, at least {plain(minimum)} mg", adjusted, "mg/d")


def _factor(facts: Facts, kb: KnowledgeBase) -> Decimal:
    count = sum(phenotype(facts, gene) == "intermediate" for gene in _GENES)
    factors = (
        Decimal(1),
        kb.number("azathioprine_factor_one_intermediate"),
        kb.number("azathioprine_factor_two_intermediate"),
    )
    return factors[count]


@rule("azathioprine_specialist_dose", cites=("K36", "P-rule-a"))
def too_light(facts: Facts, amount: Dose) -> Iterator[Condition]:
    """Does even the smallest dose exceed the ceiling for this weight and genotype?"""
    if facts.weight is not None and amount.mg_per_day is None:
        yield Condition(
            "SPECIALIST_DOSE",
            "Even 25 mg/d exceeds the adjusted ceiling: the dose is a specialist decision.",
            withholds=(DRUG,),
            until="a specialist has set the dose",
            specialist=True,
        )
