"""Alerts on the whole plan: what must be seen whichever option is chosen."""

from collections.abc import Iterator
from itertools import chain

from app.clinical.remark import Alert
from app.clinical.vocabulary import Severity
from app.facts.facts import Facts
from app.facts.findings import neurological_signs
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import Interaction
from app.rules.infection import never_stopped
from app.rules.plan.checklist import differential_open
from app.rules.plan.remission import flare_not_confirmed, remission_not_confirmed
from app.rules.plan.running import breastfeeding, running_unsafe, teratogen_running
from app.rules.plan.screening import infection_sign
from app.rules.plan.three_valued import any_of
from app.rules.plan.transplant import acutely_severe
from app.rules.plan.trough import trough_alerts
from app.rules.plan.wording import listed
from app.rules.rule import Notice, rule

_LIVE_VACCINE = "live_vaccine"
_ANTICOAGULANTS = ("anticoagulant_vka", "anticoagulant_direct")
_NEUROTOXIC_SIGNS = ("tremor", "headache", "seizure", "confusion", "paraesthesia")


def alerts(facts: Facts, kb: KnowledgeBase) -> tuple[Alert, ...]:
    """Return every alert of the plan, in a fixed order."""
    notices = chain(
        inpatient_only(facts, kb),
        possible_encephalopathy(facts),
        severity_unknown(facts),
        infection_suspected(facts),
        remission_not_confirmed(facts),
        flare_not_confirmed(facts),
        labs_old_for_flare(facts),
        inr_unreliable(facts),
        differential_open(facts),
        taper_too_short(facts),
        tacrolimus_running(facts),
        extended_release(facts),
        neurotoxicity(facts),
        trough_alerts(facts, kb),
        budesonide_unsuitable(facts),
        live_vaccine(facts, kb),
        running_interactions(facts, kb),
        running_unsafe(facts, kb),
        teratogen_running(facts),
        breastfeeding(facts),
        not_screened(facts),
    )
    return tuple(notice.alert() for notice in notices)


@rule("inpatient_only", cites=("K33", "C17", "P-disposition"))
def inpatient_only(facts: Facts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is this an acute severe hepatitis, to be treated in hospital only?"""
    if facts.hepatitis and facts.severity.tier != "T5" and acutely_severe(facts, kb):
        yield Notice(
            "INPATIENT_ONLY",
            "Acute severe hepatitis: this plan is for hospital only. Contact the transplant centre now.",
            severity="critical",
        )


@rule("possible_encephalopathy", cites=("P-disposition", "P-principles"))
def possible_encephalopathy(facts: Facts) -> Iterator[Notice]:
    """Does a neurological sign in hepatitis call for an examination at once?"""
    signs = neurological_signs(facts.episode)
    if facts.hepatitis and signs and not facts.encephalopathy:
        ask = " Send condition.encephalopathy_grade." if facts.encephalopathy is None else ""
        named = listed(signs)
        yield Notice(
            "POSSIBLE_ENCEPHALOPATHY",
            f"{named[0].upper()}{named[1:]} in hepatitis: possible hepatic encephalopathy or another neurological "
            f"emergency. Examine the patient now, in hospital.{ask}",
            severity="critical",
        )


@rule("severity_unknown", cites=("P-severity",))
def severity_unknown(facts: Facts) -> Iterator[Notice]:
    """Can the severity of the hepatitis not be told?"""
    if facts.hepatitis and (facts.severity.tier == "unknown" or facts.severity.severe is None):
        yield Notice(
            "SEVERITY_UNKNOWN",
            "The severity cannot be told from current results and is not assumed to be mild. Missing data names what "
            "to send.",
        )


@rule("infection_suspected", cites=("EULAR22", "P-infection"))
def infection_suspected(facts: Facts) -> Iterator[Notice]:
    """Does anything point to an infection, whether or not treatment is offered?"""
    sign = infection_sign(facts)
    if sign is not None:
        yield Notice(
            "INFECTION_SUSPECTED",
            f"{sign[0].upper()}{sign[1:]}: look for an infection first. Immunosuppression is neither started nor "
            f"raised until it is excluded; steroids {never_stopped(facts)}.",
            severity="critical",
        )


@rule("labs_old_for_flare", cites=("P-freshness",))
def labs_old_for_flare(facts: Facts) -> Iterator[Notice]:
    """Is a result too old for a severe flare?"""
    old = [lab for lab in facts.labs.values() if lab.old_for_flare]
    if facts.severity.severe and old:
        shown = listed(f"{lab.analyte} ({lab.age_days} d)" for lab in old)
        yield Notice("LABS_OLD_FOR_FLARE", f"Too old for a severe flare, repeat now: {shown}.")


@rule("inr_unreliable", cites=("P-scores", "P-interactions"))
def inr_unreliable(facts: Facts) -> Iterator[Notice]:
    """Does an anticoagulant make the INR useless as a liver test?"""
    if facts.medicines.takes(*_ANTICOAGULANTS) and facts.labs["inr"].known:
        names = listed(facts.medicines.running_names(*_ANTICOAGULANTS))
        yield Notice(
            "INR_UNRELIABLE",
            f"The INR does not measure liver function on {names}: severity tier, MELD and Child-Pugh that use it are "
            "unreliable.",
        )


@rule("tacrolimus_withdrawal_audit", cites=("S28", "S29", "C20", "P-withdrawal-audit"))
def taper_too_short(facts: Facts) -> Iterator[Notice]:
    """Was tacrolimus stopped abruptly or within less than a month?"""
    if facts.withdrawal is not None and facts.withdrawal.too_short:
        yield Notice("TACROLIMUS_TAPER_TOO_SHORT", facts.withdrawal.detail, facts.withdrawal.citations)


@rule("tacrolimus_running", cites=("S28", "P-withdrawal"))
def tacrolimus_running(facts: Facts) -> Iterator[Notice]:
    """Is tacrolimus still running?"""
    if facts.medicines.takes("tacrolimus"):
        yield Notice(
            "TACROLIMUS_RUNNING",
            "Tacrolimus is recorded as running: it is never stopped abruptly in autoimmune disease.",
            severity="info",
        )


@rule("tacrolimus_extended_release", cites=("ISMP17", "P-drug-limits"))
def extended_release(facts: Facts) -> Iterator[Notice]:
    """Is an extended-release tacrolimus product running?"""
    names = facts.medicines.running_names("tacrolimus_extended_release")
    if names:
        yield Notice(
            "TACROLIMUS_EXTENDED_RELEASE",
            f"{listed(names)} is an extended-release product. Doses here are for immediate-release capsules; the two "
            "are not interchangeable: refer the change.",
        )


@rule("neurotoxicity_signs", cites=("S27", "P-drug-limits"))
def neurotoxicity(facts: Facts) -> Iterator[Notice]:
    """Are there signs of neurotoxicity under a calcineurin inhibitor?"""
    signs = [sign for sign in _NEUROTOXIC_SIGNS if facts.finding(sign)]
    if signs and facts.medicines.takes("calcineurin_inhibitor"):
        yield Notice(
            "POSSIBLE_NEUROTOXICITY",
            f"{listed(signs)} under a calcineurin inhibitor: check the level, magnesium, blood pressure and CYP3A "
            "inhibitors.",
        )


@rule("budesonide_unsuitable", cites=("C26", "P-drug-limits"))
def budesonide_unsuitable(facts: Facts) -> Iterator[Notice]:
    """Is budesonide running where the liver cannot clear it?"""
    shunt = any_of(
        facts.episode.condition.cirrhosis in ("compensated", "decompensated"),
        "portal_vein_thrombosis" in (facts.episode.comorbidities or ()),
        facts.severity.tier == "T4",
    )
    if shunt and facts.medicines.takes("budesonide"):
        yield Notice(
            "BUDESONIDE_UNSUITABLE",
            "Budesonide is not for cirrhosis, portal vein thrombosis or acute severe hepatitis: review it, do not stop "
            "it suddenly.",
        )


@rule("live_vaccine_listed", cites=("VACC22", "P-invariants"))
def live_vaccine(facts: Facts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is a live vaccine among the medications, or was one given a short time ago?"""
    planned = facts.medicines.running_names(_LIVE_VACCINE)
    given = [item.name for item in facts.medicines.recently(_LIVE_VACCINE)]
    if planned:
        yield _vaccine(f"{listed(planned)} is a live vaccine: none is given before or during this immunosuppression")
    if given:
        days = kb.whole("recent_stop_days")
        yield _vaccine(
            f"{listed(given)}, a live vaccine, was given within {days} days before treatment: immunosuppression can "
            "let it cause disease and is not started"
        )


def _vaccine(what: str) -> Notice:
    return Notice("LIVE_VACCINE", f"{what} without a specialist.", severity="critical")


@rule("running_interactions", cites=("P-interactions", "P-invariants"))
def running_interactions(facts: Facts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Do medications interact that are running already?"""
    told: set[str] = set()
    for drug in (key for key in kb.drugs if facts.medicines.takes(key)):
        for row, partner in kb.interactions_by_drug[drug]:
            names = facts.medicines.partners(drug, partner)
            if names and partner != _LIVE_VACCINE and row.id not in told:
                told.add(row.id)
                yield _interaction(row, drug, names)


def _interaction(row: Interaction, drug: str, names: tuple[str, ...]) -> Notice:
    severity: Severity = "critical" if row.effect == "block" else "warning"
    text = f"Running together: {drug} and {listed(names)}. {row.text} {row.action}"
    return Notice(row.code, text, row.cites, severity=severity)


@rule("names_not_screened", cites=("P-absent-lists",))
def not_screened(facts: Facts) -> Iterator[Notice]:
    """Is there a name that no table knows, a steroid that only acts locally included?"""
    if facts.medicines.unscreened:
        names = listed(facts.medicines.unscreened)
        yield Notice(
            "NOT_SCREENED", f"Not known here, so not checked for interactions, allergies or earlier failure: {names}."
        )
