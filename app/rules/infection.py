"""The infection gate: nothing is escalated while an infection is suspected or not excluded."""

from collections.abc import Iterator

from app.facts.facts import Facts
from app.rules.rule import Block, Condition, rule


@rule("infection_not_excluded", cites=("EULAR22", "P-infection"))
def suspected(facts: Facts) -> Iterator[Block]:
    """Is an infection suspected, or does the patient have a fever?"""
    screening = facts.episode.screening
    if screening is not None and screening.infection_suspected:
        yield _block("An infection is suspected")
    elif facts.fever:
        yield _block("Fever")


def _block(what: str) -> Block:
    return Block(
        "INFECTION_NOT_EXCLUDED",
        f"{what}: exclude infection first. Steroids already being taken are never stopped abruptly because of it.",
    )


@rule("infection_unknown", cites=("P-infection",))
def unknown(facts: Facts) -> Iterator[Condition]:
    """Has nobody said whether an infection is suspected?"""
    screening = facts.episode.screening
    if screening is None or screening.infection_suspected is None:
        yield Condition("INFECTION_UNKNOWN", "Say whether an infection is suspected (screening.infection_suspected).")


@rule("red_flags_unanswered", cites=("P-disposition", "P-principles"))
def findings_unanswered(facts: Facts) -> Iterator[Condition]:
    """Were the emergency findings not asked about?"""
    if facts.findings is None:
        yield Condition("RED_FLAGS_UNANSWERED", "Send flare.findings ([] says that none of them is present).")
