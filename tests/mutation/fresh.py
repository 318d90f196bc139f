"""The second trial of a mutant: a process of its own, which imports the changed file as if it stood so on disk.

Loaded as a pytest plugin (`-p tests.mutation.fresh`) before anything of the application is imported.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, ModuleType

from tests.house.repository import ROOT
from tests.mutation.mutant import Mutant, mutants

_MUTANT = "MUTANT"


def survives_import(mutant: Mutant, tests: Sequence[str], options: Iterable[str]) -> bool:
    """Whether every test passes in a new process that imports the mutant; those that mirror its folder come first."""
    folder = mutant.file.rpartition("/")[0].replace("app", "tests", 1)
    nearest = (folder,) if folder.startswith(tuple(tests)) and (ROOT / folder).is_dir() else ()
    return all(_passes(mutant, (*options, *some)) for some in (nearest, tests) if some)


def _passes(mutant: Mutant, arguments: Iterable[str]) -> bool:
    command = (sys.executable, "-m", "pytest", "-x", "-p", "tests.mutation.fresh", *arguments)
    environment = {**os.environ, _MUTANT: f"{mutant.number}:{mutant.file}"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0


class _Loader(SourceFileLoader):
    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, mutant.path)
        self._mutant = mutant

    def get_code(self, _: str) -> CodeType:
        return self._mutant.compiled()


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, _: Sequence[str] | None, __: ModuleType | None = None) -> ModuleSpec | None:
        if name != self._mutant.module:
            return None
        return spec_from_file_location(name, self._mutant.path, loader=_Loader(self._mutant))


if _MUTANT in os.environ:
    _number, _, _file = os.environ[_MUTANT].partition(":")
    sys.meta_path.insert(0, _Finder(next(found for found in mutants((_file,)) if found.number == int(_number))))
