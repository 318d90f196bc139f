"""The infection gate: nothing is escalated while an infection is suspected or not excluded."""

from collections.abc import Iterator

from app.facts.facts import Facts
from app.facts.medicine_facts import Running
from app.rules.plan.wording import listed, plain
from app.rules.rule import Block, Condition, rule

_STEROID = "systemic_glucocorticoid"


@rule("infection_not_excluded", cites=("EULAR22", "P-infection"))
def suspected(facts: Facts) -> Iterator[Block]:
    """Is an infection suspected, or does the patient have a fever?"""
    screening = facts.episode.screening
    if screening is not None and screening.infection_suspected:
        yield _block("An infection is suspected", facts)
    elif facts.fever:
        yield _block("Fever", facts)


def _block(what: str, facts: Facts) -> Block:
    return Block("INFECTION_NOT_EXCLUDED", f"{what}: exclude infection first. Steroids {never_stopped(facts)}.")


def never_stopped(facts: Facts) -> str:
    """Return that steroids are not stopped because of an infection, with the doses the medication list holds.

    Under a schedule they are those of the past: the dose of the present step is told by itself (steroid_under_way).
    """
    taken = [] if facts.level else [_taken(item) for item in facts.medicines.matching(_STEROID)]
    named = f" ({listed(taken)})" if taken else ""
    return f"already being taken{named} are never stopped abruptly because of it"


def _taken(item: Running) -> str:
    mg = item.dose_mg_per_day
    return f"{item.name}, dose not known" if mg is None else f"{item.name} {plain(mg)} mg/d"


@rule("infection_unknown", cites=("P-infection",))
def unknown(facts: Facts) -> Iterator[Condition]:
    """Has nobody said whether an infection is suspected?"""
    screening = facts.episode.screening
    if screening is None or screening.infection_suspected is None:
        yield Condition("INFECTION_UNKNOWN", "Say whether an infection is suspected (screening.infection_suspected).")


@rule("red_flags_unanswered", cites=("P-disposition", "P-principles"))
def findings_unanswered(facts: Facts) -> Iterator[Condition]:
    """Were the emergency findings not asked about, or does a finding leave one of them open?"""
    if facts.findings is None:
        yield Condition("RED_FLAGS_UNANSWERED", "Send flare.findings ([] says that none of them is present).")
    elif facts.encephalopathy is None:
        yield Condition(
            "ENCEPHALOPATHY_NOT_EXCLUDED",
            "Confusion or a seizure may be hepatic encephalopathy: send its grade, 0 for none "
            "(condition.encephalopathy_grade).",
        )
