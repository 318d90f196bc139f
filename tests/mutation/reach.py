"""Which test runs which line of the rules and the taper, found by running every test once."""

import re
from collections.abc import Iterable, Iterator

from coverage import Coverage, CoverageData

from tests.house.repository import ROOT, text
from tests.mutation.mutant import FOLDERS, Mutant

Line = tuple[str, int]


def listener() -> Coverage:
    """Return what hears the lines of the rules and the taper, by the context that is switched to."""
    return Coverage(data_file=None, config_file=False, include=[f"{ROOT / folder}/*" for folder in FOLDERS])


class Reach:
    """Line -> the tests that run it. `breadth` counts the lines of a test: the fewer, the closer it looks at them."""

    def __init__(self, heard: CoverageData, tests: int) -> None:
        """Read what was heard while the tests ran, each under its number as context."""
        self.tests: dict[Line, set[int]] = {}
        self.breadth = [0] * tests
        for file in heard.measured_files():
            for line, contexts in heard.contexts_by_lineno(file).items():
                self.tests[file, line] = {int(number) for number in contexts if number}
                for number in self.tests[file, line]:
                    self.breadth[number] += 1

    def choose(self, mutant: Mutant) -> list[int]:
        """Return the tests that may notice a mutant, those that look closest first."""
        chosen: set[int] = set()
        for line in self._concerned(mutant):
            chosen |= self.tests.get(line, set())
        return sorted(chosen, key=self.breadth.__getitem__)

    def _concerned(self, mutant: Mutant) -> Iterable[Line]:
        if mutant.change.owner is not None:
            return [(mutant.path, line) for line in mutant.change.lines]
        using = set(self._using(mutant))
        # A constant that only other constants are made of: whoever runs the file.
        return using or {place for place in self.tests if place[0] == mutant.path}

    def _using(self, mutant: Mutant) -> Iterator[Line]:
        name = mutant.constant
        if name is None:
            return
        word = re.compile(rf"\b{name}\b")
        files = {mutant.path} if name.startswith("_") else {file for file, _ in self.tests}
        for file in files:
            for line, content in enumerate(text(ROOT / file).splitlines(), 1):
                if word.search(content) and (file, line) in self.tests:
                    yield file, line
