"""One episode in, one cited plan out: facts, triage, options, everything around them, citations."""

from dataclasses import dataclass

from app import __version__
from app.clinical.episode import Episode
from app.clinical.option import Option
from app.clinical.plan import Engine, PlanContent, SeverityAssessment
from app.clinical.progress import Course
from app.clinical.remark import ConflictShown, StatementVerdict
from app.clinical.taper import Taper
from app.facts.facts import Facts
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.planning.around import Around, around
from app.planning.arrange import arrange_options
from app.planning.cite import resolve
from app.planning.dispensing import Dispensing
from app.planning.disposition import Triage, triage, valid_until
from app.planning.document import input_digest
from app.planning.drafts import draft_options
from app.planning.following import accepted_holds, followed_taper, goes_on, progress
from app.planning.headline import headline
from app.rules.conflicts import conflicts_shown
from app.rules.situation import Situation
from app.rules.statements import verdicts
from app.taper.stock import choices_of

# What leads the headline under treatment, in this order.
_CALLS = ("response_calls", "hard_gate_under_treatment", "treatment_blocked", "steroid_under_way")
_SEVERITY_CITES = ("C12", "K33", "P-severity")


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What holds of the patient as a whole once the options stand."""

    statements: tuple[StatementVerdict, ...]
    conflicts: tuple[ConflictShown, ...]


def decide(episode: Episode, kb: KnowledgeBase, course: Course | None = None) -> PlanContent:
    """Return the plan for an episode whose dates are resolved and which has no faults. Pure and deterministic.

    A plan revised under treatment rests on its `course` as well.
    """
    facts = prepare_facts(episode, kb, course)
    sorted_out = triage(facts, kb)
    options = _options(facts, kb, sorted_out)
    rest = around(facts, kb, sorted_out, options)
    return _content(facts, kb, sorted_out, options, rest, _judge(facts, kb, sorted_out, options, rest))


def goes_on_today(episode: Episode, kb: KnowledgeBase, course: Course) -> bool:
    """Whether a plan for the episode would show every dose of the option that is followed."""
    facts = prepare_facts(episode, kb, course)
    options = _options(facts, kb, triage(facts, kb))
    following = course.following
    return following is not None and any(
        option.id == following.option_id and goes_on(option, following) for option in options
    )


def _options(facts: Facts, kb: KnowledgeBase, sorted_out: Triage) -> tuple[Option, ...]:
    """Return the options of a plan; every other disposition has none."""
    if sorted_out.disposition != "plan":
        return ()
    dispensing = Dispensing(kb, choices_of(facts.episode.site))
    return arrange_options(draft_options(facts, kb, dispensing), facts, dispensing)


def _judge(
    facts: Facts, kb: KnowledgeBase, sorted_out: Triage, options: tuple[Option, ...], rest: Around
) -> _Judgement:
    standings = {option.id: option.standing for option in options}
    situation = Situation(facts, kb, sorted_out.disposition, standings, rest.transplant)
    return _Judgement(verdicts(situation), conflicts_shown(situation))


def _taper(facts: Facts, sorted_out: Triage, options: tuple[Option, ...], followed: Taper | None) -> Taper | None:
    """Return the schedule that is followed, else the recommended one; an emergency or a referral shows none.

    Beside an option that was accepted and still holds, the schedule of another one would be taken for its own.
    """
    if sorted_out.disposition in ("emergency", "refer"):
        return None
    if followed is not None or accepted_holds(facts, options):
        return followed
    return next((option.taper for option in options if option.standing == "recommended"), None)


def _under_way(facts: Facts, options: tuple[Option, ...], followed: Taper | None) -> tuple[Option, ...]:
    """Return the options with the schedule that is followed in the place of that of a fresh start."""
    return tuple(
        option.model_copy(update={"taper": followed})
        if option.taper is not None and facts.follows(option.id)
        else option
        for option in options
    )


def _content(
    facts: Facts,
    kb: KnowledgeBase,
    sorted_out: Triage,
    options: tuple[Option, ...],
    rest: Around,
    judgement: _Judgement,
) -> PlanContent:
    severity = facts.severity
    assessed = SeverityAssessment(
        tier=severity.tier, severe=severity.severe, basis=severity.basis, citations=_SEVERITY_CITES
    )
    scores = tuple(facts.scores.values())
    calls = [alert for alert in rest.alerts if alert.rule in _CALLS and alert.severity != "info"]
    call = " ".join(alert.text for alert in sorted(calls, key=lambda alert: _CALLS.index(alert.rule))) or None
    red_flags = tuple(flag.red_flag() for flag in sorted_out.red_flags)
    followed = followed_taper(facts, options, kb, choices_of(facts.episode.site))
    options = _under_way(facts, options, followed)
    taper = _taper(facts, sorted_out, options, followed)
    cited = (assessed, taper, scores, red_flags, options, *rest.parts(), judgement.conflicts)
    return PlanContent(
        as_of=facts.as_of,
        valid_until=valid_until(facts.as_of, sorted_out.disposition, kb),
        disposition=sorted_out.disposition,
        headline=headline(sorted_out, options, rest.referral, rest.missing_data, call),
        severity=assessed,
        scores=scores,
        red_flags=red_flags,
        options=options,
        taper=taper,
        monitoring=rest.monitoring,
        tasks=rest.tasks,
        alerts=rest.alerts,
        trough_target=rest.trough_target,
        escalation=rest.escalation,
        transplant=rest.transplant,
        duration=rest.duration,
        referral=rest.referral,
        checklist=rest.checklist,
        withdrawal=facts.withdrawal,
        progress=progress(facts),
        condition_policy=rest.condition_policy,
        missing_data=rest.missing_data,
        conflicts=judgement.conflicts,
        statements=judgement.statements,
        citations=resolve((*cited, facts.withdrawal), judgement.statements, kb),
        knowledge=kb.stamp,
        engine=Engine(version=__version__),
        notice=kb.manifest.notice,
        input_digest=input_digest(facts.sent, facts.course),
    )
