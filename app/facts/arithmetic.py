"""Decimal arithmetic of the scores: the same digits on every machine, rounded half up and only once."""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

# Twelve digits more than a JSON number can carry, whatever context the caller has set.
_CONTEXT = Context(prec=28)
# Distinct laboratory values are few; this many results are kept.
REMEMBERED = 4096


def half_up(value: Decimal, step: Decimal = Decimal(1)) -> Decimal:
    """Return `value` rounded to `step` (1, 0.01), halves away from zero."""
    return value.quantize(step, rounding=ROUND_HALF_UP)


def clamp(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Return `value` moved into `low` to `high`."""
    return min(max(value, low), high)


# A logarithm costs more than the rest of a score, and laboratory values repeat.
@lru_cache(maxsize=REMEMBERED)
def natural_log(value: Decimal) -> Decimal:
    """Return ln of a positive value."""
    return _CONTEXT.ln(value)


@lru_cache(maxsize=REMEMBERED)
def power(base: Decimal, exponent: Decimal) -> Decimal:
    """Return `base` to any exponent, `base` positive."""
    return _CONTEXT.power(base, exponent)
