"""Two plans as JSON in, every place at which they differ out, named so that a reader finds it.

Entries of a list are matched by what names them, so that one alert more is one difference and not a shifted list.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import JsonValue

from app.clinical.replay import Difference

_NAMING = ("id", "code", "name", "drug", "path", "analyte", "option_id", "fact")
"""Properties that name an entry, the most telling first. All hold words of ours: a path tells no patient data."""

_ABSENT = object()


def differences(stored: Any, replayed: Any, path: str = "") -> Iterator[Difference]:
    """Yield every difference between two JSON values below `path`, in the order of the stored one."""
    if stored is _ABSENT:
        yield Difference(path=path, kind="added", stored=None, replayed=replayed)
    elif replayed is _ABSENT:
        yield Difference(path=path, kind="removed", stored=stored, replayed=None)
    elif isinstance(stored, dict) and isinstance(replayed, dict):
        yield from _below(stored, replayed, lambda name: f"{path}.{name}" if path else name)
    elif _are_entries(stored) and _are_entries(replayed):
        yield from _entries(stored, replayed, path)
    elif not _same(stored, replayed):
        yield Difference(path=path, kind="changed", stored=stored, replayed=replayed)


def _below(stored: dict[str, Any], replayed: dict[str, Any], place: Callable[[str], str]) -> Iterator[Difference]:
    for name in stored | replayed:
        yield from differences(stored.get(name, _ABSENT), replayed.get(name, _ABSENT), place(name))


def _are_entries(value: Any) -> bool:
    """Tell whether a value is a list of objects; any other list is compared as a whole."""
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _entries(stored: list[dict[str, Any]], replayed: list[dict[str, Any]], path: str) -> Iterator[Difference]:
    naming = next(
        (name for name in _NAMING if all(isinstance(item.get(name), str) for item in stored + replayed)), None
    )
    before, after = _named(stored, naming), _named(replayed, naming)
    yield from _below(before, after, lambda name: f"{path}[{name}]")
    was: list[JsonValue] = [name for name in before if name in after]
    now: list[JsonValue] = [name for name in after if name in before]
    if was != now:
        yield Difference(path=path, kind="reordered", stored=was, replayed=now)


def _named(items: list[dict[str, Any]], naming: str | None) -> dict[str, Any]:
    """Return entries by name, the second of a name as `name#2`; by place where nothing names all of them."""
    if naming is None:
        return {str(place): item for place, item in enumerate(items)}
    seen: Counter[str] = Counter()
    named = {}
    for item in items:
        name = item[naming]
        seen[name] += 1
        named[name if seen[name] == 1 else f"{name}#{seen[name]}"] = item
    return named


def _same(stored: Any, replayed: Any) -> bool:
    """Tell whether two values are written alike: true is not 1, and 1 is not 1.0."""
    return bool(stored == replayed) and str(stored) == str(replayed)
