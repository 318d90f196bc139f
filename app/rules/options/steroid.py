"""Prednisone: what the two steroid options share, and which of them comes first."""

from collections.abc import Iterator
from decimal import Decimal

from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.options import azathioprine, checks
from app.rules.options.draft import Arithmetic, Dose, Draft, gather, per_kg, plain
from app.rules.options.steroid_running import DRUG, current_steroid_higher, highest_dose, other_steroid
from app.rules.rule import Block, Caution, Condition, DoseCaution, Finding, NotIndicated, Reason, rule

_HARM = ("diabetes", "osteoporosis", "psychosis")
_CAUTION = ("peptic_ulcer", "glaucoma", "heart_failure", "hypertension")


@rule("no_treatment_in_remission", cites=("P-options", "S48"))
def in_remission(facts: Facts) -> Iterator[NotIndicated]:
    """Is the disease in remission, so that nothing has to be started?"""
    if facts.episode.condition.context == "in_remission":
        yield NotIndicated("IN_REMISSION", "The disease is in remission: duration and reduction are the plan.")


@rule("prednisone_not_tolerated", cites=("P-drug-limits",))
def not_tolerated(facts: Facts) -> Iterator[Caution]:
    """Was prednisone or prednisolone not tolerated before?"""
    if checks.kin(DRUG) & facts.medicines.known_not_tolerated:
        yield Caution("PREDNISONE_NOT_TOLERATED", "Prednisone is recorded as not tolerated: ask what happened.")


@rule("steroid_harm", cites=("C08", "P-steroid-choice"))
def harm(facts: Facts, kb: KnowledgeBase, cumulative: Decimal | None) -> Iterator[Caution]:
    """Is the patient at particular risk of harm from steroids?"""
    risks: list[str] = [name for name in _HARM if name in (facts.episode.comorbidities or ())]
    if facts.age >= kb.whole("steroid_harm_age_years"):
        risks.append(f"age {facts.age}")
    if risks:
        yield Caution("STEROID_HARM", f"Higher risk of steroid harm ({', '.join(risks)}).")
    if risks and cumulative is not None:
        total = f"Cumulative prednisone at 24 weeks: {plain(cumulative)} mg."
        yield DoseCaution("CUMULATIVE_PREDNISONE", total, drug=DRUG)


@rule("steroid_cautions", cites=("P-drug-limits",))
def cautions(facts: Facts, kb: KnowledgeBase) -> Iterator[Caution]:
    """Does a condition call for extra care at 20 mg of prednisone or more?"""
    for name in _CAUTION:
        if name in (facts.episode.comorbidities or ()):
            yield Caution("STEROID_CAUTION", f"{name.replace('_', ' ').capitalize()}: watch for worsening on steroid.")
    hba1c = facts.lab("hba1c")
    if hba1c is not None and hba1c >= kb.number("hba1c_steroid_caution_percent"):
        yield Caution("STEROID_CAUTION", f"HbA1c {plain(hba1c)} %: plan glucose control before the first dose.")
    if facts.age >= kb.whole("steroid_caution_age_years"):
        yield Caution("STEROID_CAUTION", f"Age {facts.age}: delirium, falls, fracture and infection are likelier.")


@rule("prednisone_below_guideline_floor", cites=("K03", "C11"))
def below_guideline(facts: Facts, kb: KnowledgeBase, start: Decimal) -> Iterator[DoseCaution]:
    """Is the start below the current guideline's 0.5 mg/kg for this weight?"""
    floor = kb.number("prednisone_guideline_floor_mg_per_kg")
    if facts.weight is not None and start / facts.weight < floor:
        share = per_kg(start, facts.weight)
        yield DoseCaution(
            "PREDNISONE_BELOW_HALF_MGKG",
            f"{plain(start)} mg is {share} mg/kg; current guidance starts at {plain(floor)} mg/kg or more.",
            drug=DRUG,
        )


@rule("severe_flare_on_one_drug", cites=("S34", "C10"))
def severe_monotherapy(facts: Facts) -> Iterator[Caution]:
    """Is the flare severe although only one drug would treat it?"""
    if facts.severity.severe:
        yield Caution(
            "SEVERE_MONOTHERAPY",
            "Severe flare on one drug: decide on a second agent by day 14 (task add_second_agent).",
        )


@rule("combination_is_the_default", cites=("S01", "S05", "S16", "C10"))
def default_combination() -> Iterator[Reason]:
    """Why does the combination come first?"""
    yield Reason(
        "COMBINATION_DEFAULT", "Prednisone with azathioprine has fewer steroid effects and is the default for a flare."
    )


@rule("monotherapy_because_azathioprine_is_out", cites=("S01", "S04", "C10", "P-steroid-choice"))
def monotherapy_reason(hindrances: tuple[Finding, ...]) -> Iterator[Reason]:
    """Why would prednisone be given alone?"""
    stops = [finding for finding in hindrances if isinstance(finding, Block) or _settles(finding)]
    for finding in stops:
        yield Reason("AZATHIOPRINE_NOT_AVAILABLE", f"Azathioprine is out: {finding.text}", cites=finding.cites)
    if not stops:
        yield Reason("MONOTHERAPY_ALTERNATIVE", "Prednisone alone is the source's other regimen, at the higher dose.")


def _settles(finding: Finding) -> bool:
    return isinstance(finding, Condition) and (finding.deferral or finding.code == "MALIGNANCY")


@asks("prednisone_dose", cites=("S01", "S04", "S05", "S33"))
def prednisone(facts: Facts, kb: KnowledgeBase, parameter: str) -> Dose:
    """At which of the two fixed doses does prednisone start?"""
    start = kb.number(parameter)
    sums = Arithmetic("prednisone_dose", (*kb.parameters[parameter].cites, "S33"))
    sums.line("fixed start dose", start, "mg/d")
    if facts.weight is not None:
        sums.line("by body weight", per_kg(start, facts.weight), "mg/kg/d")
    return Dose(DRUG, mg_per_day=start, intakes=1, calculation=tuple(sums.lines))


def _about_prednisone(facts: Facts, kb: KnowledgeBase, option_id: OptionId, start: Decimal) -> tuple[Finding, ...]:
    return gather(
        in_remission(facts),
        checks.allergy(facts, DRUG),
        checks.interactions(facts, kb, DRUG),
        checks.live_vaccine_given(facts, kb, DRUG),
        current_steroid_higher(facts, highest_dose(facts, option_id, start)),
        other_steroid(facts),
        not_tolerated(facts),
        cautions(facts, kb),
    )


def combination(
    facts: Facts,
    kb: KnowledgeBase,
    doses: tuple[Dose, Dose],
    cumulative: Decimal | None,
    hindrances: tuple[Finding, ...],
) -> Draft:
    """Return prednisone 30 mg with azathioprine by rule A. `cumulative`: prednisone mg at 24 weeks."""
    start, thiopurine = kb.number("prednisone_combination_mg"), doses[1]
    findings = gather(
        default_combination(),
        _about_prednisone(facts, kb, "prednisone_azathioprine", start),
        hindrances,
        azathioprine.too_light(facts, thiopurine),
        below_guideline(facts, kb, start),
        harm(facts, kb, cumulative),
        azathioprine.cautions(facts, kb, thiopurine.mg_per_day),
    )
    return Draft(
        "prednisone_azathioprine",
        "Prednisone with azathioprine",
        ("S01", "S02", "S05", "S16"),
        findings,
        doses,
        favoured=True,
        specialist_dose=any(isinstance(item, Condition) and item.specialist for item in findings),
    )


def monotherapy(
    facts: Facts,
    kb: KnowledgeBase,
    doses: tuple[Dose],
    cumulative: Decimal | None,
    hindrances: tuple[Finding, ...],
) -> Draft:
    """Return prednisone 60 mg alone; favoured exactly when azathioprine is blocked, deferred or met by malignancy."""
    findings = gather(
        monotherapy_reason(hindrances),
        _about_prednisone(facts, kb, "prednisone_monotherapy", kb.number("prednisone_monotherapy_mg")),
        severe_monotherapy(facts),
        harm(facts, kb, cumulative),
    )
    return Draft(
        "prednisone_monotherapy",
        "Prednisone alone",
        ("S01", "S04"),
        findings,
        doses,
        favoured=any(isinstance(item, Block) or _settles(item) for item in hindrances),
    )
