"""A proposal in, findings out: pure, the same for a request, an order in a hospital system or a replay."""

from collections.abc import Iterator

from app import __version__
from app.clinical.critique import Critique, CritiqueFinding, Proposal
from app.clinical.episode import Episode
from app.clinical.plan import Engine
from app.clinical.taper import Gate
from app.clinical.vocabulary import Severity
from app.facts.facts import Facts
from app.facts.prepare_proposal import prepare_proposal
from app.facts.proposal import ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.planning.cite import resolve
from app.planning.disposition import Triage, triage
from app.rules.critique import (
    doses,
    ending,
    pairs,
    patient,
    steroid,
    steroid_taper,
    tacrolimus_level,
    tacrolimus_product,
    tacrolimus_stop,
    third_line,
)
from app.rules.critique.drugs import drug_findings
from app.rules.options.draft import gather
from app.rules.plan.trough import trough_alerts
from app.rules.red_flags import RedFlagFound
from app.rules.rule import Block, Finding, Notice
from app.rules.scope import OutOfScope
from app.taper.gates import Standing, evaluate_gates
from app.taper.levels import AdrenalLimits

_ORDER: tuple[Severity, ...] = ("critical", "warning", "info")
_CRITICAL = (Block, RedFlagFound, OutOfScope)
# Conditions of an option that are hard gates: a proposal that passes them by is no mere gap in the data.
_HARD_GATES = frozenset({"mycophenolate_pregnancy_gates"})


def critique(episode: Episode, proposal: Proposal, kb: KnowledgeBase) -> Critique:
    """Return what speaks against a proposal, the gravest first and then in the order of the rules.

    The dates of the episode are resolved, and neither it nor the proposal has a fault.
    """
    facts = prepare_proposal(episode, proposal, kb)
    sorted_out = triage(facts.before, kb)
    found = tuple(_finding(item) for item in gather(_findings(facts, sorted_out, kb)))
    findings = tuple(sorted(found, key=lambda item: _ORDER.index(item.severity)))
    return Critique(
        as_of=facts.before.as_of,
        start_on=facts.before.start_on,
        disposition=sorted_out.disposition,
        findings=findings,
        citations=resolve((findings,), (), kb),
        knowledge=kb.stamp,
        engine=Engine(version=__version__),
        notice=kb.manifest.notice,
    )


def _findings(facts: ProposalFacts, sorted_out: Triage, kb: KnowledgeBase) -> Iterator[Finding]:
    """Yield every finding in the order of evaluation: patient, drugs, interactions, doses, the way down."""
    yield from patient.dosing_out_of_scope(sorted_out.disposition)
    yield from sorted_out.red_flags
    yield from sorted_out.out_of_scope
    yield from patient.before_any(facts, kb)
    yield from drug_findings(facts, kb)
    yield from _third_line(facts, kb)
    yield from pairs.interactions(facts, kb)
    yield from pairs.same_drug_twice(facts, kb)
    yield from pairs.fading(facts)
    yield from _doses(facts, kb)
    yield from _tacrolimus(facts, kb)
    yield from _steroid(facts, kb)
    yield from ending.treatment_ended(facts, kb)


def _third_line(facts: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    yield from third_line.methotrexate_daily(facts)
    yield from third_line.methotrexate_week(facts, kb)
    yield from third_line.specialist_drug(facts, kb)
    yield from third_line.methotrexate(facts, kb)
    yield from third_line.cyclophosphamide(facts, kb)
    yield from third_line.sirolimus(facts, kb)
    yield from third_line.teratogens(facts)


def _doses(facts: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    yield from doses.azathioprine_ceiling(facts, kb)
    yield from doses.above_range(facts, kb)
    yield from doses.cyclosporine_cap(facts, kb)
    yield from doses.dose_unknown(facts, kb)
    yield from doses.doses_disagree(facts)
    yield from doses.unusual_frequency(facts, kb)


def _tacrolimus(facts: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    yield from tacrolimus_product.look_alike(facts)
    yield from tacrolimus_product.product(facts)
    yield from tacrolimus_product.interval(facts)
    yield from tacrolimus_product.tenfold(facts, kb)
    yield from tacrolimus_product.strength(facts, kb)
    if facts.touching(tacrolimus_stop.DRUG):
        yield from trough_alerts(facts.before, kb)
    yield from tacrolimus_level.trough_misread(facts, kb)
    yield from tacrolimus_stop.stopped_suddenly(facts)
    yield from tacrolimus_stop.taper_too_short(facts)
    yield from tacrolimus_stop.steps_too_large(facts, kb)


def _steroid(facts: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    limits = AdrenalLimits(kb)
    yield from steroid.start_too_low(facts, kb)
    yield from steroid.one_agent(facts)
    yield from steroid.reduction_before_remission(facts, _closed_gates(facts.before, kb))
    yield from steroid.later_steps(facts)
    yield from steroid.stopped_suddenly(facts, limits, kb)
    yield from steroid_taper.too_fast(facts, kb)
    yield from steroid_taper.since_unknown(facts)
    yield from steroid_taper.beyond_adrenal_limits(facts, limits, kb)
    yield from steroid_taper.below_maintenance(facts, kb)


def _closed_gates(facts: Facts, kb: KnowledgeBase) -> tuple[Gate, ...]:
    """Return the gates that keep a steroid from a step today; none when its results, remission and course allow one."""
    standing = Standing(
        today=facts.as_of,
        dose_began_on=facts.as_of,
        next_step_on=facts.as_of,
        prednisone_mg=None,
        labs=facts.labs,
        worsening=facts.finding("worsening_symptoms"),
    )
    return tuple(gate for gate in evaluate_gates(standing, kb).gates if gate.met is not True)


def _finding(item: Finding) -> CritiqueFinding:
    return CritiqueFinding(
        code=item.code, text=item.text, rule=item.rule, citations=item.cites, severity=_severity(item)
    )


def _severity(item: Finding) -> Severity:
    """Return the weight of a finding that an option or a plan would word as block, condition or caution."""
    if isinstance(item, Notice):
        return item.severity
    return "critical" if isinstance(item, _CRITICAL) or item.rule in _HARD_GATES else "warning"
