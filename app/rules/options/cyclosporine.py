"""The other calcineurin inhibitor: a range for the specialist, never a dose."""

from collections.abc import Iterator
from datetime import timedelta

from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.options import calcineurin, checks
from app.rules.options.draft import Arithmetic, Dose, Draft, gather, plain
from app.rules.options.steroid import in_remission
from app.rules.rule import Block, Caution, Condition, Finding, NotIndicated, Reason, rule

DRUG = "cyclosporine"
OVERRIDE = "CYCLOSPORINE_ABOVE_CAP"
_CITES = ("S37", "C15", "LABEL-CYCLOSPORINE")
_SWITCH = ("neurotoxicity", "intolerance", "paradoxical_autoimmunity")


@rule("cyclosporine_indication", cites=("S37", "S41", "C15", "P-second-line"))
def indication(facts: Facts) -> Iterator[Finding]:
    """Was tacrolimus stopped for something that another calcineurin inhibitor might avoid?"""
    reason = facts.episode.tacrolimus and facts.episode.tacrolimus.stop_reason
    if reason in _SWITCH:
        yield Reason("TACROLIMUS_NOT_TOLERATED", f"Tacrolimus was stopped for {str(reason).replace('_', ' ')}.")
        yield Condition("SPECIALIST", "A specialist decides on the switch and its dose.")
    elif reason in (None, "unknown"):
        yield _withheld("STOP_REASON_UNKNOWN", "the stop reason is known", "Why tacrolimus was stopped is unknown.")
    elif reason != "nephrotoxicity":
        yield NotIndicated("TACROLIMUS_TOLERATED", "Tacrolimus was not stopped for intolerance.")


@rule("cyclosporine_kidney", cites=("S39", "LABEL-CYCLOSPORINE", "P-second-line"))
def kidney(facts: Facts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Do the kidneys forbid cyclosporine?"""
    reason = facts.episode.tacrolimus and facts.episode.tacrolimus.stop_reason
    if reason == "nephrotoxicity":
        yield Block(
            "STOPPED_FOR_NEPHROTOXICITY", "Tacrolimus was stopped for nephrotoxicity, which cyclosporine shares."
        )
    limit = kb.number("cyclosporine_egfr_block")
    below = checks.kidneys_below(facts, limit)
    if below is None:
        yield _withheld(
            "KIDNEY_FUNCTION_UNKNOWN", "kidney function is known", "Without a creatinine no range is given."
        )
    elif below:
        yield Block("EGFR_TOO_LOW", f"eGFR is below {plain(limit)} mL/min/1.73 m2, or the patient is on dialysis.")


@rule("cyclosporine_washout", cites=("K38", "K39", "C15"))
def washout(facts: Facts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Has tacrolimus, or another drug of its kind, been out of the body for a day at least?"""
    course = facts.episode.tacrolimus
    if _too_soon(facts, kb):
        yield Block(
            "WASHOUT", "Tacrolimus, or a drug of its kind, was stopped less than a full day before the first dose."
        )
    elif course is None or course.stopped_on is None:
        yield _withheld("STOP_DATE_UNKNOWN", "the day tacrolimus was stopped is known", "Wash-out cannot be checked.")


def _too_soon(facts: Facts, kb: KnowledgeBase) -> bool:
    stopped = facts.episode.tacrolimus.stopped_on if facts.episode.tacrolimus else None
    gap = timedelta(days=kb.whole("washout_days"))
    return bool(facts.medicines.within_washout - {DRUG}) or (stopped is not None and facts.start_on < stopped + gap)


def _withheld(code: str, until: str, text: str) -> Condition:
    return Condition(code, text, withholds=(DRUG,), until=until)


@rule("cyclosporine_contraindications", cites=("LABEL-CYCLOSPORINE", "P-drug-limits"))
def contraindications(facts: Facts, kb: KnowledgeBase) -> Iterator[Block]:
    """Is blood pressure uncontrolled, creatinine rising, or was cyclosporine not tolerated before?"""
    if calcineurin.hypertensive(facts, kb):
        yield Block("BLOOD_PRESSURE_UNCONTROLLED", "Blood pressure is too high for cyclosporine.")
    if calcineurin.creatinine_rise(facts, kb):
        yield Block("CREATININE_RISEN", "Creatinine is rising.")
    if checks.not_tolerated(facts, DRUG):
        yield Block("CYCLOSPORINE_NOT_TOLERATED", "Cyclosporine is recorded as not tolerated.")


@rule("cyclosporine_gout", cites=("P-drug-limits",))
def gout(facts: Facts) -> Iterator[Caution]:
    """Does the patient have gout, which cyclosporine brings on?"""
    if "gout" in (facts.episode.comorbidities or ()):
        yield Caution("GOUT", "Gout: cyclosporine raises uric acid and brings attacks on.")


@rule("cyclosporine_cautions", cites=("S38", "S39", "C15"))
def cautions(facts: Facts, kb: KnowledgeBase) -> Iterator[Caution]:
    """What has to be said beside the range?"""
    low, high = plain(kb.number("cyclosporine_trough_low")), plain(kb.number("cyclosporine_trough_high"))
    yield Caution("KIDNEY_TRANSPLANT_RANGE", f"The trough {low}-{high} ng/mL is a kidney-transplant range.")
    yield Caution("SHARED_MECHANISM", "Both drugs share a mechanism; the switch may not prevent the rebound.")
    if "hypertension" in (facts.episode.comorbidities or ()):
        text = "Hypertension: cyclosporine raises blood pressure further."
        yield Caution("BLOOD_PRESSURE_HIGH", text, cites=("LABEL-CYCLOSPORINE", "P-drug-limits"))


@asks("cyclosporine_range", cites=_CITES)
def dose(facts: Facts, kb: KnowledgeBase) -> Dose:
    """Which daily range follows from body weight, capped unless the specialist override is set?"""
    if facts.weight is None:
        return Dose(DRUG, until="the body weight is known")
    sums = Arithmetic("cyclosporine_range", _CITES)
    overridden = OVERRIDE in ((facts.episode.site and facts.episode.site.specialist_override) or ())
    most = kb.number("cyclosporine_high_mg_per_kg" if overridden else "cyclosporine_cap_mg_per_kg")
    low, high = kb.number("cyclosporine_low_mg_per_kg") * facts.weight, most * facts.weight
    sums.line("low end by body weight", low, "mg/d")
    sums.line(f"high end, {plain(most)} mg/kg", high, "mg/d")
    intakes = kb.whole("cyclosporine_intakes")
    until = "a specialist has set the dose within the range"
    return Dose(DRUG, None, intakes, low=low, high=high, until=until, calculation=tuple(sums.lines))


def switch(facts: Facts, kb: KnowledgeBase) -> Draft:
    """Return the cyclosporine option: a range for a specialist, modified product in two doses."""
    findings = gather(
        indication(facts),
        in_remission(facts),
        kidney(facts, kb),
        contraindications(facts, kb),
        calcineurin.potassium(facts, kb),
        washout(facts, kb),
        checks.allergy(facts, DRUG),
        checks.interactions(facts, kb, DRUG),
        checks.live_vaccine_given(facts, kb, DRUG),
        checks.malignancy(facts, DRUG),
        checks.lists(facts, DRUG),
        checks.history(facts, DRUG),
        calcineurin.recently_stopped(facts),
        calcineurin.neurotoxicity(facts),
        cautions(facts, kb),
        gout(facts),
    )
    return Draft(
        "switch_cyclosporine",
        "Switch to cyclosporine (specialist)",
        ("S37", "S38", "S39", "S41"),
        findings,
        (dose(facts, kb),),
        specialist_dose=True,
    )
