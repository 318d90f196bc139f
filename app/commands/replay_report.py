"""What came of replaying plans, counted and told. Ids and paths only: nothing that a plan says about a patient."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.usecases.replay import Replayed
from app.usecases.replay_all import Outcome

_PLACE = re.compile(r"\[\d+\]")
_COUNTED = re.compile(r"#\d+\]")
_SPELLING = "(the same values in another spelling)"
_LISTED = 10_000
_LISTED_PATHS = 50
_LINES = 40
_MEANS = {
    "disposition": "another disposition",
    "recommended_option": "another recommended option",
    "dose": "another dose, or another day or step of one",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A plan that is different or failed: its id, what it means, and at which paths or why."""

    plan_id: str
    impact: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    failure: str | None = None


@dataclass(slots=True)
class Report:
    """Counts of all plans; of those that are not identical the first ones by id."""

    replayed: int = 0
    identical: int = 0
    different: int = 0
    failed: int = 0
    not_loaded: int = 0
    impact: Counter[str] = field(default_factory=Counter)
    statements: Counter[str] = field(default_factory=Counter)
    paths: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count what came of one plan."""
        self.replayed += 1
        if outcome.replayed is None:
            self.failed += 1
            self._tell(Told(str(outcome.plan_id), failure=outcome.failure))
            return
        self.not_loaded += outcome.replayed.chosen.choice == "present"
        if outcome.replayed.comparison.identical:
            self.identical += 1
        else:
            self.different += 1
            self._count(str(outcome.plan_id), outcome.replayed)

    @property
    def exit_code(self) -> int:
        """0 when every plan is identical, 1 when some differ, 2 when some could not be replayed."""
        return 2 if self.failed else int(self.different > 0)

    def as_json(self) -> dict[str, Any]:
        """Return everything as JSON."""
        return {
            "plans": {
                "replayed": self.replayed,
                "identical": self.identical,
                "different": self.different,
                "failed": self.failed,
                "knowledge_not_loaded": self.not_loaded,
            },
            "impact": {name: self.impact[name] for name in _MEANS},
            "statements": dict(sorted(self.statements.items())),
            "paths": dict(self.paths.most_common()),
            "different": [
                {"plan_id": one.plan_id, "impact": one.impact, "paths": one.paths}
                for one in self.told
                if one.failure is None
            ],
            "failed": [
                {"plan_id": one.plan_id, "failure": one.failure} for one in self.told if one.failure is not None
            ],
            "not_listed": self.different + self.failed - len(self.told),
        }

    def lines(self) -> Iterator[str]:
        """Yield the report for a terminal."""
        yield (
            f"Plans replayed: {self.replayed:,}, of them {self.identical:,} identical, {self.different:,} different, "
            f"{self.failed:,} failed."
        )
        if self.not_loaded:
            yield f"{self.not_loaded:,} of them were made with knowledge that is not loaded: the present one decided."
        if self.different:
            yield from self._impact()
        yield from _listed("Plans that could not be replayed", [one for one in self.told if one.failure is not None])
        yield from _listed("Plans that are different", [one for one in self.told if one.failure is None])

    def _impact(self) -> Iterator[str]:
        yield from _counted("What it means", {_MEANS[name]: self.impact[name] for name in _MEANS})
        yield from _counted("Statements with another verdict", dict(sorted(self.statements.items())))
        yield from _counted("Where", dict(self.paths.most_common()))

    def _count(self, plan_id: str, replayed: Replayed) -> None:
        comparison = replayed.comparison
        means = tuple(name for name in _MEANS if getattr(comparison.impact, name))
        paths = tuple(one.path or _SPELLING for one in comparison.differences)
        self.impact.update(means)
        self.statements.update(comparison.impact.verdicts)
        self.paths.update(dict.fromkeys((group(path) for path in paths), 1))
        self._tell(Told(plan_id, means, paths[:_LISTED_PATHS]))

    def _tell(self, one: Told) -> None:
        if len(self.told) < _LISTED:
            self.told.append(one)


def group(path: str) -> str:
    """Return a path without the places of entries that have no name, so that the same place in many plans is one."""
    return _COUNTED.sub("]", _PLACE.sub("[]", path))


def _counted(title: str, counts: dict[str, int]) -> Iterator[str]:
    rows = {name: count for name, count in counts.items() if count}
    yield from _section(title, [f"{count:>8,}  {name}" for name, count in rows.items()])


def _listed(title: str, told: list[Told]) -> Iterator[str]:
    yield from _section(title, [f"{one.plan_id}  {one.failure or ', '.join(one.impact) or 'texts'}" for one in told])


def _section(title: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield from ("", title, *(f"  {row}" for row in rows[:_LINES]))
    if len(rows) > _LINES:
        yield f"  and {len(rows) - _LINES:,} more (--json FILE lists them)"
