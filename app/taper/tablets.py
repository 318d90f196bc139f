"""Which tablets make a dose: exact, by dynamic programming over the strengths at hand.

Taking the largest tablet first fails often (4 mg of 2.5 and 1 mg tablets is 1 x 4, not 2.5 + 1 + ...), so every
combination is weighed: fewest half tablets, then fewest tablets, then fewest strengths, then larger strengths first.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, gcd, lcm
from typing import NamedTuple

from app.clinical.taper import TabletCount

# A cost is one whole number, so that costs add and compare as such. The ranks never run into each other: there are
# fewer than a hundred strengths, and no more tablets than cells of the grid.
_STRENGTH_COST = 1
_TABLET_COST = 100
_HALF_COST = _TABLET_COST * 100**2 * 100
_IMPOSSIBLE = _HALF_COST * 100
# Finer than this the dose stops being a matter of tablets; it also bounds what one request may cost.
_CELLS_AT_MOST = 100**2
_REMEMBERED = 100 * 100
_TABLES_REMEMBERED = 2


class Tablet(NamedTuple):
    """A strength in mg; `halvable` only for a scored tablet or where the site halves all of them."""

    mg: Decimal
    halvable: bool = False


class _Piece(NamedTuple):
    """A tablet measured in grid cells; `half` is None where it stays whole."""

    whole: int
    half: int | None


@lru_cache(maxsize=_REMEMBERED)
def choose_tablets(dose: Decimal, strengths: tuple[Tablet, ...]) -> tuple[TabletCount, ...] | None:
    """Return the tablets that make exactly `dose` mg, larger ones first; None when none do."""
    ordered = sorted(set(strengths))
    unit = _grid(ordered)
    cells = Fraction(dose) / unit if unit else Fraction(-1)
    if cells.denominator != 1 or not 0 <= cells <= _CELLS_AT_MOST:
        return None
    pieces = tuple(_piece(tablet, unit) for tablet in ordered)
    layers = _layers(pieces, _capacity(int(cells)))
    if layers[-1][int(cells)] >= _IMPOSSIBLE:
        return None
    counts = zip(ordered, _counts(pieces, layers, int(cells)), strict=True)
    return tuple(TabletCount(strength_mg=tablet.mg, count=count) for tablet, count in reversed([*counts]) if count)


@lru_cache(maxsize=_REMEMBERED)
def nearest_makeable(dose: Decimal, low: Decimal, high: Decimal, strengths: tuple[Tablet, ...]) -> Decimal | None:
    """Return the makeable dose nearest to `dose` within `low` to `high` mg, the higher of two; None when there is none.

    The higher of two equally near doses comes down more slowly.
    """
    ordered = sorted(set(strengths))
    unit = _grid(ordered)
    if not unit or Fraction(high) / unit > _CELLS_AT_MOST:
        return None
    first, last = ceil(Fraction(low) / unit), floor(Fraction(high) / unit)
    costs = _layers(tuple(_piece(tablet, unit) for tablet in ordered), _capacity(max(last, 0)))[-1]
    makeable = [cell for cell in range(first, last + 1) if costs[cell] < _IMPOSSIBLE]
    nearest = min(makeable, key=lambda cell: (abs(cell * unit - Fraction(dose)), -cell), default=None)
    return None if nearest is None else _decimal(nearest * unit)


def _grid(tablets: Iterable[Tablet]) -> Fraction:
    """Return the largest unit in mg of which every whole and half tablet is a multiple; 0 without tablets."""
    pieces = [Fraction(tablet.mg) / (2 if tablet.halvable else 1) for tablet in tablets]
    common = lcm(*(piece.denominator for piece in pieces))
    return Fraction(gcd(*(int(piece * common) for piece in pieces)), common)


def _piece(tablet: Tablet, unit: Fraction) -> _Piece:
    cells = int(Fraction(tablet.mg) / unit)
    return _Piece(cells, cells // 2 if tablet.halvable else None)


def _capacity(cells: int) -> int:
    """Return the next power of two: the doses of one schedule then share a table."""
    return 1 << cells.bit_length()


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)


@lru_cache(maxsize=_TABLES_REMEMBERED)
def _layers(pieces: tuple[_Piece, ...], capacity: int) -> list[list[int]]:
    """Return, for 0, 1, 2 ... strengths counted from the smallest, the least cost of each dose in cells."""
    layers = [[0] + [_IMPOSSIBLE] * capacity]
    for piece in pieces:
        layers.append(_with(piece, layers[-1]))
    return layers


def _with(piece: _Piece, without: list[int]) -> list[int]:
    """Return the least cost of each dose once `piece` may be used too: a half at most once, wholes without limit."""
    used = [_IMPOSSIBLE] * len(without)
    if piece.half is not None:
        for cell in range(piece.half, len(without)):
            used[cell] = without[cell - piece.half] + _HALF_COST + _STRENGTH_COST
    for cell in range(piece.whole, len(without)):
        before = cell - piece.whole
        used[cell] = min(used[cell], min(without[before] + _STRENGTH_COST, used[before]) + _TABLET_COST)
    return [min(pair) for pair in zip(without, used, strict=True)]


def _counts(pieces: tuple[_Piece, ...], layers: list[list[int]], cells: int) -> list[Decimal]:
    """Return how many of each piece the cheapest combination takes, most of the largest among equals."""
    counts: list[Decimal] = []
    for index in range(len(pieces) - 1, -1, -1):
        halves = _most(pieces[index], layers[index], cells, layers[index + 1][cells])
        wholes, half = divmod(halves, 2)
        cells -= wholes * pieces[index].whole + half * (pieces[index].half or 0)
        counts.append(Decimal(halves) / 2)
    return counts[::-1]


def _most(piece: _Piece, without: list[int], cells: int, cost: int) -> int:
    """Return the largest number of half tablets of `piece` with which the rest still reaches the least cost."""
    for halves in range(2 * (cells // piece.whole) + 1, 0, -1):
        wholes, half = divmod(halves, 2)
        rest = cells - wholes * piece.whole - half * (piece.half or 0)
        own = half * _HALF_COST + wholes * _TABLET_COST + _STRENGTH_COST
        if rest >= 0 and (not half or piece.half) and without[rest] + own == cost:
            return halves
    return 0
