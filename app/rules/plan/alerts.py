"""Alerts on the whole plan: what must be seen whichever option is chosen."""

from collections.abc import Iterator
from itertools import chain

from app.clinical.remark import Alert
from app.facts.facts import Facts
from app.facts.findings import neurological_signs
from app.knowledge.base import KnowledgeBase
from app.rules.infection import never_stopped
from app.rules.plan.checklist import differential_open
from app.rules.plan.medication_alerts import (
    budesonide_unsuitable,
    extended_release,
    live_vaccine,
    neurotoxicity,
    not_screened,
    running_interactions,
    tacrolimus_running,
)
from app.rules.plan.remission import flare_not_confirmed, remission_not_confirmed
from app.rules.plan.running import breastfeeding, running_unsafe, teratogen_running
from app.rules.plan.screening import infection_sign
from app.rules.plan.transplant import acutely_severe
from app.rules.plan.trough import trough_alerts
from app.rules.plan.wording import listed
from app.rules.rule import Notice, rule

_ANTICOAGULANTS = ("anticoagulant_vka", "anticoagulant_direct")


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
