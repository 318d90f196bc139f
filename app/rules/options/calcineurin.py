"""What is asked of both calcineurin inhibitors: potassium, creatinine, blood pressure, brain, fading CYP3A effects."""

from collections.abc import Iterator

from app.clinical.episode import Vitals
from app.facts.facts import Facts
from app.facts.findings import neurological_signs
from app.knowledge.base import KnowledgeBase
from app.rules.options.draft import plain
from app.rules.rule import Block, Caution, Finding, rule

_CYP3A = ("cyp3a_strong_inhibitor", "cyp3a_moderate_inhibitor", "cyp3a_strong_inducer", "cyp3a_moderate_inducer")


@rule("precipitant_stopped_recently", cites=("P-interactions",))
def recently_stopped(facts: Facts) -> Iterator[Caution]:
    """Was a CYP3A inhibitor or inducer stopped so recently that its effect is still fading?"""
    names = [item.name for item in facts.medicines.recently(*_CYP3A)]
    if names:
        yield Caution(
            "CYP3A_PRECIPITANT_STOPPED",
            f"{', '.join(names)} was stopped in the past weeks: the level moves the other way while its effect fades; "
            "check the trough early and again.",
        )


@rule("calcineurin_inhibitor_neurotoxicity", cites=("S27", "P-drug-limits"))
def neurotoxicity(facts: Facts) -> Iterator[Caution]:
    """Is there a sign from the brain that a calcineurin inhibitor could cause or hide?"""
    signs = neurological_signs(facts.episode)
    if signs:
        yield Caution(
            "NEUROLOGICAL_SIGN",
            f"{' and '.join(signs).capitalize()}: a calcineurin inhibitor is toxic to nerve and brain; find the cause "
            "before the first dose.",
        )


@rule("calcineurin_inhibitor_potassium", cites=("P-rule-t", "P-interactions", "P-drug-limits"))
def potassium(facts: Facts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Is potassium too high for a calcineurin inhibitor, alone or with a drug that raises it?"""
    value = facts.lab("potassium")
    if value is None:
        return
    raised = facts.medicines.takes("potassium_raising")
    limit = kb.number("tacrolimus_potassium_block_with_raiser" if raised else "tacrolimus_potassium_block")
    if value >= limit:
        yield Block("POTASSIUM_TOO_HIGH", f"Potassium {plain(value)} mmol/L is at or above {plain(limit)} mmol/L.")
    elif value >= kb.number("tacrolimus_potassium_caution"):
        yield Caution("POTASSIUM_HIGH", f"Potassium {plain(value)} mmol/L: a calcineurin inhibitor raises it further.")


@rule("calcineurin_inhibitor_creatinine_rise", cites=("S26", "P-drug-limits"))
def creatinine_rise(facts: Facts, kb: KnowledgeBase) -> Iterator[Caution]:
    """Has creatinine risen against the patient's own lowest value?"""
    series, now = facts.series.get("creatinine", ()), facts.lab("creatinine")
    if now is not None and now >= kb.number("tacrolimus_creatinine_rise") * min(point.value for point in series):
        yield Caution("CREATININE_RISEN", "Creatinine is 30 % or more above the patient's own lowest value.")


def hypertensive(facts: Facts, kb: KnowledgeBase) -> bool:
    """Whether blood pressure was measured at or above the limit for a calcineurin inhibitor."""
    vitals = facts.episode.vitals or Vitals()
    systolic, diastolic = vitals.systolic_bp, vitals.diastolic_bp
    high = systolic is not None and systolic >= kb.number("tacrolimus_systolic_caution")
    return high or (diastolic is not None and diastolic >= kb.number("tacrolimus_diastolic_caution"))
