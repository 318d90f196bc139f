"""Which tests are due when: the disease's own markers, and what each drug needs."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from app.clinical.course import MonitoringItem
from app.facts.course import level_began_on
from app.facts.dates import one_month_after
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import Marker
from app.knowledge.registry import asks
from app.rules.plan.checklist import hbv_positive
from app.rules.plan.next_test import LIVER, blood_count_stage, liver_stage, monitoring_item, planned
from app.rules.plan.remission import remission_confirmed

_NOT_IN_CODES = re.compile(r"[^a-z0-9]+")
_OF_DRUG: dict[str, tuple[str, ...]] = {
    "tacrolimus": ("tacrolimus_trough", "tacrolimus_safety"),
    "cyclosporine": ("cyclosporine_trough", "cyclosporine_safety"),
    "mycophenolate": ("mycophenolate_cbc",),
    "prednisone": ("glucose", "hba1c"),
}
_LEVEL_CHANGERS = (
    "cyp3a_strong_inhibitor",
    "cyp3a_moderate_inhibitor",
    "cyp3a_strong_inducer",
    "cyp3a_moderate_inducer",
)
_IN_REMISSION: dict[str, tuple[str, ...]] = {"azathioprine": ("cbc_monthly",), "tacrolimus": ("tacrolimus_safety",)}


def monitoring(
    facts: Facts, kb: KnowledgeBase, option_ids: tuple[str, ...], drugs: frozenset[str]
) -> tuple[MonitoringItem, ...]:
    """Return the tests due for the recommended and alternative options, none of them meaning a referral.

    `drugs` may be started; what is running already is watched with them.
    """
    if not facts.hepatitis:
        return marker_tests(facts, kb)
    if facts.episode.condition.context == "in_remission" and not _under_way(facts):
        return remission_tests(facts, kb)
    if not option_ids:
        return marker_tests(facts, kb)
    taken = drugs | _running(facts, kb)
    return (
        *liver_tests(facts, kb),
        *drug_tests(facts, kb, taken),
        *trough_rechecks(facts, kb, taken),
        *hepatitis_b_tests(facts, kb),
    )


def _under_way(facts: Facts) -> bool:
    """Whether a treatment is followed: its own calendar goes on, remission or not."""
    return facts.course is not None and facts.course.following is not None


def _running(facts: Facts, kb: KnowledgeBase) -> frozenset[str]:
    """The running drugs of the table; prednisolone and its kin are watched like prednisone."""
    keys = {key for key in kb.drugs if facts.medicines.takes(key)}
    return frozenset(keys | {"prednisone"} if facts.medicines.takes("systemic_glucocorticoid") else keys)


@asks("monitoring_of_markers", cites=("S21", "S22", "P-monitoring", "P-conditions"))
def marker_tests(facts: Facts, kb: KnowledgeBase) -> tuple[MonitoringItem, ...]:
    """Which markers of the condition are due within two weeks?"""
    policy = kb.conditions[facts.episode.condition.code]
    cites = tuple(dict.fromkeys((*policy.cites, "S22", "P-monitoring")))
    return tuple(_marker(marker, facts.treatment_start, cites) for marker in policy.markers)


def _marker(marker: Marker, start: date, cites: tuple[str, ...]) -> MonitoringItem:
    name = "_".join(marker.analytes) or _NOT_IN_CODES.sub("_", marker.title.lower())
    return MonitoringItem(
        code=f"marker_{name}",
        title=marker.title,
        analytes=marker.analytes,
        due_on=start + timedelta(days=marker.due_days),
        repeat_days=None,
        until="the specialist has set the schedule",
        reason=f"Marker of disease activity, due within {marker.due_days} days of the start of treatment.",
        citations=cites,
    )


@asks("monitoring_of_liver", cites=("S16", "S19", "S22", "C25", "P-monitoring"))
def liver_tests(facts: Facts, kb: KnowledgeBase) -> tuple[MonitoringItem, ...]:
    """When are the liver tests due?"""
    return _planned(liver_stage(facts, kb), facts, kb)


@asks("monitoring_of_drugs", cites=("S25", "S26", "S27", "P-monitoring", "P-drug-limits"))
def drug_tests(facts: Facts, kb: KnowledgeBase, taken: frozenset[str]) -> tuple[MonitoringItem, ...]:
    """Which tests does each drug need, and when?"""
    counts = blood_count_stage(facts, kb) if "azathioprine" in taken else ()
    codes = dict.fromkeys(code for drug in _OF_DRUG if drug in taken for code in _OF_DRUG[drug])
    extra = ("tacrolimus_interaction_trough",) if "tacrolimus" in taken and _level_changes(facts) else ()
    return _planned((*counts, *codes, *extra), facts, kb)


def _level_changes(facts: Facts) -> bool:
    return bool(facts.medicines.takes(*_LEVEL_CHANGERS))


@asks("monitoring_of_hepatitis_b", cites=("AGA15", "AGA25", "P-screening"))
def hepatitis_b_tests(facts: Facts, kb: KnowledgeBase) -> tuple[MonitoringItem, ...]:
    """Is HBV DNA to be followed because HBV serology is positive?"""
    return _planned(("hbv_dna",), facts, kb) if hbv_positive(facts) else ()


@asks("monitoring_after_steroid_steps", cites=("S25", "S26", "P-monitoring"))
def trough_rechecks(facts: Facts, kb: KnowledgeBase, taken: frozenset[str]) -> tuple[MonitoringItem, ...]:
    """When is the tacrolimus trough checked again after a prednisone step?

    Prednisone lowers the tacrolimus level, so the level can climb as prednisone comes down.
    """
    if not {"tacrolimus", "prednisone"} <= taken:
        return ()
    row = kb.tasks["trough_after_steroid_step"]
    return (
        MonitoringItem(
            code=row.code,
            title=row.title,
            analytes=("tacrolimus_level",),
            due_on=one_month_after(_last_step(facts)) + timedelta(days=row.after_days),
            repeat_days=None,
            until="the last prednisone step",
            reason="The day shown follows the earliest first step; check again after every step.",
            citations=row.cites,
        ),
    )


@asks("monitoring_in_remission", cites=("S48", "C25", "P-monitoring"))
def remission_tests(facts: Facts, kb: KnowledgeBase) -> tuple[MonitoringItem, ...]:
    """Which tests go on in remission?

    The long interval belongs to a remission that the tests show; until then the next ones are due as in a flare.
    """
    running = _running(facts, kb)
    liver = LIVER[-1] if remission_confirmed(facts) else LIVER[0]
    codes = (liver, *(code for drug, rows in _IN_REMISSION.items() if drug in running for code in rows))
    return tuple(_repeated(code, facts.as_of, kb) for code in codes)


def _last_step(facts: Facts) -> date:
    """The day the present steroid dose began, or will begin."""
    began = None if facts.course is None else level_began_on(facts.course)
    return began or facts.treatment_start


def _planned(codes: Iterable[str], facts: Facts, kb: KnowledgeBase) -> tuple[MonitoringItem, ...]:
    return tuple(planned(code, facts, kb) for code in codes)


def _repeated(code: str, today: date, kb: KnowledgeBase) -> MonitoringItem:
    """A test set that is already running: the next one is due after its own interval."""
    row = kb.monitoring[code]
    return monitoring_item(row, today + timedelta(days=row.repeat_days))
