"""Which ids a plan uses, and what each of them stands for."""

from functools import cache
from typing import Any, get_args

from app.clinical.remark import Citation, StatementVerdict
from app.clinical.wire import Wire
from app.knowledge.base import KnowledgeBase


def resolve(
    parts: tuple[Any, ...], statements: tuple[StatementVerdict, ...], kb: KnowledgeBase
) -> tuple[Citation, ...]:
    """Return every citation used in `parts`, every statement with a verdict and the publications behind them.

    The order is fixed: statements, references, policies, each by id.

    Raises KeyError for an id that the knowledge base does not hold: such a plan must not leave.
    """
    used = _ids(parts)
    used.update(verdict.id for verdict in statements)
    used.update(f"REF{number}" for key in used & kb.statements.keys() for number in kb.statements[key].references)
    return tuple(kb.citations[key] for key in sorted(used, key=kb.citation_order.__getitem__))


def _ids(parts: tuple[Any, ...]) -> set[str]:
    """Return the ids below `parts`. Hundreds of values hold some: no call is made for each."""
    ids: set[str] = set()
    left = list(parts)
    while left:
        part = left.pop()
        if part.__class__ is tuple:
            left += part
        elif isinstance(part, Wire):
            values = part.__dict__
            ids.update(values.get("citations", ()))
            left += [values[name] for name in _holders(part.__class__)]
    return ids


@cache
def _holders(model: type[Wire]) -> tuple[str, ...]:
    """Return the properties of a model below which citations stand; looked up once per model."""
    return tuple(name for name, field in model.model_fields.items() if _leads_to_citations(field.annotation))


def _leads_to_citations(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Wire):
        return "citations" in annotation.model_fields or bool(_holders(annotation))
    return any(_leads_to_citations(part) for part in get_args(annotation))
