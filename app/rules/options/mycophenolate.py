"""Second line: mycophenolate in place of azathioprine, with its pregnancy gates."""

from collections.abc import Iterator
from decimal import Decimal

from app.clinical.vocabulary import OptionId
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks
from app.rules.options import checks
from app.rules.options.draft import Arithmetic, Dose, Draft, gather, plain
from app.rules.options.steroid import in_remission
from app.rules.options.steroid_beside import steroid_beside
from app.rules.rule import Block, Caution, Condition, Finding, NotIndicated, Reason, rule

DRUG = "mycophenolate"
_OPTION: OptionId = "add_mycophenolate"
_CITES = ("S31", "S40", "C16", "P-options")


@rule("mycophenolate_indication", cites=("S31", "S40", "P-second-line"))
def indication(facts: Facts, hindrances: tuple[Finding, ...]) -> Iterator[Finding]:
    """Did standard treatment fail, or is azathioprine blocked?"""
    context = facts.episode.condition.context
    if context == "failure_on_therapy":
        yield Reason("FAILURE_ON_THERAPY", "The disease flared on standard treatment.")
    stops = [finding for finding in hindrances if isinstance(finding, Block)]
    for finding in stops:
        yield Reason("AZATHIOPRINE_NOT_AVAILABLE", f"Azathioprine is out: {finding.text}", cites=finding.cites)
    if stops or context == "failure_on_therapy":
        return
    if context in (None, "unknown"):
        yield Condition(
            "CONTEXT_UNKNOWN",
            "Whether the disease flared on standard treatment is unknown: it decides on the second line.",
            withholds=(DRUG,),
            until="condition.context is known",
        )
    else:
        yield NotIndicated("SECOND_LINE", "Second line: standard treatment has not failed and azathioprine is not out.")


@rule("mycophenolate_blood_count", cites=("P-drug-limits",))
def blood_count(facts: Facts, kb: KnowledgeBase) -> Iterator[Finding]:
    """Are the neutrophils known and high enough for mycophenolate?"""
    value, limit = facts.lab("neutrophils"), kb.number("mycophenolate_anc_block")
    if value is None:
        yield Condition(
            "BLOOD_COUNT_MISSING",
            "Low neutrophils forbid mycophenolate; they are not known.",
            withholds=(DRUG,),
            until="a current neutrophil count is known",
        )
    elif value < limit:
        yield Block("CYTOPENIA", f"Neutrophils {plain(value)} are below {plain(limit)} x 10*9/L.")


@rule("mycophenolate_not_tolerated", cites=("P-drug-limits",))
def not_tolerated(facts: Facts) -> Iterator[Block]:
    """Was mycophenolate not tolerated before?"""
    if checks.not_tolerated(facts, DRUG):
        yield Block("MYCOPHENOLATE_NOT_TOLERATED", "Mycophenolate is recorded as not tolerated.")


@rule("mycophenolate_already_running", cites=("P-invariants",))
def already_running(facts: Facts, mg: Decimal | None) -> Iterator[Condition]:
    """Is mycophenolate already running, so that its start dose `mg` per day would be a reduction?"""
    if facts.medicines.takes(DRUG):
        unplanned = Condition(
            "ALREADY_RUNNING",
            "Mycophenolate is already running: a clinician decides on its dose.",
            withholds=(DRUG,),
            until="a clinician has set the dose",
        )
        yield from checks.already_running(facts, _OPTION, DRUG, mg, unplanned)


def gates_apply(facts: Facts) -> bool:
    """Whether the gates have to be met: childbearing potential, or unknown in a person not recorded male."""
    potential = facts.episode.patient.childbearing_potential
    return bool(potential) or (potential is None and facts.episode.patient.sex != "male")


@rule("mycophenolate_pregnancy_gates", cites=("K49", "C16", "P-hard-gates"))
def pregnancy_gates(facts: Facts, kb: KnowledgeBase) -> Iterator[Condition]:
    """Could the patient become pregnant without two negative tests and contraception on record?"""
    if not gates_apply(facts):
        return
    tests = facts.episode.screening.pregnancy_tests_negative if facts.episode.screening else None
    needed = kb.whole("mycophenolate_pregnancy_tests")
    if tests is None or tests < needed:
        yield Condition("PREGNANCY_TESTS_NEEDED", f"Hard gate: {needed} negative pregnancy tests 8-10 days apart.")
    if facts.episode.patient.contraception is not True:
        yield Condition(
            "CONTRACEPTION_NEEDED", "Hard gate: effective contraception, until 6 weeks after the last dose."
        )


@rule("mycophenolate_cautions", cites=("LABEL-MMF", "C16", "P-drug-limits"))
def cautions(facts: Facts, kb: KnowledgeBase) -> Iterator[Caution]:
    """Do kidney function, breastfeeding or azathioprine call for care?"""
    limit = kb.number("mycophenolate_egfr_caution")
    if checks.kidneys_below(facts, limit):
        text = f"eGFR below {plain(limit)} or dialysis: at most 1 g twice daily, watch the blood count."
        yield Caution("EGFR_LOW", text)
    if facts.episode.patient.breastfeeding:
        yield Caution("BREASTFEEDING", "Breastfeeding: mycophenolate is to be avoided, also for 6 weeks after it.")
    yield Caution("REPLACES_AZATHIOPRINE", "Mycophenolate replaces azathioprine; the two are never given together.")


@asks("mycophenolate_dose", cites=_CITES)
def dose(kb: KnowledgeBase) -> Dose:
    """At which dose does mycophenolate start, and where does it go?"""
    sums = Arithmetic("mycophenolate_dose", _CITES)
    each, intakes = kb.number("mycophenolate_start_mg_per_intake"), kb.number("mycophenolate_intakes")
    target = kb.number("mycophenolate_target_mg")
    sums.line("start dose, twice daily", each, "mg")
    sums.line("target dose per day", target, "mg/d")
    start = each * intakes
    return Dose(DRUG, start, int(intakes), low=start, high=target, calculation=tuple(sums.lines))


def add(facts: Facts, kb: KnowledgeBase, azathioprine_hindrances: tuple[Finding, ...]) -> Draft:
    """Return the mycophenolate option. A running azathioprine is replaced, so it does not block."""
    findings = gather(
        indication(facts, azathioprine_hindrances),
        in_remission(facts),
        checks.allergy(facts, DRUG),
        not_tolerated(facts),
        already_running(facts, dose(kb).mg_per_day),
        blood_count(facts, kb),
        _replacing_azathioprine(facts, checks.interactions(facts, kb, DRUG)),
        checks.live_vaccine_given(facts, kb, DRUG),
        steroid_beside(facts, kb),
        pregnancy_gates(facts, kb),
        checks.malignancy(facts, DRUG),
        checks.lists(facts, DRUG),
        checks.history(facts, DRUG),
        cautions(facts, kb),
    )
    steroid = Dose("prednisone", until="the steroid goes on at the dose a clinician sets")
    return Draft(
        _OPTION,
        "Mycophenolate with the steroid, in place of azathioprine",
        ("S31", "S40"),
        findings,
        (steroid, dose(kb)),
        specialist_dose=any(isinstance(item, Condition) and item.specialist for item in findings),
    )


def _replacing_azathioprine(facts: Facts, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the interactions without the block by azathioprine, which this option ends.

    Once the option is followed, azathioprine that is still listed is told: the two may be taken together.
    """
    both = [finding for finding in findings if finding.code == "AZATHIOPRINE_WITH_MYCOPHENOLATE"]
    told = [
        Caution(finding.code, finding.text, finding.cites, finding.rule) for finding in both if facts.follows(_OPTION)
    ]
    return (*(finding for finding in findings if finding not in both), *told)
