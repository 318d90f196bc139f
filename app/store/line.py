"""The line before the connections: a few are served, some wait a little, the rest is told at once to come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.errors import Saturated


class Line:
    """`places` are served at a time; at most `longest` wait, each at most `seconds`."""

    def __init__(self, places: int, *, longest: int, seconds: float) -> None:
        self.places, self.taken, self.waiting = places, 0, 0
        self._longest, self._seconds = longest, seconds
        self._free = asyncio.Semaphore(places)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place while the block runs; raise Saturated when the line is full or the wait too long."""
        await self._enter()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            self._free.release()

    async def _enter(self) -> None:
        if self._free.locked() and self.waiting >= self._longest:
            raise Saturated
        self.waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise Saturated from None
        finally:
            self.waiting -= 1
