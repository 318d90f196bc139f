"""`python -m tests.mutation [FILE ...]`: try the mutants of the rules and the taper, or of some files, and report.

A whole run writes docs/safety/mutants.md. It ends with 1 when a mutant survives that nobody has explained.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.house.repository import ROOT
from tests.mutation.fresh import survives_import
from tests.mutation.mutant import Mutant, mutants
from tests.mutation.report import Explanations, write_report
from tests.mutation.trial import KILLED, Trial

TESTS = ("tests/rules", "tests/taper", "tests/planning", "tests/golden")
REPORT = ROOT / "docs/safety/mutants.md"
# How a test fails does not matter here: no rewriting of asserts, no order by chance, nothing remembered.
_PLAIN = ("-q", "-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider", "--assert=plain")


def main() -> int:
    """Run the trial and say what survived."""
    asked = _asked()
    wanted = {mutant.name: mutant for mutant in mutants(tuple(asked.files))}
    outcomes = _outcomes(tuple(wanted.values()), asked)
    if outcomes.keys() != wanted.keys():
        print("Incomplete: the tests fail without any mutant, or a worker ended early.")
        return 1
    explained = Explanations.read()
    doubtful = [name for name in wanted if outcomes[name] != KILLED and name not in explained.reason_of]
    outcomes |= dict.fromkeys(_killed_at_import([wanted[name] for name in doubtful], asked), KILLED)
    left = [name for name in wanted if outcomes[name] != KILLED and name not in explained.reason_of]
    if not asked.files:
        REPORT.write_text(write_report(outcomes, explained), "utf-8")
    print(
        f"{len(wanted)} mutants, {[*outcomes.values()].count(KILLED)} killed, {len(left)} survive unexplained",
        *left,
        sep="\n",
    )
    return 1 if left else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("files", nargs="*", help="files or folders below app/rules or app/taper; all when left out")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="tests that may notice a mutant")
    parser.add_argument("--workers", type=int, default=1, help="processes that try mutants")
    parser.add_argument("--outcomes", type=Path, default=ROOT / ".cache/mutants.jsonl", help="where outcomes are kept")
    parser.add_argument("--resume", action="store_true", help="keep the outcomes of a run that was interrupted")
    return parser.parse_args()


def _outcomes(wanted: tuple[Mutant, ...], asked: argparse.Namespace) -> dict[str, str]:
    """Return mutant -> outcome. Workers add a line each to one file, which an interrupted run leaves behind."""
    asked.outcomes.parent.mkdir(exist_ok=True)
    if not asked.resume:
        asked.outcomes.unlink(missing_ok=True)
    known = _read(asked.outcomes)
    untold = [mutant for mutant in wanted if known.get(mutant.name) != KILLED]
    trial = Trial(untold, partial(_note, asked.outcomes), asked.workers, Explanations.read().reason_of)
    pytest.main([*_PLAIN, *asked.tests], plugins=[trial])
    names = {mutant.name for mutant in wanted}
    return {name: outcome for name, outcome in _read(asked.outcomes).items() if name in names} if trial.sound else {}


def _killed_at_import(doubtful: list[Mutant], asked: argparse.Namespace) -> Iterator[str]:
    """Yield the mutants that fall when they are imported in a process of their own; each is noted at once."""

    def try_anew(mutant: Mutant) -> bool:
        survives = survives_import(mutant, asked.tests, _PLAIN)
        if not survives:
            _note(asked.outcomes, mutant, KILLED)
        return survives

    with ThreadPoolExecutor(asked.workers) as pool:
        yield from (
            one.name for one, survives in zip(doubtful, pool.map(try_anew, doubtful), strict=True) if not survives
        )


def _note(path: Path, mutant: Mutant, outcome: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps([mutant.name, outcome]) + "\n")


def _read(path: Path) -> dict[str, str]:
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return dict(json.loads(line) for line in lines)


if __name__ == "__main__":
    sys.exit(main())
