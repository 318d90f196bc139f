"""Referral: where the patient goes and how fast when this service does not, or not alone, dose."""

from app.clinical.course import Referral, Transplant
from app.clinical.vocabulary import Disposition, ReferralTarget, Urgency
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.plan.transplant import acutely_severe
from app.rules.red_flags import red_flags

_CITES = ("S20", "S21", "C21", "C22", "P-disposition", "P-conditions")
_TRANSPLANT_CITES = ("S43", "S44", "S45", "C17", "C22", "P-disposition", "P-transplant")
_MILD = ("T0", "T1")
_TOPICAL = "The tacrolimus that was stopped is topical."


@asks("referral", cites=tuple(dict.fromkeys((*_CITES, *_TRANSPLANT_CITES))))
def referral(facts: Facts, kb: KnowledgeBase, disposition: Disposition, transplant: Transplant) -> Referral | None:
    """Who else has to see the patient, and how fast?"""
    emergency = disposition == "emergency"
    if emergency and not facts.hepatitis:
        return _emergency(facts, kb)
    if _has_graft(facts) or transplant.refer:
        return _transplant_centre(facts, kb, disposition)
    if emergency:
        return _emergency(facts, kb)
    return _out_of_scope(facts, kb) if disposition == "refer" else None


def _emergency(facts: Facts, kb: KnowledgeBase) -> Referral:
    """A red flag belongs to the specialty of its disease; a graft does not send a failing breath elsewhere."""
    flags = " ".join(flag.text for flag in red_flags(facts, kb))
    graft = " An organ graft is in place: tell the transplant team." if _has_graft(facts) else ""
    return _own(facts, kb, "immediate", f"A red flag is present: escalate now. {flags}".rstrip() + graft)


def _out_of_scope(facts: Facts, kb: KnowledgeBase) -> Referral:
    if not _topical(facts):
        return _own(facts, kb, _urgency(facts, kb), "This service gives no dose here.")
    if _calm(facts):
        return _to("dermatology", "routine", _TOPICAL, facts, kb)
    return _own(facts, kb, _urgency(facts, kb), f"{_TOPICAL} The disease comes first.")


def _calm(facts: Facts) -> bool:
    """Whether hepatitis is known to be mild; in another disease, whether no organ threat is recorded."""
    if facts.hepatitis:
        return facts.severity.tier in _MILD and facts.severity.severe is False
    return not facts.episode.condition.organ_threatening


def _has_graft(facts: Facts) -> bool:
    return facts.episode.condition.graft in ("liver", "kidney", "other")


def _too_sick(facts: Facts, kb: KnowledgeBase) -> bool:
    """Whether the hepatitis is decompensated or acute severe, by results or, where they cannot tell, by context."""
    return facts.severity.tier == "T5" or (facts.hepatitis and bool(acutely_severe(facts, kb)))


def _topical(facts: Facts) -> bool:
    return facts.episode.tacrolimus is not None and facts.episode.tacrolimus.route == "topical"


def _transplant_centre(facts: Facts, kb: KnowledgeBase, disposition: Disposition) -> Referral:
    at_once = _too_sick(facts, kb) or disposition == "emergency"
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
