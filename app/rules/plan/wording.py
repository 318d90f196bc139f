"""How numbers and lists read in a sentence."""

from collections.abc import Iterable
from decimal import Decimal


def plain(value: Decimal) -> str:
    """Return a number with a leading zero and no trailing one (`0.6`, `1`, `20`): both are misread on a drug chart."""
    return format(value.normalize(), "f")


def listed(items: Iterable[str]) -> str:
    """Return the items in their order, separated by commas."""
    return ", ".join(items)
