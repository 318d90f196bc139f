"""What speaks against drugs that are taken or chosen: said for the whole plan, so that nobody has to look for it."""

from collections.abc import Iterable, Iterator

from app.clinical.course import Task
from app.clinical.option import Option
from app.clinical.remark import Remark
from app.clinical.vocabulary import OptionId
from app.rules.rule import Notice, rule

_INTERACTIONS = "interactions_of_suggested_drug"
_LIVE_VACCINE = "LIVE_VACCINE"


def warnings(options: Iterable[Option], followed: OptionId | None, gates: Iterable[Task] = ()) -> tuple[Notice, ...]:
    """Return what speaks against the option that is followed, then the interactions of those that may be chosen.

    `gates` are the open hard gates of the option that is followed.
    """
    taken = [option for option in options if option.id == followed]
    others = [option for option in options if option.id != followed]
    found = (*hard_gate_open(gates), *treatment_blocked(taken), *interactions_noted(taken, others))
    return tuple({notice.text: notice for notice in found}.values())


@rule("hard_gate_under_treatment", cites=("P-hard-gates", "P-assessment"))
def hard_gate_open(gates: Iterable[Task]) -> Iterator[Notice]:
    """Is a hard gate open although the treatment that waits for it is under way?"""
    for task in gates:
        yield Notice(
            "HARD_GATE_OPEN",
            f"Treatment is under way and a hard gate is open, close it now: {task.title}.",
            task.citations,
            severity="critical",
        )


@rule("treatment_blocked", cites=("P-assessment", "P-drug-limits"))
def treatment_blocked(taken: Iterable[Option]) -> Iterator[Notice]:
    """Is a drug being taken that must not be, or whose dose cannot be confirmed any more?"""
    for option in taken:
        for block in option.blocks:
            text = f"{option.title} is followed and must not go on as it is: {block.text}"
            yield Notice(block.code, text, block.citations, severity="critical")
        if any(item.deferred_until is not None for item in option.medications):
            for condition in option.conditions:
                text = f"{option.title} is followed, but a dose is withheld: {condition.text}"
                yield Notice(condition.code, text, condition.citations)


@rule("interactions_noted", cites=("P-interactions",))
def interactions_noted(taken: Iterable[Option], others: Iterable[Option]) -> Iterator[Notice]:
    """Does a running medication interact with a drug that is followed or recommended, or forbid one that is neither?"""
    for option in taken:
        yield from _noted(option.cautions)
    for option in others:
        yield from _noted(option.blocks)
        if option.standing == "recommended":
            yield from _noted(option.cautions)


def _noted(remarks: Iterable[Remark]) -> Iterator[Notice]:
    """Yield the interactions; a live vaccine forbids every drug alike and has an alert of its own."""
    told = (item for item in remarks if item.rule == _INTERACTIONS and item.code != _LIVE_VACCINE)
    return (Notice(item.code, item.text, item.citations) for item in told)
