"""A kept plan against the plan decided now: the same, or everything that is different."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.clinical.replay import Difference
from app.planning.difference import differences
from app.planning.document import digest
from app.planning.impact import Impact, impact

_DECIDERS = ("engine", "knowledge")
_STAMPS = (*_DECIDERS, "output_digest")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every difference up to a bound, how many more there are, and what they mean for a patient; none: identical."""

    differences: tuple[Difference, ...]
    not_shown: int
    impact: Impact

    @property
    def identical(self) -> bool:
        """Whether the same was decided."""
        return not self.differences


IDENTICAL = Comparison((), 0, Impact(disposition=False, recommended_option=False, dose=False, verdicts=()))


def compare(stored: bytes, replayed: bytes, most: int) -> Comparison:
    """Compare a kept plan with the plan decided now, both as JSON text; show up to `most` differences.

    Which engine and which knowledge decided is no difference of the plan. Where they are the same, not one byte may be
    another.
    """
    if stored == replayed:
        return IDENTICAL
    before, after = json.loads(stored), json.loads(replayed)
    if any(before.get(name) != after.get(name) for name in _DECIDERS):
        found = differences(_without_stamps(before), _without_stamps(after))
    else:
        found = _every_byte(stored, replayed, differences(before, after))
    shown = tuple(islice(found, most))
    return Comparison(shown, sum(1 for _ in found), impact(before, after)) if shown else IDENTICAL


def _without_stamps(plan: dict[str, Any]) -> dict[str, Any]:
    """Leave out who decided, and the digest that covers it."""
    return {name: plan[name] for name in plan if name not in _STAMPS}


def _every_byte(stored: bytes, replayed: bytes, found: Iterator[Difference]) -> Iterator[Difference]:
    """Yield what was found, or that the same is written in another way, which no reader of the values could see."""
    first = next(found, None)
    if first is None:
        yield Difference(path="", kind="changed", stored=digest(stored), replayed=digest(replayed))
        return
    yield first
    yield from found
