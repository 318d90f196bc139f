"""Everything a plan says around its options: what to measure, to do, to watch, to ask, and where to refer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.clinical.course import (
    ChecklistItem,
    ConditionPolicy,
    Duration,
    Escalation,
    MonitoringItem,
    Referral,
    Task,
    Transplant,
    TroughTarget,
)
from app.clinical.option import Option
from app.clinical.remark import Alert, MissingData
from app.clinical.vocabulary import OptionId
from app.facts.course import latest_response
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.planning.disposition import Triage
from app.planning.following import outcome_today
from app.rules.course.against import warnings
from app.rules.course.remarks import course_notices
from app.rules.plan.alerts import alerts
from app.rules.plan.checklist import checklist
from app.rules.plan.condition_policy import condition_policy
from app.rules.plan.duration import duration
from app.rules.plan.escalation import escalation
from app.rules.plan.missing import missing_data
from app.rules.plan.monitoring import monitoring
from app.rules.plan.referral import referral
from app.rules.plan.tasks import open_gates, tasks
from app.rules.plan.transplant import transplant
from app.rules.plan.trough import trough_target

_OPEN = ("recommended", "alternative", "conditional")


@dataclass(frozen=True, slots=True)
class Around:
    """The parts of a plan other than its options."""

    monitoring: tuple[MonitoringItem, ...]
    tasks: tuple[Task, ...]
    alerts: tuple[Alert, ...]
    trough_target: TroughTarget | None
    escalation: tuple[Escalation, ...]
    transplant: Transplant
    duration: Duration
    referral: Referral | None
    checklist: tuple[ChecklistItem, ...]
    condition_policy: ConditionPolicy | None
    missing_data: tuple[MissingData, ...]

    def parts(self) -> tuple[Any, ...]:
        """Return what carries citations."""
        return (
            self.monitoring,
            self.tasks,
            self.alerts,
            self.trough_target,
            self.escalation,
            self.transplant,
            self.duration,
            self.referral,
            self.checklist,
            self.condition_policy,
        )


def around(facts: Facts, kb: KnowledgeBase, sorted_out: Triage, options: tuple[Option, ...]) -> Around:
    """Return the parts around the options. An emergency gets no timed work: escalation comes first."""
    timed = sorted_out.disposition != "emergency"
    urgent = facts.course is not None and latest_response(facts.course) == "escalate_urgent"
    asked = tasks(facts, kb, options) if timed else ()
    triggers = transplant(facts, kb, escalate_urgent=urgent)
    return Around(
        monitoring=_monitoring(facts, kb, options) if timed else (),
        tasks=asked,
        alerts=(*_course_alerts(facts, kb, options), *_option_alerts(facts, options, asked), *alerts(facts, kb)),
        trough_target=trough_target(facts, kb),
        escalation=escalation(facts, kb, options),
        transplant=triggers,
        duration=duration(facts, kb),
        referral=referral(facts, kb, sorted_out.disposition, triggers),
        checklist=checklist(facts),
        condition_policy=condition_policy(facts, kb),
        missing_data=missing_data(facts, kb),
    )


def _course_alerts(facts: Facts, kb: KnowledgeBase, options: Iterable[Option]) -> tuple[Alert, ...]:
    outcome, taken = outcome_today(facts, kb), _followed(facts)
    blocked = any(option.id in taken and option.standing == "blocked" for option in options)
    notices = course_notices(facts, outcome.decision if outcome else None, blocked=blocked)
    return tuple(notice.alert() for notice in notices)


def _option_alerts(facts: Facts, options: Iterable[Option], asked: Iterable[Task]) -> tuple[Alert, ...]:
    followed = next(iter(_followed(facts)), None)
    gates = () if followed is None else open_gates(asked, followed)
    return tuple(notice.alert() for notice in warnings(options, followed, gates))


def _monitoring(facts: Facts, kb: KnowledgeBase, options: Iterable[Option]) -> tuple[MonitoringItem, ...]:
    """Return the tests for what is taken or recommended; while there is nothing, for all that may be chosen."""
    taken = _followed(facts)
    considered = [option for option in options if option.standing in _OPEN]
    chosen = [item for item in considered if item.standing == "recommended" or item.id in taken]
    chosen = chosen or ([] if taken else considered)
    ids = dict.fromkeys((*taken, *(option.id for option in chosen)))
    drugs = {item.drug for option in chosen for item in option.medications}
    return monitoring(facts, kb, tuple(ids), frozenset(drugs.union(*taken.values())))


def _followed(facts: Facts) -> dict[OptionId, frozenset[str]]:
    """Return the option that is followed, if any, with the drugs of its present level: they are taken either way."""
    if facts.following is None:
        return {}
    return {facts.following.option_id: frozenset(facts.level.doses if facts.level else ())}
