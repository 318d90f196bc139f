"""How many requests were made up from the contract, told in one line at the end of a run."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

MADE_UP = "requests made up from the contract"


def line(properties: Iterable[tuple[str, Any]]) -> str | None:
    """Return the line for the properties that tests have left, or nothing when no request was made up."""
    left = [value for name, value in properties if name == MADE_UP]
    if not left:
        return None
    all_of_them: Counter[str] = sum((Counter(one["counted"]) for one in left), Counter())
    good, bad, served = (all_of_them[word] for word in ("good", "bad", "served"))
    seeds = ", ".join(sorted({one["seed"] for one in left}))
    return f"{good + bad} {MADE_UP}, {good} that fit it and {bad} that do not; {served} were served (seed {seeds})"
