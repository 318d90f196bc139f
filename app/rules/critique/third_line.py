"""Methotrexate, cyclophosphamide, sirolimus and other drugs that only a specialist doses."""

from collections.abc import Iterator

from app.facts.facts import Facts
from app.facts.proposal import ProposalFacts
from app.knowledge.base import KnowledgeBase
from app.rules.options.checks import kidneys_below
from app.rules.options.draft import plain
from app.rules.options.mycophenolate import gates_apply
from app.rules.rule import Block, Condition, Finding, Notice, rule

_METHOTREXATE = "methotrexate"
# Classes of the drugs that this service doses: another one of them acts alike, at doses that are not known here.
_KIN = ("systemic_glucocorticoid", "calcineurin_inhibitor", "mtor_inhibitor", "antimetabolite")
_TERATOGENS = ("methotrexate", "cyclophosphamide", "sirolimus")


@rule("critique_methotrexate_daily", cites=("LABEL-METHOTREXATE", "P-invariants", "P-critique"))
def methotrexate_daily(proposal: ProposalFacts) -> Iterator[Notice]:
    """Is methotrexate ordered otherwise than once a week?"""
    for item in proposal.giving(_METHOTREXATE):
        if item.frequency != "weekly":
            said = "without saying how often" if item.frequency is None else item.frequency.replace("_", " ")
            yield Notice(
                "METHOTREXATE_DAILY",
                f"{item.name} is ordered {said}: methotrexate is taken once a week, on one named weekday. Daily intake "
                "has killed patients.",
                severity="critical",
            )


@rule("critique_methotrexate_week", cites=("P-critique",))
def methotrexate_week(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is the weekly dose of methotrexate above the highest one?"""
    limit = kb.number("critique_methotrexate_week_mg")
    for item in proposal.giving(_METHOTREXATE):
        if item.highest_mg is not None and item.highest_mg > limit:
            yield Notice(
                "METHOTREXATE_DOSE_TOO_HIGH",
                f"{item.name} {plain(item.highest_mg)} mg on one day is above {plain(limit)} mg a week.",
                severity="critical",
            )


@rule("critique_specialist_drug", cites=("S42", "P-options"))
def specialist_drug(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Notice]:
    """Is a drug proposed that this service names but never doses, or one of their kin that it does not even list?"""
    for item in proposal.given:
        listed = [kb.drugs[key].dose_emitted for key in item.substances if key in kb.drugs]
        if not all(listed) or (not listed and item.is_any_of(*_KIN)):
            yield Notice(
                "SPECIALIST_DRUG", f"{item.name}: a specialist decides and doses; its dose is not judged here."
            )


@rule("critique_methotrexate_contraindications", cites=("P-drug-limits",))
def methotrexate(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Do kidneys, liver, alcohol or ascites forbid methotrexate, or is it unknown whether they do?"""
    facts = proposal.after
    if not proposal.giving(_METHOTREXATE):
        return
    limit = kb.number("critique_methotrexate_egfr_block")
    below = kidneys_below(facts, limit)
    if below is None:
        yield Condition("KIDNEY_FUNCTION_UNKNOWN", "Methotrexate: kidney function is unknown; a low one forbids it.")
    elif below:
        text = f"Methotrexate: eGFR is below {plain(limit)} mL/min/1.73 m2, or the patient is on dialysis."
        yield Block("EGFR_TOO_LOW", text)
    yield from _alcohol(facts)
    yield from _ascites(facts)
    yield from _cirrhosis(facts)


def _alcohol(facts: Facts) -> Iterator[Finding]:
    comorbidities = facts.episode.comorbidities
    if comorbidities is None:
        yield Condition("ALCOHOL_UNKNOWN", "Methotrexate: comorbidities were not sent; drinking to excess forbids it.")
    elif "alcohol_excess" in comorbidities:
        yield Block("ALCOHOL_EXCESS", "Methotrexate is not for people who drink to excess.")


def _ascites(facts: Facts) -> Iterator[Finding]:
    if facts.ascites is None:
        yield Condition("ASCITES_UNKNOWN", "Methotrexate: ascites is not excluded; it forbids the drug.")
    elif facts.ascites:
        yield Block("ASCITES", "Methotrexate collects in ascites and leaves the body late.")


def _cirrhosis(facts: Facts) -> Iterator[Finding]:
    cirrhosis = facts.episode.condition.cirrhosis
    if cirrhosis in ("compensated", "decompensated"):
        yield Block("CIRRHOSIS", "Methotrexate is not given in cirrhosis.")
    elif cirrhosis != "none":
        yield Condition("CIRRHOSIS_UNKNOWN", "Methotrexate: cirrhosis is not excluded; it forbids the drug.")


@rule("critique_cyclophosphamide_counts", cites=("P-drug-limits",))
def cyclophosphamide(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Are the neutrophils too low for cyclophosphamide, or unknown?"""
    value, limit = proposal.before.lab("neutrophils"), kb.number("critique_cyclophosphamide_anc_block")
    if not proposal.giving("cyclophosphamide"):
        return
    if value is None:
        yield Condition("BLOOD_COUNT_MISSING", "Cyclophosphamide: neutrophils are unknown; a low count forbids it.")
    elif value < limit:
        yield Block("CYTOPENIA", f"Cyclophosphamide: neutrophils {plain(value)} are below {plain(limit)} x 10*9/L.")


@rule("critique_sirolimus_proteinuria", cites=("P-drug-limits",))
def sirolimus(proposal: ProposalFacts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Is there too much protein in the urine for sirolimus, or is it unknown?"""
    value, limit = proposal.before.lab("upcr"), kb.number("critique_sirolimus_upcr_block")
    if not proposal.giving("sirolimus"):
        return
    if value is None:
        yield Condition("PROTEINURIA_UNKNOWN", "Sirolimus: protein in the urine is unknown; too much forbids it.")
    elif value > limit:
        yield Block("PROTEINURIA", f"Sirolimus: urine protein is above {plain(limit)} mg/g creatinine.")


@rule("critique_teratogen_gates", cites=("REPRO20", "P-drug-limits", "P-screening"))
def teratogens(proposal: ProposalFacts) -> Iterator[Block]:
    """Could the patient become pregnant under a drug of the third line, without a test or contraception?"""
    screening = proposal.before.episode.screening
    tests = screening.pregnancy_tests_negative if screening else None
    safe = bool(tests) and proposal.before.episode.patient.contraception is True
    for item in proposal.giving(*_TERATOGENS):
        if gates_apply(proposal.before) and not safe:
            yield Block(
                "PREGNANCY_GATES_OPEN",
                f"{item.name} harms an unborn child: a negative pregnancy test and effective contraception come first.",
            )
