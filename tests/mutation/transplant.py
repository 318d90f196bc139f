"""Putting a mutant into a running process: functions that exist get other code, constants another value.

What was computed from the old code at import (a table of a test, a constant made of another one) stays as it was, so
that a mutant may survive here that would not survive an import: `tests.mutation.fresh` gives it its second trial.
"""

import gc
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from types import CodeType, FunctionType
from typing import Any

from tests.house.repository import ROOT
from tests.mutation.mutant import FOLDERS, Mutant

Key = tuple[str, str, int]
# What is remembered here from one call to the next depends on the rules; what other packages remember does not.
_DEPENDENT = ("app.rules", "app.taper", "app.planning", "tests.")


class UntransplantableError(Exception):
    """The mutant changes what only an import does: a class, a default, a closure."""


class Host:
    """The functions of the rules and the taper in this process, and what is remembered of their answers."""

    def __init__(self) -> None:
        folders = tuple(f"{ROOT / folder}/" for folder in FOLDERS)
        self._functions: dict[Key, list[FunctionType]] = defaultdict(list)
        self._caches: list[Any] = []
        for found in gc.get_objects():
            if isinstance(found, FunctionType) and found.__code__.co_filename.startswith(folders):
                self._functions[key(found.__code__)].append(found)
            elif isinstance(found, _lru_cache_wrapper) and str(found.__module__).startswith(_DEPENDENT):
                self._caches.append(found)

    def forget(self) -> None:
        """Empty what was remembered of earlier calls."""
        for cached in self._caches:
            cached.cache_clear()

    def receive(self, mutant: Mutant) -> None:
        """Put the mutant in. Raises UntransplantableError where only an import would do it."""
        if mutant.change.owner is not None:
            self._exchange(mutant)
        elif mutant.constant:
            _assign(mutant, mutant.constant)
        else:
            raise UntransplantableError(mutant.name)
        self.forget()

    def _exchange(self, mutant: Mutant) -> None:
        pairs = [(code, found) for code in _codes(mutant.compiled()) for found in self._functions[key(code)]]
        if not pairs or any(found.__code__.co_freevars != code.co_freevars for code, found in pairs):
            raise UntransplantableError(mutant.name)
        for code, found in pairs:
            found.__code__ = code


def key(code: CodeType) -> Key:
    """Return what a piece of code is found again by."""
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield const
            yield from _codes(const)


def _assign(mutant: Mutant, name: str) -> None:
    module = sys.modules[mutant.module]
    old = vars(module)[name]
    exec(mutant.statement(), vars(module))  # noqa: S102 - our own source with one change
    for other in [*sys.modules.values()]:
        if other.__dict__.get(name) is old:
            setattr(other, name, vars(module)[name])
