"""Baseline checks and follow-up of the drugs offered, pregnancy and contraception, the second agent."""

from collections.abc import Callable, Iterator

from app.clinical.course import Task
from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.plan.due import due
from app.rules.plan.missing_fact import unknown
from app.rules.plan.offer import Offer
from app.rules.plan.reproduction import may_conceive

_MYCOPHENOLATE: OptionId = "add_mycophenolate"
_MONOTHERAPY: OptionId = "prednisone_monotherapy"
_STEROID = frozenset({"prednisone", "prednisolone"})
_CALCINEURIN = frozenset({"tacrolimus", "cyclosporine"})


def _always(_: Facts) -> bool:
    return True


def _no_potassium(facts: Facts) -> bool:
    return not facts.labs["potassium"].known


def _no_magnesium(facts: Facts) -> bool:
    return not facts.labs["magnesium"].known


def _no_creatinine(facts: Facts) -> bool:
    return not facts.labs["creatinine"].known


def _no_ecg(facts: Facts) -> bool:
    return unknown("vitals.qtc_ms")(facts) or "qtc_ms" in facts.stale_vitals


def _gene_unknown(facts: Facts) -> bool:
    return unknown("pharmacogenetics.tpmt")(facts) or unknown("pharmacogenetics.nudt15")(facts)


# Task code -> the drugs that ask for it, and whether it is still open.
_ROWS: dict[str, tuple[frozenset[str], Callable[[Facts], bool]]] = {
    "thiopurine_test": (frozenset({"azathioprine"}), _gene_unknown),
    "creatinine_check": (_CALCINEURIN, _no_creatinine),
    "potassium_check": (_CALCINEURIN, _no_potassium),
    "magnesium_check": (_CALCINEURIN, _no_magnesium),
    "ecg_qtc": (_CALCINEURIN, _no_ecg),
    "neurotoxicity_question": (_CALCINEURIN, _always),
    "blood_pressure": (_CALCINEURIN | _STEROID, _always),
    "glucose_check": (_CALCINEURIN | _STEROID, _always),
    "bone_protection": (_STEROID, _always),
    "eye_examination": (_STEROID, _always),
    "steroid_card": (_STEROID, _always),
    "vaccines": (_CALCINEURIN | _STEROID | {"azathioprine", "mycophenolate"}, _always),
}


@asks("baseline_tasks", cites=("S26", "S27", "GIOP22", "VACC22", "ESE24", "C24", "P-prophylaxis", "P-screening"))
def baseline_tasks(facts: Facts, kb: KnowledgeBase, offer: Offer) -> tuple[Task, ...]:
    """Which checks do the offered drugs need before or soon after they start?"""
    return tuple(
        due(code, facts.treatment_start, kb)
        for code, (drugs, is_open) in _ROWS.items()
        if drugs & offer.drugs and is_open(facts)
    )


@asks("reproduction_tasks", cites=("REPRO20", "K49", "C16", "P-hard-gates", "P-screening"))
def reproduction_tasks(facts: Facts, kb: KnowledgeBase, offer: Offer) -> tuple[Task, ...]:
    """Are pregnancy tests and contraception settled for a patient who may become pregnant?"""
    if not offer.options or not may_conceive(facts):
        return ()
    return (
        *(due(code, facts.first_day, kb) for code in _soft(facts)),
        *(due(code, facts.first_day, kb, option_id=_MYCOPHENOLATE) for code in _hard(facts, kb, offer)),
    )


def _soft(facts: Facts) -> Iterator[str]:
    yield "pregnancy_test"
    if not facts.episode.patient.contraception:
        yield "contraception"


def _hard(facts: Facts, kb: KnowledgeBase, offer: Offer) -> Iterator[str]:
    """Mycophenolate harms the unborn child: unknown tests or contraception keep its gate closed."""
    if _MYCOPHENOLATE not in offer.options:
        return
    screening = facts.episode.screening
    tests = None if screening is None else screening.pregnancy_tests_negative
    if tests is None or tests < kb.whole("mycophenolate_pregnancy_tests"):
        yield "mycophenolate_pregnancy_tests"
    if not facts.episode.patient.contraception:
        yield "mycophenolate_contraception"


@asks("second_agent_task", cites=("S34", "C10", "P-steroid-choice"))
def second_agent_task(facts: Facts, kb: KnowledgeBase, offer: Offer) -> tuple[Task, ...]:
    """Would a severe flare be treated with prednisone alone?"""
    if facts.severity.severe and _MONOTHERAPY in offer.options:
        return (due("add_second_agent", facts.treatment_start, kb, option_id=_MONOTHERAPY),)
    return ()
