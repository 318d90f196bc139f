"""The line before the connections: who is served, who waits, who is sent away."""

import asyncio

import pytest

from app.errors import Saturated
from app.store.line import Line


async def hold(line: Line, until: asyncio.Event) -> None:
    async with line.place():
        await until.wait()


async def settle() -> None:
    """Let every task run as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_as_many_as_there_are_places_are_served_and_the_next_ones_wait() -> None:
    line, done = Line(2, longest=3, seconds=60), asyncio.Event()
    tasks = [asyncio.create_task(hold(line, done)) for _ in range(5)]
    await settle()
    assert (line.taken, line.waiting) == (2, 3)
    done.set()
    await asyncio.gather(*tasks)
    assert (line.taken, line.waiting) == (0, 0)


async def test_whoever_comes_when_the_line_is_full_is_sent_away_at_once() -> None:
    line, done = Line(1, longest=1, seconds=60), asyncio.Event()
    tasks = [asyncio.create_task(hold(line, done)) for _ in range(2)]
    await settle()
    with pytest.raises(Saturated):
        async with asyncio.timeout(1), line.place():
            pass
    done.set()
    await asyncio.gather(*tasks)


async def test_without_a_line_whoever_finds_no_free_place_is_sent_away() -> None:
    line = Line(1, longest=0, seconds=60)
    async with line.place():
        with pytest.raises(Saturated):
            async with line.place():
                pass
    async with line.place():
        assert line.taken == 1


async def test_whoever_waits_too_long_is_sent_away_and_leaves_the_line() -> None:
    line = Line(1, longest=5, seconds=0.01)
    async with line.place():
        with pytest.raises(Saturated):
            async with line.place():
                pass
        assert (line.taken, line.waiting) == (1, 0)


async def test_whoever_gives_up_waiting_leaves_the_line_and_takes_no_place_with_him() -> None:
    line, done = Line(1, longest=5, seconds=60), asyncio.Event()
    first, second = (asyncio.create_task(hold(line, done)) for _ in range(2))
    await settle()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert (line.taken, line.waiting) == (1, 0)
    done.set()
    await first
    async with asyncio.timeout(1), line.place():
        assert line.taken == 1


async def test_a_place_is_free_again_after_an_error() -> None:
    line = Line(1, longest=0, seconds=1)
    with pytest.raises(LookupError):
        async with line.place():
            raise LookupError
    async with line.place():
        assert line.taken == 1
