"""The report of a run: how many mutants fell, and why the others may live."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.house.repository import read_yaml
from tests.mutation.trial import KILLED

EXPLAINED = Path(__file__).with_name("explained.yaml")
_INTRODUCTION = """# Mutants

Written by `make mutate`. It changes the rules and the taper in one place at a time and runs the tests of the rules, the
taper, the decision and the golden plans on each change. A change that no test notices survives: either a test is
missing, or the change makes no difference that matters; then its reason stands here, from
`tests/mutation/explained.yaml`. What is changed, and what is not, says the docstring of `tests/mutation/changes.py`.
"""


@dataclass(frozen=True)
class Explanations:
    """Why a mutant may survive: reason -> what it says, mutant -> its reason."""

    says: Mapping[str, str]
    reason_of: Mapping[str, str]

    @classmethod
    def read(cls, path: Path = EXPLAINED) -> "Explanations":
        """Read the file of reasons."""
        reasons = read_yaml(path) or {}
        says = {key: reason["why"] for key, reason in reasons.items()}
        return cls(says, {name: key for key, reason in reasons.items() for name in reason["mutants"]})


def write_report(outcomes: Mapping[str, str], explained: Explanations) -> str:
    """Return the report as Markdown."""
    survivors = [name for name, outcome in outcomes.items() if outcome != KILLED]
    left = [name for name in survivors if name not in explained.reason_of]
    parts = [_INTRODUCTION, _counts(outcomes, len(survivors), len(left)), _by_folder(outcomes, explained)]
    for key, why in explained.says.items():
        names = [name for name in survivors if explained.reason_of.get(name) == key]
        parts += _section(why, names) if names else []
    return "\n".join([*parts, *(_section("Not explained", left) if left else [])])


def _counts(outcomes: Mapping[str, str], survivors: int, left: int) -> str:
    killed = f"{len(outcomes)} mutants: {len(outcomes) - survivors} killed"
    return f"{killed}, {survivors - left} survive and are explained, {left} survive unexplained.\n"


def _by_folder(outcomes: Mapping[str, str], explained: Explanations) -> str:
    rows = ["| folder | mutants | killed | explained | unexplained |", "|---|---|---|---|---|"]
    for folder, names in groupby(sorted(outcomes, key=_folder), key=_folder):
        counted = Counter(
            "killed" if outcomes[name] == KILLED else "explained" if name in explained.reason_of else "left"
            for name in names
        )
        rows.append(
            f"| {folder} | {counted.total()} | {counted['killed']} | {counted['explained']} | {counted['left']} |"
        )
    return "\n".join([*rows, ""])


def _folder(name: str) -> str:
    return name.partition("::")[0].partition(": ")[0].rpartition("/")[0]


def _section(title: str, names: list[str]) -> list[str]:
    return [f"## {title}\n", *(f"- `{name}`" for name in names), ""]
