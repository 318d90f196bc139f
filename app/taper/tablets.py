"""Which tablets make a dose: exact, by dynamic programming over the strengths at hand.

Taking the largest tablet first fails often (4 mg of 2.5 and 1 mg tablets is 1 x 4, not 2.5 + 1 + ...), so every
combination is weighed: fewest half tablets, then fewest tablets, then fewest strengths, then larger strengths first.
"""

from collections.abc import Iterator
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
# Cells of the grid times strengths. Finer than this the dose stops being a matter of tablets; and since the work grows
# with this number, it bounds what one request may cost: twenty strengths are weighed on five hundred cells, one on all.
_TABLE_AT_MOST = 100**2
_REMEMBERED = 100 * 100
# Four drugs of one request, each with its doses and the doses near them.
_TABLES_REMEMBERED = 2**2 * 2**2


class Tablet(NamedTuple):
    """A strength in mg; `halvable` only for a scored tablet or where the site halves all of them."""

    mg: Decimal
    halvable: bool = False


class _Piece(NamedTuple):
    """A tablet measured in grid cells; `half` is 0 where it stays whole."""

    whole: int
    half: int


class _Grid(NamedTuple):
    """Different strengths, smallest first, and the same measured in cells of `unit` mg; `unit` is 0 without tablets."""

    unit: Fraction
    tablets: tuple[Tablet, ...]
    pieces: tuple[_Piece, ...]

    def holds(self, cells: Fraction) -> bool:
        """Tell whether a dose of so many cells is weighed at all."""
        return 0 <= cells * len(self.pieces) <= _TABLE_AT_MOST


@lru_cache(maxsize=_REMEMBERED)
def choose_tablets(dose: Decimal, strengths: tuple[Tablet, ...]) -> tuple[TabletCount, ...] | None:
    """Return the tablets that make exactly `dose` mg, larger ones first; None when none do."""
    grid = _grid(strengths)
    if not grid.unit:
        return None
    cells = Fraction(dose) / grid.unit
    if cells.denominator != 1 or not grid.holds(cells):
        return None
    layers = _layers(grid.pieces, _capacity(int(cells)))
    if layers[-1][int(cells)] >= _IMPOSSIBLE:
        return None
    counts = _counts(grid.pieces, layers, int(cells))
    return tuple(TabletCount(strength_mg=grid.tablets[place].mg, count=count) for place, count in counts)


@lru_cache(maxsize=_REMEMBERED)
def nearest_makeable(dose: Decimal, low: Decimal, high: Decimal, strengths: tuple[Tablet, ...]) -> Decimal | None:
    """Return the makeable dose nearest to `dose` within `low` to `high` mg, the higher of two; None when there is none.

    The higher of two equally near doses comes down more slowly.
    """
    grid = _grid(strengths)
    if not grid.unit or not grid.holds(Fraction(high) / grid.unit):
        return None
    makeable = _makeable(low, high, grid)
    above, below = (Fraction(dose) / grid.unit).as_integer_ratio()
    # Distances in whole numbers: the same order as in mg, and fractions would cost more than the table.
    nearest = min(makeable, key=lambda cell: (abs(cell * below - above), -cell), default=None)
    return None if nearest is None else _decimal(nearest * grid.unit)


@lru_cache(maxsize=_REMEMBERED)
def makeable_doses(low: Decimal, high: Decimal, strengths: tuple[Tablet, ...]) -> tuple[Decimal, ...]:
    """Return every makeable dose within `low` to `high` mg, the smallest first; none where there are too many cells."""
    grid = _grid(strengths)
    if not grid.unit or not grid.holds(Fraction(high) / grid.unit):
        return ()
    return tuple(_decimal(cell * grid.unit) for cell in _makeable(low, high, grid))


def _makeable(low: Decimal, high: Decimal, grid: _Grid) -> list[int]:
    """Return the makeable doses of a range in cells."""
    first, last = ceil(Fraction(low) / grid.unit), floor(Fraction(high) / grid.unit)
    costs = _layers(grid.pieces, _capacity(last))[-1]
    return [cell for cell in range(first, last + 1) if costs[cell] < _IMPOSSIBLE]


@lru_cache(maxsize=_TABLES_REMEMBERED)
def _grid(strengths: tuple[Tablet, ...]) -> _Grid:
    """Return the largest unit in mg of which every whole and half tablet is a multiple, with the tablets in it."""
    tablets = tuple(sorted(set(strengths)))
    sizes = [Fraction(tablet.mg) / (2 if tablet.halvable else 1) for tablet in tablets]
    common = lcm(*(size.denominator for size in sizes))
    unit = Fraction(gcd(*(int(size * common) for size in sizes)), common)
    return _Grid(unit, tablets, tuple(_piece(tablet, unit) for tablet in tablets))


def _piece(tablet: Tablet, unit: Fraction) -> _Piece:
    cells = int(Fraction(tablet.mg) / unit)
    return _Piece(cells, cells // 2 if tablet.halvable else 0)


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
    if piece.half:
        for cell in range(piece.half, len(without)):
            used[cell] = without[cell - piece.half] + _HALF_COST + _STRENGTH_COST
    for cell in range(piece.whole, len(without)):
        first, further = without[cell - piece.whole] + _STRENGTH_COST, used[cell - piece.whole]
        # Compared, not min(): this is where the time of a hostile request goes, and a call would double it.
        cost = (first if first < further else further) + _TABLET_COST  # noqa: FURB136
        if cost < used[cell]:  # noqa: PLR1730
            used[cell] = cost
    return list(map(min, without, used))


def _counts(pieces: tuple[_Piece, ...], layers: list[list[int]], cells: int) -> Iterator[tuple[int, Decimal]]:
    """Yield which pieces the cheapest combination takes and how many, larger ones first, most of them among equals."""
    for index in reversed(range(len(pieces))):
        halves = _most(pieces[index], layers[index], cells, layers[index + 1][cells])
        wholes, half = divmod(halves, 2)
        cells -= wholes * pieces[index].whole + half * pieces[index].half
        if halves:
            yield index, Decimal(halves) / 2


def _most(piece: _Piece, without: list[int], cells: int, cost: int) -> int:
    """Return the largest number of half tablets of `piece` with which the rest still reaches the least cost."""
    for halves in range(2 * (cells // piece.whole) + 1, 0, -1):
        wholes, half = divmod(halves, 2)
        rest = cells - wholes * piece.whole - half * piece.half
        own = half * _HALF_COST + wholes * _TABLET_COST + _STRENGTH_COST
        # Half of a tablet that stays whole would cost more and add nothing: it never reaches the least cost.
        if rest >= 0 and without[rest] + own == cost:
            return halves
    return 0
