"""Each proposed drug, asked what the plan asks before it suggests that drug."""

from collections.abc import Callable, Iterator

from app.facts.facts import Facts
from app.facts.proposal import ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.rules.options import (
    azathioprine,
    calcineurin,
    checks,
    cyclosporine,
    mycophenolate,
    steroid,
    steroid_running,
    tacrolimus,
    tacrolimus_history,
    tacrolimus_safety,
)
from app.rules.plan.medication_alerts import budesonide_unsuitable
from app.rules.rule import Condition, Finding, rule

_Ask = Callable[[Facts, KnowledgeBase], tuple[Finding, ...]]
_ANSWERED_BY_DOSE = "WEIGHT_MISSING"


def _steroid(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    return (
        *steroid_running.other_steroid(facts),
        *steroid.not_tolerated(facts),
        *steroid.cautions(facts, kb),
        *steroid.harm(facts, kb, None),
    )


def _azathioprine(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    return (
        *azathioprine.poor_metaboliser(facts),
        *azathioprine.not_tolerated(facts),
        *azathioprine.low_count(facts, kb),
        *azathioprine.bilirubin_too_high(facts, kb),
        *(item for item in azathioprine.awaits_data(facts) if item.code != _ANSWERED_BY_DOSE),
        *azathioprine.awaits_tpmt(facts),
        *azathioprine.gene_unknown(facts),
        *checks.malignancy(facts, azathioprine.DRUG),
        *checks.history(facts, azathioprine.DRUG),
    )


def _tacrolimus(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    return (
        *tacrolimus.acute_severe(facts, kb),
        *checks.malignancy(facts, tacrolimus_safety.DRUG),
        *calcineurin.potassium(facts, kb),
        *calcineurin.creatinine_rise(facts, kb),
        *calcineurin.neurotoxicity(facts),
        *tacrolimus_safety.qtc(facts, kb),
        *tacrolimus_safety.kidney(facts, kb),
        *tacrolimus_safety.liver(facts, kb),
        *tacrolimus_safety.cautions(facts, kb),
    )


def _mycophenolate(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    return (
        *mycophenolate.pregnancy_gates(facts, kb),
        *mycophenolate.blood_count(facts, kb),
        *mycophenolate.not_tolerated(facts),
        *checks.malignancy(facts, mycophenolate.DRUG),
        *checks.history(facts, mycophenolate.DRUG),
    )


def _cyclosporine(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    return (
        *cyclosporine.kidney(facts, kb),
        *cyclosporine.contraindications(facts, kb),
        *calcineurin.potassium(facts, kb),
        *calcineurin.neurotoxicity(facts),
        *checks.malignancy(facts, cyclosporine.DRUG),
        *checks.history(facts, cyclosporine.DRUG),
    )


@rule("critique_budesonide_liver_unknown", cites=("C26", "P-drug-limits", "P-principles"))
def budesonide_liver_unknown(facts: Facts) -> Iterator[Condition]:
    """Is it unknown whether the liver can clear budesonide (hepatitis only)?"""
    if facts.hepatitis and (
        facts.episode.condition.cirrhosis in (None, "unknown") or facts.episode.comorbidities is None
    ):
        yield Condition(
            "BUDESONIDE_LIVER_UNKNOWN",
            "Budesonide: cirrhosis or portal vein thrombosis is not excluded, in which it is not used.",
        )


def _budesonide(facts: Facts, _kb: KnowledgeBase) -> tuple[Finding, ...]:
    return (*budesonide_unsuitable(facts), *budesonide_liver_unknown(facts))


_ASKED: dict[str, _Ask] = {
    "prednisone": _steroid,
    "prednisolone": _steroid,
    "budesonide": _budesonide,
    "azathioprine": _azathioprine,
    "tacrolimus": _tacrolimus,
    "mycophenolate": _mycophenolate,
    "cyclosporine": _cyclosporine,
}


def drug_findings(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Yield what stands against each drug that is taken under the proposal, whatever its dose."""
    for item in proposal.given:
        for drug in item.substances:
            yield from checks.allergy(proposal.after, drug)
            yield from checks.lists(proposal.before, drug)
            yield from _ASKED[drug](proposal.after, kb) if drug in _ASKED else ()
    yield from _begun(proposal, kb)


def _begun(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Yield what is asked of a calcineurin inhibitor only when it is started: its history and wash-out."""
    if any(item.begins for item in proposal.giving(tacrolimus_safety.DRUG)):
        yield from tacrolimus_history.not_indicated(proposal.before)
        yield from tacrolimus_history.stopped_for_harm(proposal.before)
        yield from tacrolimus_history.history(proposal.before)
        yield from tacrolimus_safety.washout(proposal.after)
    if any(item.begins for item in proposal.giving(cyclosporine.DRUG)):
        yield from cyclosporine.washout(proposal.after, kb)
