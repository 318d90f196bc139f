"""What must hold between the tables: every cite resolves, every word of the contract is covered, no name is shared."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from app.clinical.vocabulary import Analyte, ConditionCode, Drug
from app.knowledge.entries import (
    Cited,
    ConditionInfo,
    Conflict,
    Entry,
    Interaction,
    Reference,
    Statement,
    Substance,
    TextRow,
)
from app.knowledge.faults import Fault
from app.knowledge.rows import Placed

E = TypeVar("E", bound=Entry)

CITABLE = ("statements", "references", "policies", "conflicts")
WORDS: Mapping[str, Any] = {"analytes": Analyte, "drugs": Drug, "conditions": ConditionCode}


@dataclass(frozen=True, slots=True)
class Draft:
    """The rows that could be read, and the ids of each table with those of rows that could not.

    A cite of a row that is itself at fault is not a second fault.
    """

    placed: Sequence[Placed]
    ids: Mapping[str, frozenset[str]]

    def rows(self, model: type[E]) -> Iterator[tuple[Placed, E]]:
        """Yield the rows of one kind with their places."""
        return ((place, place.row) for place in self.placed if isinstance(place.row, model))

    def table(self, model: type[E]) -> dict[str, E]:
        """Return the rows of one kind by id."""
        return {place.id: row for place, row in self.rows(model)}


def check(draft: Draft) -> Iterator[Fault]:
    """Yield every fault between the tables."""
    for question in _QUESTIONS:
        yield from question(draft)


def _citable_ids_are_unique(draft: Draft) -> Iterator[Fault]:
    count = Counter(key for table in CITABLE for key in draft.ids[table])
    for table in CITABLE:
        for key in sorted(draft.ids[table]):
            if count[key] > 1:
                yield Fault(f"{table}.yaml", key, "another citable row has this id")


def _cites_resolve(draft: Draft) -> Iterator[Fault]:
    known = frozenset[str]().union(*(draft.ids[table] for table in CITABLE))
    recalled = {place.id for place, row in draft.rows(Reference) if row.grade == "R"}
    for place, row in draft.rows(Cited):
        for cite in row.cites:
            if cite not in known:
                yield place.fault(f"cites {cite}, which no table holds")
            elif cite in recalled:
                yield place.fault(f"cites {cite}, which is only recalled (grade R); cite the policy instead")


def _named_statements_exist(draft: Draft) -> Iterator[Fault]:
    named = [(place, row.statements) for place, row in draft.rows(Conflict)]
    named += [(place, (*row.applies, *row.overridden)) for place, row in draft.rows(ConditionInfo)]
    for place, statements in named:
        for statement in statements:
            if statement not in draft.ids["statements"]:
                yield place.fault(f"names statement {statement}, which is not there")


def _a_statement_applies_or_is_overridden(draft: Draft) -> Iterator[Fault]:
    for place, row in draft.rows(ConditionInfo):
        for statement in sorted(set(row.applies) & set(row.overridden)):
            yield place.fault(f"{statement} both applies and is overridden")


def _what_is_not_computed_says_why(draft: Draft) -> Iterator[Fault]:
    for place, row in draft.rows(Statement):
        if (row.status == "implemented") != (row.why is None):
            yield place.fault("`why` is for statements that are not implemented, and each of those needs it")


def _reference_numbers_are_known(draft: Draft) -> Iterator[Fault]:
    count = Counter(row.number for _, row in draft.rows(Reference) if row.number is not None)
    for place, statement in draft.rows(Statement):
        for number in statement.references:
            if number not in count:
                yield place.fault(f"no reference carries the source's number {number}")
    for place, reference in draft.rows(Reference):
        if reference.number is not None and count[reference.number] > 1:
            yield place.fault(f"another reference carries the source's number {reference.number}")


def _what_is_unresolved_has_no_bibliography(draft: Draft) -> Iterator[Fault]:
    for place, row in draft.rows(Reference):
        claimed = (row.authors, row.year, row.journal, row.doi, row.pmid, row.url)
        if row.confidence == "unresolved" and any(claimed):
            yield place.fault("is unresolved and must claim no authors, year, journal or identifier")


def _every_word_has_a_row(draft: Draft) -> Iterator[Fault]:
    for table, words in WORDS.items():
        for word in sorted(set(get_args(words)) - draft.ids[table]):
            yield Fault(f"{table}.yaml", word, "is a word of the contract without a row")


def _every_drug_has_names(draft: Draft) -> Iterator[Fault]:
    for drug in sorted(draft.ids["drugs"] - draft.ids["substances"]):
        yield Fault("drugs.yaml", drug, "is not a substance: no name of it would be recognised")


def _interactions_name_what_exists(draft: Draft) -> Iterator[Fault]:
    classes = {name for _, row in draft.rows(Substance) for name in row.classes}
    known = draft.ids["substances"] | classes
    for place, row in draft.rows(Interaction):
        for name in (row.drug, row.partner):
            if name not in known:
                yield place.fault(f"{name} is neither a substance nor a class")


def _combinations_hold_substances(draft: Draft) -> Iterator[Fault]:
    for place, row in draft.rows(Substance):
        for name in row.ingredients:
            if name not in draft.ids["substances"]:
                yield place.fault(f"ingredient {name} is not a substance")


def _names_tell_substances_apart(draft: Draft) -> Iterator[Fault]:
    owners: dict[str, set[str]] = defaultdict(set)
    for place, row in draft.rows(Substance):
        for name in (*row.names, *row.rxnorm):
            owners[name].add(place.id)
    for place, row in draft.rows(Substance):
        for name in (*row.names, *row.rxnorm):
            if others := sorted(owners[name] - {place.id}):
                yield place.fault(f"shares the name {name!r} with {', '.join(others)}")


def _names_are_lower_case_and_hold_the_key(draft: Draft) -> Iterator[Fault]:
    for place, row in draft.rows(Substance):
        yield from (place.fault(f"name {name!r} is not lower case") for name in row.names if name != name.lower())
        if row.key not in row.names:
            yield place.fault("its key is not among its names")


def _texts_name_conditions(draft: Draft) -> Iterator[Fault]:
    for place, row in draft.rows(TextRow):
        if row.condition is not None and row.condition not in get_args(ConditionCode):
            yield place.fault(f"{row.condition} is not a condition of the contract")


_QUESTIONS: tuple[Callable[[Draft], Iterator[Fault]], ...] = (
    _citable_ids_are_unique,
    _cites_resolve,
    _named_statements_exist,
    _a_statement_applies_or_is_overridden,
    _what_is_not_computed_says_why,
    _reference_numbers_are_known,
    _what_is_unresolved_has_no_bibliography,
    _every_word_has_a_row,
    _every_drug_has_names,
    _interactions_name_what_exists,
    _combinations_hold_substances,
    _names_tell_substances_apart,
    _names_are_lower_case_and_hold_the_key,
    _texts_name_conditions,
)
