"""The changes that are tried on a syntax tree, each small enough to be a slip of the hand.

Of the texts only keys are changed: lower-case words that something is compared with or looked up by. Not changed are
sentences and titles (the golden plans show them), codes of remarks and ids of sources in capitals (the cases, the
hazard log and the trace name them), docstrings, annotations, decorators and imports.
"""

import ast
import re
from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from dataclasses import dataclass
from typing import Any

# A comparison becomes its neighbour at the limit, and its contrary.
_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_NAMED = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Calls that take any number of parts: one less is still a call.
_VARIADIC = {"gather", "chain"}
# `zip(strict=True)` guards against a slip in the code itself; what is cited is left to the trace.
_SILENT_KEYWORDS = {"strict", "cites", "citations", "rule"}
# A text handed to a call is the name of a parameter, which does not exist any more when changed, or is only said.
_SPEAKING = (ast.JoinedStr, ast.Call, ast.keyword)
_TYPES = {"Callable", "Iterator", "Literal", "dict", "list", "tuple", "type"}
_LOST = "lost"
_WHOLE = (ast.BoolOp, ast.Call, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.comprehension)
_NOTHING = ast.Constant(None)
_KEY = re.compile(r"[a-z][a-z0-9_.\[\]]+")
_SOURCE = re.compile(r"(?:[A-Z]+[0-9]*|P)(?:-[A-Za-z0-9-]+)?")


@dataclass(frozen=True)
class Place:
    """Where a node is held.

    `top` counts the statements of the module, `owner` is the outermost function around it, `statement` the innermost
    statement.
    """

    holder: ast.AST
    field: str
    index: int | None
    top: int
    owner: ast.FunctionDef | None = None
    statement: ast.stmt | None = None


@dataclass(frozen=True)
class Change:
    """One node of a tree to be exchanged for another; `place.field`, or its item at `index`, holds it."""

    place: Place
    new: Any
    says: str

    @property
    def owner(self) -> ast.FunctionDef | None:
        """The outermost function whose body is changed; None for what runs at import."""
        return self.place.owner

    @property
    def lines(self) -> range:
        """The lines of the innermost statement, without the statements inside it."""
        statement = self.place.statement
        if statement is None:
            return range(0)
        inner = getattr(statement, "body", None)
        last = inner[0].lineno - 1 if inner else statement.end_lineno or statement.lineno
        return range(statement.lineno, max(last, statement.lineno) + 1)

    def apply(self) -> Callable[[], None]:
        """Exchange the node; return what puts it back."""
        holder, field, index = self.place.holder, self.place.field, self.place.index
        held = getattr(holder, field)
        setattr(holder, field, self.new if index is None else [*held[:index], self.new, *held[index + 1 :]])
        return lambda: setattr(holder, field, held)


def changes(tree: ast.Module) -> Iterator[Change]:
    """Yield every change of a module in a fixed order."""
    for top, statement in enumerate(tree.body):
        if not _says_nothing(statement):
            here = Place(tree, "body", top, top, None, statement)
            for place, node in [(here, statement), *_places(statement, here)]:
                yield from (Change(place, new, says) for new, says in _variants(node))


def _places(parent: ast.AST, outer: Place) -> Iterator[tuple[Place, ast.AST]]:
    for field, value in ast.iter_fields(parent):
        enters = outer.owner is None and field == "body" and isinstance(parent, ast.FunctionDef)
        owner = parent if enters and isinstance(parent, ast.FunctionDef) else outer.owner
        for index, node in _nodes(parent, field, value):
            statement = node if isinstance(node, ast.stmt) else outer.statement
            place = Place(parent, field, index, outer.top, owner, statement)
            yield place, node
            yield from _places(node, place)


def _nodes(parent: ast.AST, field: str, value: Any) -> Iterator[tuple[int | None, ast.AST]]:
    if field in _skipped(parent):
        return
    for index, node in enumerate(value) if isinstance(value, list) else ((None, value),):
        worded = isinstance(parent, _SPEAKING) and isinstance(node, ast.Constant) and isinstance(node.value, str)
        if isinstance(node, ast.AST) and not worded and not _says_nothing(node):
            yield index, node


def _skipped(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return ("decorator_list", "returns", "bases", "keywords")
    return ("annotation", "format_spec")


def _says_nothing(node: ast.AST) -> bool:
    """Whether a node is an import, a text that stands alone (a docstring), or a type."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Subscript(value=ast.Name(id=name)):
            return name in _TYPES
        case _:
            return False


def _variants(node: ast.AST) -> Iterator[tuple[Any, str]]:
    handler = _HANDLERS.get(type(node))
    for new in handler(node) if handler else ():
        lost = getattr(new, _LOST, None)
        says = f"{_said(new)}" if lost is None else f"without {_said(lost)}"
        yield ast.fix_missing_locations(ast.copy_location(new, node)), f"{_said(node)} -> {says}"


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.If | ast.While):
        return f"if {_said(node.test)}"
    if isinstance(node, ast.comprehension):
        return ast.unparse(node).strip()
    return " ".join(ast.unparse(node).split())


def _with(node: Any, **fields: Any) -> Any:
    new = type(node)(**{**dict(ast.iter_fields(node)), **fields})
    return ast.copy_location(new, node)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        for other in _COMPARED[type(operator)]:
            yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    yield from _less(node.values, lambda rest: rest[0] if len(rest) == 1 else _with(node, values=rest))


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node.operand


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    other = _CALCULATED.get(type(node.op))
    if other:
        yield _with(node, op=other())


def _augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    other = _CALCULATED.get(type(node.op))
    if other:
        yield _with(node, op=other())


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and _KEY.fullmatch(value):
        yield ast.Constant(f"{value}XX")


def _name(node: ast.Name) -> Iterator[ast.AST]:
    if node.id in _NAMED:
        yield ast.Name(_NAMED[node.id], ast.Load())


def _branch(node: ast.If) -> Iterator[ast.AST]:
    yield _with(node, test=ast.Constant(value=True))
    yield _with(node, test=ast.Constant(value=False))


def _choice(node: ast.IfExp) -> Iterator[ast.AST]:
    yield node.body
    yield node.orelse


def _generator(node: ast.comprehension) -> Iterator[ast.AST]:
    yield from _less(node.ifs, lambda rest: _with(node, ifs=rest))


def _returned(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(deepcopy(_NOTHING))


def _statement(node: ast.Expr) -> Iterator[ast.AST]:
    if isinstance(node.value, ast.Yield | ast.YieldFrom):
        # The function stays a generator.
        yield ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))
    elif isinstance(node.value, ast.Call):
        yield ast.Pass()


def _called(node: ast.Call) -> Iterator[ast.AST]:
    spoken = [word for word in node.keywords if word.arg not in _SILENT_KEYWORDS]
    for word in spoken:
        yield _lacking(word, _with(node, keywords=[other for other in node.keywords if other is not word]))
    if isinstance(node.func, ast.Name) and node.func.id in _VARIADIC:
        yield from _less(node.args, lambda rest: _with(node, args=rest))


def _listed(node: Any) -> Iterator[ast.AST]:
    cites = all(isinstance(item, ast.Constant) and _SOURCE.fullmatch(str(item.value)) for item in node.elts)
    if cites or isinstance(getattr(node, "ctx", None), ast.Store):
        return
    yield from _less(node.elts, lambda rest: _with(node, elts=rest))


def _keyed(node: ast.Dict) -> Iterator[ast.AST]:
    for index, key in enumerate(node.keys):
        rest = [pair for place, pair in enumerate(zip(node.keys, node.values, strict=True)) if place != index]
        less = ast.Dict([key for key, _ in rest], [value for _, value in rest])
        yield less if key is None else _lacking(key, less)


def _jump(node: ast.AST) -> Iterator[ast.AST]:
    yield ast.Break() if isinstance(node, ast.Continue) else ast.Continue()


def _less(parts: list[Any], built: Callable[[list[Any]], ast.AST]) -> Iterator[ast.AST]:
    """Yield what is built of the parts with one of them left out."""
    for index, part in enumerate(parts):
        yield _lacking(part, built([*parts[:index], *parts[index + 1 :]]))


def _lacking(part: ast.AST, new: ast.AST) -> ast.AST:
    """Return the new node with a note of what it lacks; what cannot be left out of it is said by itself."""
    if isinstance(new, _WHOLE):
        new = copy(new)
        setattr(new, _LOST, part)
    return new


_HANDLERS: dict[type[ast.AST], Any] = {
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.AugAssign: _augmented,
    ast.Constant: _constant,
    ast.Name: _name,
    ast.If: _branch,
    ast.IfExp: _choice,
    ast.comprehension: _generator,
    ast.Return: _returned,
    ast.Expr: _statement,
    ast.Call: _called,
    ast.Tuple: _listed,
    ast.List: _listed,
    ast.Set: _listed,
    ast.Dict: _keyed,
    ast.Continue: _jump,
    ast.Break: _jump,
}
