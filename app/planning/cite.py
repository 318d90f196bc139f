"""Which ids a plan uses, and what each of them stands for."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.clinical.remark import Citation, StatementVerdict
from app.clinical.wire import Wire
from app.knowledge.base import KnowledgeBase

_KINDS = ("statement", "reference", "policy")


def resolve(parts: Iterable[Any], statements: tuple[StatementVerdict, ...], kb: KnowledgeBase) -> tuple[Citation, ...]:
    """Return every citation used in `parts`, every statement with a verdict and the publications behind them.

    The order is fixed: statements, references, policies, each by id.

    Raises KeyError for an id that the knowledge base does not hold: such a plan must not leave.
    """
    used = {*_ids(parts), *(verdict.id for verdict in statements)}
    used.update(f"REF{number}" for key in used & kb.statements.keys() for number in kb.statements[key].references)
    return tuple(sorted((kb.citations[key] for key in used), key=lambda row: (_KINDS.index(row.kind), row.id)))


def _ids(parts: Iterable[Any]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Wire):
            yield from _of_model(part)
        elif isinstance(part, tuple):
            yield from _ids(part)


def _of_model(model: Wire) -> Iterator[str]:
    for name, value in model.__dict__.items():
        if name == "citations":
            yield from value
        elif isinstance(value, (Wire, tuple)):
            yield from _ids((value,))
