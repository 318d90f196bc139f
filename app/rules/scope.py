"""Whether a dose may be produced here at all: who is referred, and which facts of scope are not known."""

from collections.abc import Iterator

from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.rules.rule import Condition, Finding, rule

_UNKNOWN = (None, "unknown")


class OutOfScope(Finding):
    """A reason to refer instead of dosing."""


@rule("scope_condition", cites=("P-conditions", "C21"))
def condition(facts: Facts, kb: KnowledgeBase) -> Iterator[OutOfScope]:
    """Is the condition one that this service does not dose?"""
    row = kb.conditions[facts.episode.condition.code]
    if not row.dosing:
        yield OutOfScope(
            "CONDITION_WITHOUT_DOSING", f"{row.title}: no dosing policy; the hepatitis schedule is not used."
        )


@rule("scope_age", cites=("P-disposition",))
def age(facts: Facts, kb: KnowledgeBase) -> Iterator[OutOfScope]:
    """Is the patient under 18?"""
    if facts.age < kb.whole("adult_age_years"):
        yield OutOfScope("UNDER_18", "Under 18 years: adult rules do not apply.")


@rule("scope_pregnancy", cites=("REPRO20", "P-disposition"))
def pregnancy(facts: Facts) -> Iterator[OutOfScope]:
    """Is the patient pregnant?"""
    if facts.may_be_pregnant:
        yield OutOfScope("PREGNANT", "Pregnancy: treatment is decided by a specialist team.")


@rule("scope_graft", cites=("K32", "C22", "P-disposition"))
def graft(facts: Facts) -> Iterator[OutOfScope]:
    """Does the patient live with an organ graft?"""
    if facts.episode.condition.graft in ("liver", "kidney", "other"):
        yield OutOfScope("ORGAN_GRAFT", "Organ graft: the transplant team decides; nothing is stopped on its own.")


@rule("scope_route", cites=("P-disposition",))
def route(facts: Facts) -> Iterator[OutOfScope]:
    """Was the stopped tacrolimus a topical product?"""
    if facts.episode.tacrolimus and facts.episode.tacrolimus.route == "topical":
        yield OutOfScope("TOPICAL_TACROLIMUS", "The stopped product was topical tacrolimus: outside this service.")


@rule("scope_tier_5", cites=("C17", "P-severity"))
def tier_5(facts: Facts) -> Iterator[OutOfScope]:
    """Is the hepatitis decompensated (tier T5)?"""
    if facts.severity.tier == "T5":
        yield OutOfScope("TIER_T5", "Decompensated disease: transplant centre, immediately.")


def out_of_scope(facts: Facts, kb: KnowledgeBase) -> tuple[OutOfScope, ...]:
    """Return every reason to refer instead of dosing."""
    return (
        *graft(facts),
        *tier_5(facts),
        *condition(facts, kb),
        *age(facts, kb),
        *pregnancy(facts),
        *route(facts),
    )


@rule("scope_unknown", cites=("P-principles", "P-disposition"))
def unknown(facts: Facts, drugs: tuple[str, ...]) -> Iterator[Condition]:
    """Is a fact unknown that would forbid any dose here: graft, pregnancy, or a topical product?"""
    if facts.episode.condition.graft in _UNKNOWN:
        yield _withheld(
            "GRAFT_UNKNOWN", "condition.graft is known", "Whether there is an organ graft is unknown.", drugs
        )
    if facts.may_be_pregnant is None:
        yield _withheld("PREGNANCY_UNKNOWN", "patient.pregnancy is known", "Pregnancy is not excluded.", drugs)
    if facts.episode.tacrolimus is None or facts.episode.tacrolimus.route is None:
        yield _withheld(
            "ROUTE_UNKNOWN", "tacrolimus.route is known", "The route of the stopped tacrolimus is unknown.", drugs
        )


def _withheld(code: str, until: str, text: str, drugs: tuple[str, ...]) -> Condition:
    return Condition(code, text, withholds=drugs, until=until)
