"""One mutant: a change of one file, by a name that stays when lines move."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import CodeType

from tests.house.repository import ROOT, named, short
from tests.mutation.changes import Change, changes

FOLDERS = ("app/rules", "app/taper")
_LONGEST = 110


@dataclass(frozen=True)
class Mutant:
    """A change of a file: `number` counts the changes of the file, `name` says where and what it is.

    `tree` is the whole file; the change is made in it and taken back.
    """

    file: str
    number: int
    name: str
    change: Change
    tree: ast.Module

    @property
    def module(self) -> str:
        """The module's dotted name."""
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def path(self) -> str:
        """The file as tracebacks name it."""
        return str(ROOT / self.file)

    @property
    def constant(self) -> str | None:
        """The name of the module's constant that is changed; None where a function, a class or a default is."""
        match self.tree.body[self.change.place.top]:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return name
            case _:
                return None

    @property
    def named_in_tests(self) -> tuple[str, ...]:
        """What the ids of tests that are about this mutant hold: the file of its tests, and the rules it belongs to."""
        mirrored = self.file.replace("app/", "tests/", 1)
        folder, _, name = mirrored.rpartition("/")
        functions = [self.change.owner] if self.change.owner else self.tree.body
        ruled = [*_rules(functions)] or [*_rules(self.tree.body)]
        return f"{folder}/test_{name}", *(f"[{rule}: " for rule in ruled)

    def compiled(self) -> CodeType:
        """Return the code of the whole file with the change in it."""
        return self._compile(self.tree)

    def statement(self) -> CodeType:
        """Return the code of the one statement of the module that is changed."""
        top = self.change.place.top
        return self._compile(self.tree, slice(top, top + 1))

    def _compile(self, tree: ast.Module, part: slice = slice(None)) -> CodeType:
        restore = self.change.apply()
        try:
            return compile(ast.Module(tree.body[part], []), self.path, "exec", dont_inherit=True)
        finally:
            restore()


def _rules(statements: Iterable[ast.stmt | None]) -> Iterator[str]:
    for statement in statements:
        for decorator in statement.decorator_list if isinstance(statement, ast.FunctionDef) else ():
            if isinstance(decorator, ast.Call) and decorator.args and isinstance(decorator.args[0], ast.Constant):
                yield str(decorator.args[0].value)


def mutants(files: tuple[str, ...] = ()) -> Iterator[Mutant]:
    """Yield the mutants of the rules and the taper, or of those files only."""
    for path in (path for folder in FOLDERS for path in named(".py", folder)):
        if not files or short(path).startswith(files):
            yield from _of_file(short(path))


def _of_file(file: str) -> Iterator[Mutant]:
    seen: Counter[str] = Counter()
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    for number, change in enumerate(changes(tree)):
        where = f"{file}::{change.owner.name}" if change.owner else file
        said = change.says if len(change.says) <= _LONGEST else f"{_shortened(change.says)}"
        seen[f"{where}: {said}"] += 1
        again = seen[f"{where}: {said}"]
        yield Mutant(file, number, f"{where}: {said}" + (f" #{again}" if again > 1 else ""), change, tree)


def _shortened(says: str) -> str:
    before, _, after = says.partition(" -> ")
    half = _LONGEST // 2
    return f"{before[:half]}... -> {after[:half]}..."
