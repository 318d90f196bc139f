"""Referral: where the patient goes and how fast when this service does not, or not alone, dose."""

from app.clinical.course import Referral, Transplant
from app.clinical.vocabulary import Disposition, ReferralTarget, Urgency
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks

_CITES = ("S20", "S21", "C21", "C22", "P-disposition", "P-conditions")
_TRANSPLANT_CITES = ("S43", "S44", "S45", "C17", "C22", "P-disposition", "P-transplant")
_TOO_SICK_TO_WAIT = ("T4", "T5")


@asks("referral", cites=tuple(dict.fromkeys((*_CITES, *_TRANSPLANT_CITES))))
def referral(facts: Facts, kb: KnowledgeBase, disposition: Disposition, transplant: Transplant) -> Referral | None:
    """Who else has to see the patient, and how fast?"""
    if _has_graft(facts) or _too_sick(facts) or transplant.refer:
        return _transplant_centre(facts, kb, disposition)
    if disposition == "emergency":
        return _own(facts, kb, "immediate", "A red flag is present: escalate now.")
    if disposition != "refer":
        return None
    if _topical(facts):
        return _to("dermatology", "routine", "The tacrolimus that was stopped is topical.", facts, kb)
    return _own(facts, kb, _urgency(facts, kb), "This service gives no dose here.")


def _has_graft(facts: Facts) -> bool:
    return facts.episode.condition.graft in ("liver", "kidney", "other")


def _too_sick(facts: Facts) -> bool:
    return facts.hepatitis and facts.severity.tier in _TOO_SICK_TO_WAIT


def _topical(facts: Facts) -> bool:
    return facts.episode.tacrolimus is not None and facts.episode.tacrolimus.route == "topical"


def _transplant_centre(facts: Facts, kb: KnowledgeBase, disposition: Disposition) -> Referral:
    at_once = _too_sick(facts) or disposition == "emergency"
    why = (
        "An organ graft is in place: treatment is the transplant team's."
        if _has_graft(facts)
        else (f"Severity tier {facts.severity.tier} or a transplant trigger: contact the transplant centre.")
    )
    reason = " ".join((why, *_notes(facts, kb)))
    urgency: Urgency = "immediate" if at_once else "urgent"
    return Referral(target="transplant_centre", urgency=urgency, reason=reason, citations=_TRANSPLANT_CITES)


def _own(facts: Facts, kb: KnowledgeBase, urgency: Urgency, reason: str) -> Referral:
    policy = kb.conditions[facts.episode.condition.code]
    return _to(policy.referral, urgency, f"{policy.title}: {reason}", facts, kb)


def _to(target: ReferralTarget, urgency: Urgency, reason: str, facts: Facts, kb: KnowledgeBase) -> Referral:
    return Referral(target=target, urgency=urgency, reason=" ".join((reason, *_notes(facts, kb))), citations=_CITES)


def _urgency(facts: Facts, kb: KnowledgeBase) -> Urgency:
    """The faster route unless the threat is known to be absent: an organ threat, in hepatitis a severe flare."""
    policy = kb.conditions[facts.episode.condition.code]
    threat = facts.severity.severe if facts.hepatitis else facts.episode.condition.organ_threatening
    return policy.urgency if threat is False else policy.urgency_organ_threatening


def _notes(facts: Facts, kb: KnowledgeBase) -> tuple[str, ...]:
    young = facts.age < kb.number("adult_age_years")
    pregnant = facts.episode.patient.pregnancy == "pregnant"
    return (
        *(("The patient is a minor: ask for the paediatric service of this specialty.",) if young else ()),
        *(("The patient is pregnant: involve obstetric medicine.",) if pregnant else ()),
    )
