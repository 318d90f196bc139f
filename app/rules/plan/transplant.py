"""Transplant referral: any one trigger is enough, and four years of treatment are never a precondition."""

from typing import get_args

from app.clinical.course import Transplant, TransplantTrigger
from app.clinical.vocabulary import TriggerCode
from app.facts.dates import add_months
from app.facts.facts import Facts
from app.facts.scores import meld_unknown
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.plan.three_valued import Answer, all_of, any_of, spoken
from app.rules.plan.wording import plain

_CITES = ("S43", "S44", "S45", "C17", "K08", "K33", "P-transplant")
_NO_TRIGGERS = tuple(
    TransplantTrigger(code=code, met=False, detail="A trigger in autoimmune hepatitis only.")
    for code in get_args(TriggerCode)
)


@asks("transplant_referral", cites=_CITES)
def transplant(facts: Facts, kb: KnowledgeBase, *, escalate_urgent: bool = False) -> Transplant:
    """Is there any reason to refer for liver transplantation?

    The triggers belong to autoimmune hepatitis: the ascites of a nephrotic patient, for example, is none of them.
    `escalate_urgent` is the finding of an assessment; without an assessment it has not been made.
    """
    triggers = _triggers(facts, kb, escalate_urgent) if facts.hepatitis else _NO_TRIGGERS
    return Transplant(refer=any_of(*(trigger.met for trigger in triggers)), triggers=triggers, citations=_CITES)


def _triggers(facts: Facts, kb: KnowledgeBase, escalate_urgent: Answer) -> tuple[TransplantTrigger, ...]:
    return (
        _meld(facts, kb),
        _recorded("ascites", facts.ascites, "Ascites"),
        _recorded("encephalopathy", facts.encephalopathy, "Hepatic encephalopathy"),
        _recorded("variceal_bleed", facts.variceal_bleed, "Variceal bleeding"),
        _acute_severe(facts, kb),
        _recorded("escalate_urgent", escalate_urgent, "An assessment that calls for urgent escalation"),
        _no_complete_response(facts, kb),
        _recorded("hepatocellular_carcinoma", facts.episode.condition.hepatocellular_carcinoma, "Liver cell cancer"),
    )


def _recorded(code: TriggerCode, answer: Answer, what: str) -> TransplantTrigger:
    return TransplantTrigger(code=code, met=answer, detail=f"{what}: {spoken(answer)}.")


def _meld(facts: Facts, kb: KnowledgeBase) -> TransplantTrigger:
    limit = kb.number("transplant_meld")
    high = _any_variant_reaches(facts, kb)
    advanced = _cirrhosis_or_decompensation(facts)
    reached = "not known" if facts.meld_highest is None else plain(facts.meld_highest)
    return TransplantTrigger(
        code="meld_15",
        met=all_of(high, advanced),
        detail=f"Highest known MELD variant {reached}, limit {plain(limit)}; cirrhosis or decompensation: "
        f"{spoken(advanced)}.",
    )


def _any_variant_reaches(facts: Facts, kb: KnowledgeBase) -> Answer:
    """A variant that could not be computed may be the one above the limit, so below is certain only without any."""
    if facts.meld_highest is not None and facts.meld_highest >= kb.number("transplant_meld"):
        return True
    return None if meld_unknown(facts.scores) else False


def _cirrhosis_or_decompensation(facts: Facts) -> Answer:
    stage = facts.episode.condition.cirrhosis
    cirrhosis = None if stage in (None, "unknown") else stage != "none"
    return any_of(cirrhosis, facts.ascites, facts.encephalopathy, facts.variceal_bleed)


def acutely_severe(facts: Facts, kb: KnowledgeBase) -> Answer:
    """Whether the presentation is acute severe; where the results cannot tell, a context recorded so is believed."""
    by_results = all_of(_jaundiced(facts, kb), _failing(facts, kb))
    recorded = facts.episode.condition.context == "acute_severe"
    return True if by_results is None and recorded else by_results


def _jaundiced(facts: Facts, kb: KnowledgeBase) -> Answer:
    bilirubin = facts.lab("bilirubin_total")
    return None if bilirubin is None else bilirubin > kb.number("severity_bilirubin_above")


def _failing(facts: Facts, kb: KnowledgeBase) -> Answer:
    inr = facts.lab("inr")
    return None if inr is None else inr >= kb.number("severity_inr_from")


def _acute_severe(facts: Facts, kb: KnowledgeBase) -> TransplantTrigger:
    jaundiced, failing = _jaundiced(facts, kb), _failing(facts, kb)
    return TransplantTrigger(
        code="acute_severe",
        met=acutely_severe(facts, kb),
        detail=f"Bilirubin above the limit: {spoken(jaundiced)}; INR at or above the limit: {spoken(failing)}.",
    )


def _no_complete_response(facts: Facts, kb: KnowledgeBase) -> TransplantTrigger:
    condition = facts.episode.condition
    months = kb.whole("transplant_months_without_response")
    started = condition.treatment_started_on
    long_enough = None if started is None else add_months(started, months) <= facts.as_of
    never = None if condition.complete_response_ever is None else not condition.complete_response_ever
    return TransplantTrigger(
        code="no_complete_response_48_months",
        met=all_of(long_enough, never),
        detail=f"{months} months of treatment: {spoken(long_enough)}; never a complete response: {spoken(never)}.",
    )
