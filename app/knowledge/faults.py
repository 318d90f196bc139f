"""What is wrong with the knowledge files. All of it is told at once: a reviewer mends a file in one go."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend: the file, the row's id (empty for the file as a whole) and what is wrong."""

    file: str
    id: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.id}" if self.id else self.file
        return f"{place}: {self.message}"


class KnowledgeFaults(ValueError):  # noqa: N818 - it holds many faults, and says so
    """The knowledge is not fit for use. `faults` holds every fault found, sorted by file and id."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(("The knowledge files have faults:", *map(str, self.faults))))
