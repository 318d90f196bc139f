"""Alerts on the medication list: products that mislead, live vaccines, pairs that interact, names nobody knows."""

from collections.abc import Iterator

from app.clinical.vocabulary import Severity
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import Interaction
from app.rules.plan.three_valued import any_of
from app.rules.plan.wording import listed
from app.rules.rule import Notice, rule

_LIVE_VACCINE = "live_vaccine"
_NEUROTOXIC_SIGNS = ("tremor", "headache", "seizure", "confusion", "paraesthesia")


@rule("tacrolimus_running", cites=("S28", "P-withdrawal"))
def tacrolimus_running(facts: Facts) -> Iterator[Notice]:
    """Is tacrolimus still running?"""
    if facts.medicines.takes("tacrolimus"):
        yield Notice(
            "TACROLIMUS_RUNNING",
            "Tacrolimus is recorded as running: it is never stopped abruptly in autoimmune disease.",
            severity="info",
        )


@rule("tacrolimus_extended_release", cites=("ISMP17", "P-drug-limits"))
def extended_release(facts: Facts) -> Iterator[Notice]:
    """Is an extended-release tacrolimus product running?"""
    names = facts.medicines.running_names("tacrolimus_extended_release")
    if names:
        yield Notice(
            "TACROLIMUS_EXTENDED_RELEASE",
            f"{listed(names)} is an extended-release product. Doses here are for immediate-release capsules; the two "
            "are not interchangeable: refer the change.",
        )


@rule("neurotoxicity_signs", cites=("S27", "P-drug-limits"))
def neurotoxicity(facts: Facts) -> Iterator[Notice]:
    """Are there signs of neurotoxicity under a calcineurin inhibitor?"""
    signs = [sign for sign in _NEUROTOXIC_SIGNS if facts.finding(sign)]
    if signs and facts.medicines.takes("calcineurin_inhibitor"):
        yield Notice(
            "POSSIBLE_NEUROTOXICITY",
            f"{listed(signs)} under a calcineurin inhibitor: check the level, magnesium, blood pressure and CYP3A "
            "inhibitors.",
        )


@rule("budesonide_unsuitable", cites=("C26", "P-drug-limits"))
def budesonide_unsuitable(facts: Facts) -> Iterator[Notice]:
    """Is budesonide running where the liver cannot clear it?"""
    shunt = any_of(
        facts.episode.condition.cirrhosis in ("compensated", "decompensated"),
        "portal_vein_thrombosis" in (facts.episode.comorbidities or ()),
        facts.severity.tier == "T4",
    )
    if shunt and facts.medicines.takes("budesonide"):
        yield Notice(
            "BUDESONIDE_UNSUITABLE",
            "Budesonide is not for cirrhosis, portal vein thrombosis or acute severe hepatitis: review it, do not stop "
            "it suddenly.",
        )


@rule("live_vaccine_listed", cites=("VACC22", "P-invariants"))
def live_vaccine(facts: Facts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is a live vaccine among the medications, or was one given a short time ago?"""
    planned = facts.medicines.running_names(_LIVE_VACCINE)
    given = [item.name for item in facts.medicines.recently(_LIVE_VACCINE)]
    if planned:
        yield _vaccine(f"{listed(planned)} is a live vaccine: none is given before or during this immunosuppression")
    if given:
        days = kb.whole("recent_stop_days")
        yield _vaccine(
            f"{listed(given)}, a live vaccine, was given within {days} days before treatment: immunosuppression can "
            "let it cause disease and is not started"
        )


def _vaccine(what: str) -> Notice:
    return Notice("LIVE_VACCINE", f"{what} without a specialist.", severity="critical")


@rule("running_interactions", cites=("P-interactions", "P-invariants"))
def running_interactions(facts: Facts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Do medications interact that are running already?"""
    told: set[str] = set()
    for drug in (key for key in kb.drugs if facts.medicines.takes(key)):
        for row, partner in kb.interactions_by_drug[drug]:
            names = facts.medicines.partners(drug, partner)
            if names and partner != _LIVE_VACCINE and row.id not in told:
                told.add(row.id)
                yield _interaction(row, drug, names)


def _interaction(row: Interaction, drug: str, names: tuple[str, ...]) -> Notice:
    severity: Severity = "critical" if row.effect == "block" else "warning"
    text = f"Running together: {drug} and {listed(names)}. {row.text} {row.action}"
    return Notice(row.code, text, row.cites, severity=severity)


@rule("names_not_screened", cites=("P-absent-lists",))
def not_screened(facts: Facts) -> Iterator[Notice]:
    """Is there a name that no table knows, a steroid that only acts locally included?"""
    if facts.medicines.unscreened:
        names = listed(facts.medicines.unscreened)
        yield Notice(
            "NOT_SCREENED", f"Not known here, so not checked for interactions, allergies or earlier failure: {names}."
        )
