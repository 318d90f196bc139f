"""What the body says about tacrolimus: potassium, heart, kidney, liver, other drugs not yet washed out."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.rules.options import calcineurin, checks
from app.rules.options.draft import gather, plain
from app.rules.rule import Block, Caution, Condition, Finding, rule

DRUG = "tacrolimus"
TENTH = Decimal("0.1")


@rule("tacrolimus_concurrent_inhibitor", cites=("K39", "C15", "P-rule-t"))
def washout(facts: Facts) -> Iterator[Block]:
    """Was another calcineurin or mTOR inhibitor stopped too short a time ago?"""
    for other in sorted(facts.medicines.within_washout - {DRUG}):
        yield Block("WASHOUT", f"{other.capitalize()} was stopped less than a full day before the first dose.")


@rule("tacrolimus_after_nirmatrelvir", cites=("WANG22", "P-rule-t"))
def after_nirmatrelvir(facts: Facts, kb: KnowledgeBase) -> Iterator[Condition]:
    """Was nirmatrelvir with ritonavir stopped so recently that it still stops the breakdown of tacrolimus?"""
    days = kb.whole("nirmatrelvir_washout_days")
    stops = [item.stopped_on for item in facts.medicines.recently("nirmatrelvir") if item.stopped_on is not None]
    latest = max(stops, default=date.min)
    again = latest + timedelta(days=days)
    if facts.start_on < again:
        yield Condition(
            "NIRMATRELVIR_STOPPED",
            f"Nirmatrelvir with ritonavir was stopped on {latest}: it blocks the breakdown of tacrolimus for days. No "
            f"dose before {again}, then by the level.",
            withholds=(DRUG,),
            until=f"{again}, {days} days after the last dose of nirmatrelvir",
        )


@rule("tacrolimus_qtc", cites=("P-rule-t", "P-drug-limits"))
def qtc(facts: Facts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Is the QTc interval too long for tacrolimus?"""
    value = facts.episode.vitals.qtc_ms if facts.episode.vitals else None
    if value is None:
        return
    if value >= kb.number("tacrolimus_qtc_block"):
        yield Block("QTC_TOO_LONG", f"QTc {plain(value)} ms is at or above 500 ms.")
    elif value >= kb.number("tacrolimus_qtc_caution"):
        yield Caution("QTC_LONG", f"QTc {plain(value)} ms: correct potassium and magnesium, repeat the ECG.")


@rule("tacrolimus_kidney_function", cites=("S26", "K23", "C03", "P-rule-t"))
def kidney(facts: Facts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Does kidney function allow tacrolimus, and a calculated dose of it?"""
    egfr, limit = facts.scores["egfr_ckd_epi_2021"].raw, kb.number("tacrolimus_egfr_block")
    if checks.kidneys_below(facts, limit):
        shown = "Dialysis: kidney function" if egfr is None else f"eGFR {plain(_shown(egfr))}"
        yield Block("EGFR_TOO_LOW", f"{shown} is below {plain(limit)} mL/min/1.73 m2.")
    elif egfr is None:
        yield Condition(
            "KIDNEY_FUNCTION_UNKNOWN",
            "Without a current creatinine no tacrolimus dose is produced.",
            withholds=(DRUG,),
            until="kidney function is known",
        )
    elif egfr < kb.number("tacrolimus_egfr_specialist"):
        yield Caution("SPECIALIST_DOSE", f"eGFR {plain(_shown(egfr))}: the dose is a specialist decision, no number.")


@rule("tacrolimus_liver_function", cites=("K39", "C03", "P-rule-t"))
def liver(facts: Facts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Does liver function allow a calculated tacrolimus dose?"""
    points = facts.scores["child_pugh"].raw
    if points is not None and points >= kb.number("tacrolimus_child_pugh_specialist"):
        yield Caution("SPECIALIST_DOSE", f"Child-Pugh {plain(points)}: the dose is a specialist decision, no number.")
    elif points is None and facts.episode.condition.cirrhosis != "none":
        yield Condition(
            "LIVER_FUNCTION_UNKNOWN",
            "Cirrhosis is not excluded and Child-Pugh cannot be calculated: no tacrolimus dose is produced.",
            withholds=(DRUG,),
            until="Child-Pugh can be calculated or cirrhosis is excluded",
        )


@rule("tacrolimus_cautions", cites=("P-drug-limits",))
def cautions(facts: Facts, kb: KnowledgeBase) -> Iterator[Caution]:
    """Do magnesium, glucose, blood pressure or diarrhoea call for care?"""
    magnesium, hba1c = facts.lab("magnesium"), facts.lab("hba1c")
    if magnesium is not None and magnesium < kb.number("tacrolimus_magnesium_caution"):
        yield Caution("MAGNESIUM_LOW", f"Magnesium {facts.labs['magnesium'].as_sent}: tacrolimus lowers it further.")
    if hba1c is not None and hba1c >= kb.number("tacrolimus_hba1c_caution"):
        yield Caution("GLUCOSE_RAISED", f"HbA1c {plain(hba1c)} %: tacrolimus raises glucose.")
    if calcineurin.hypertensive(facts, kb):
        yield Caution("BLOOD_PRESSURE_HIGH", "Blood pressure is at or above 160/100 mm Hg: treat it first.")
    if facts.finding("diarrhoea"):
        yield Caution("DIARRHOEA", "Diarrhoea raises the tacrolimus level: check the trough early.")


@rule("tacrolimus_expresser", cites=("CPIC-CYP3A5",))
def expresser(facts: Facts) -> Iterator[Caution]:
    """Does the patient break tacrolimus down fast?"""
    genes = facts.episode.pharmacogenetics
    if genes is not None and genes.cyp3a5 == "expresser":
        yield Caution("CYP3A5_EXPRESSER", "CYP3A5 expresser: likely needs more later; the first dose is not raised.")


def _shown(value: Decimal) -> Decimal:
    return value.quantize(TENTH)


def safety(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    """Return what measurements, organ function and wash-out say against a restart or beside it."""
    return gather(
        washout(facts),
        after_nirmatrelvir(facts, kb),
        calcineurin.potassium(facts, kb),
        qtc(facts, kb),
        kidney(facts, kb),
        liver(facts, kb),
        calcineurin.creatinine_rise(facts, kb),
        calcineurin.recently_stopped(facts),
        calcineurin.neurotoxicity(facts),
        cautions(facts, kb),
        expresser(facts),
    )
