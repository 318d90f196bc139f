"""Whether this patient may be dosed by rule at all, what stands against any immunosuppression, what is not known."""

from collections.abc import Iterator

from app.clinical.vocabulary import Disposition, Severity
from app.facts.proposal import ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.rules import infection, scope
from app.rules.plan.alerts import severity_unknown
from app.rules.plan.medication_alerts import live_vaccine, not_screened
from app.rules.plan.screening import hepatitis_b_tasks
from app.rules.rule import Finding, Notice, rule

LIVE_VACCINE = "live_vaccine"
IMMUNOSUPPRESSANTS = ("immunosuppressant", "systemic_glucocorticoid")
_OUTSIDE = {
    "emergency": "This is an emergency: escalate now. What was found below does not replace that.",
    "refer": "This patient is outside the rules that dose: refer. What was found below is no approval of any dose.",
    "insufficient_data": "Neither ALT nor AST is known: the flare cannot be judged, and no regimen against it.",
}


@rule("critique_scope", cites=("P-disposition", "P-critique"))
def dosing_out_of_scope(disposition: Disposition) -> Iterator[Notice]:
    """Would a plan for this patient hold no dose: an emergency, a referral, too little data?"""
    if disposition in _OUTSIDE:
        enough = disposition != "insufficient_data"
        severity: Severity = "critical" if enough else "warning"
        yield Notice(
            "SCOPE_NO_DOSING" if enough else "SCOPE_INSUFFICIENT_DATA", _OUTSIDE[disposition], severity=severity
        )


def before_any(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Yield what has to be settled before any immunosuppressant is given, whichever it is."""
    yield from not_screened(proposal.after)
    if not proposal.giving(*IMMUNOSUPPRESSANTS, LIVE_VACCINE):
        return
    yield from live_vaccine(proposal.after, kb)
    if proposal.giving(*IMMUNOSUPPRESSANTS):
        yield from infection.suspected(proposal.before)
        yield from infection.unknown(proposal.before)
        yield from infection.findings_unanswered(proposal.before)
        yield from scope.unknown(proposal.before, ())
        yield from severity_unknown(proposal.before)
        yield from hepatitis_b(proposal, kb)


@rule("critique_hepatitis_b", cites=("P-hard-gates", "P-screening", "P-critique"))
def hepatitis_b(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is hepatitis B neither excluded nor covered by an antiviral before immunosuppression?"""
    for task in hepatitis_b_tasks(proposal.after, kb):
        severity: Severity = "critical" if task.gate == "hard" else "warning"
        yield Notice(task.code.upper(), f"{task.title}.", task.citations, severity=severity)
