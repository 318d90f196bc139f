"""What speaks against drugs that are taken or chosen: said for the whole plan, so that nobody has to look for it."""

from collections.abc import Iterable, Iterator

from app.clinical.option import Option
from app.clinical.remark import Remark
from app.clinical.vocabulary import OptionId
from app.rules.rule import Notice, rule

_INTERACTIONS = "interactions_of_suggested_drug"


def warnings(options: Iterable[Option], followed: OptionId | None) -> tuple[Notice, ...]:
    """Return what speaks against the option that is followed, then the interactions of those that may be chosen."""
    taken = [option for option in options if option.id == followed]
    others = [option for option in options if option.id != followed]
    found = (*treatment_blocked(taken), *interactions_noted(taken, others))
    return tuple({notice.text: notice for notice in found}.values())


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
    return (Notice(item.code, item.text, item.citations) for item in remarks if item.rule == _INTERACTIONS)
