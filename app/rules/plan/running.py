"""What is running although this patient's genes, counts, potassium, heart, allergies, pregnancy or child forbid it."""

from collections.abc import Callable, Iterator

from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.rules.options import azathioprine, calcineurin, checks, mycophenolate, tacrolimus_safety
from app.rules.options.draft import gather
from app.rules.plan.wording import listed
from app.rules.rule import Block, Finding, Notice, rule

_TERATOGENS = ("mycophenolate", "methotrexate", "cyclophosphamide", "sirolimus", "leflunomide")
# What an option without a schedule is about.
_LEAD: dict[OptionId, tuple[str, ...]] = {
    "tacrolimus_restart": ("tacrolimus",),
    "add_mycophenolate": ("mycophenolate",),
    "switch_cyclosporine": ("cyclosporine",),
}
_NOT_IN_MILK = ("mycophenolate", "methotrexate", "cyclophosphamide", "sirolimus")


def _thiopurine(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    return gather(
        azathioprine.poor_metaboliser(facts),
        azathioprine.low_count(facts, kb),
        checks.allergy(facts, azathioprine.DRUG),
    )


def _mycophenolate(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    return gather(mycophenolate.blood_count(facts, kb), checks.allergy(facts, mycophenolate.DRUG))


def _tacrolimus(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    drug = tacrolimus_safety.DRUG
    return gather(calcineurin.potassium(facts, kb), tacrolimus_safety.qtc(facts, kb), checks.allergy(facts, drug))


def _cyclosporine(facts: Facts, kb: KnowledgeBase) -> tuple[Finding, ...]:
    return gather(calcineurin.potassium(facts, kb), checks.allergy(facts, "cyclosporine"))


# A substance or class that may be running, and what would block its start. Kidney function is left to the tests that
# go on: what forbids a start is no news in a patient with a graft.
_ASKED: dict[str, Callable[[Facts, KnowledgeBase], tuple[Finding, ...]]] = {
    "thiopurine": _thiopurine,
    "mycophenolate": _mycophenolate,
    "tacrolimus": _tacrolimus,
    "cyclosporine": _cyclosporine,
}


@rule("running_drug_unsafe", cites=("P-drug-limits",))
def running_unsafe(facts: Facts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is a medicine running that would be blocked if it were to start today?

    A drug of the treatment that is followed is left out: its blocks are told as such.
    """
    followed = _followed(facts)
    for key, ask in _ASKED.items():
        items = [item for item in facts.medicines.matching(key) if not item.is_any_of(*followed)]
        for finding in ask(facts, kb) if items else ():
            if isinstance(finding, Block):
                names = listed(item.name for item in items)
                text = f"Running: {names}. {finding.text} A clinician decides today whether it goes on."
                yield Notice(finding.code, text, finding.cites, severity="critical")


def _followed(facts: Facts) -> frozenset[str]:
    """Return the drugs of the treatment that is followed, on the medication list or not."""
    lead = _LEAD.get(facts.following.option_id, ()) if facts.following else ()
    return frozenset((*(facts.level.doses if facts.level else ()), *lead))


@rule("teratogen_running", cites=("REPRO20", "P-drug-limits"))
def teratogen_running(facts: Facts) -> Iterator[Notice]:
    """Is a drug that harms the unborn child running in a patient who is, or may be, pregnant?"""
    followed = _followed(facts)
    told = [item.name for item in facts.medicines.matching(*_TERATOGENS) if not item.is_any_of(*followed)]
    names = listed((*told, *sorted(followed.intersection(_TERATOGENS))))
    if names and facts.may_be_pregnant:
        yield Notice(
            "TERATOGEN_IN_PREGNANCY",
            f"Pregnant, and running: {names}. It harms the unborn child: its prescriber and obstetric medicine decide "
            "today what takes its place.",
            severity="critical",
        )
    elif names and facts.may_be_pregnant is None:
        yield Notice(
            "TERATOGEN_PREGNANCY_NOT_EXCLUDED",
            f"Running: {names}, which harms an unborn child, and pregnancy is not excluded: test now, ask about "
            "contraception.",
        )


@rule("unsafe_in_breastfeeding", cites=("LABEL-MMF", "LABEL-METHOTREXATE", "P-drug-limits"))
def breastfeeding(facts: Facts) -> Iterator[Notice]:
    """Is a drug running that a breastfed child must not get?"""
    names = listed(facts.medicines.running_names(*_NOT_IN_MILK))
    if names and facts.episode.patient.breastfeeding:
        yield Notice(
            "UNSAFE_IN_BREASTFEEDING",
            f"Breastfeeding, and running: {names}. Its prescriber decides today: another drug or no breastfeeding.",
            severity="critical",
        )
