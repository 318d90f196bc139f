"""The public keys of a token issuer, fetched from its address and kept for a while.

Whoever can reach the service can send an unknown key id: that must not become load on the issuer, and an issuer that
is slow or gone must not stop callers whose keys are known.
"""

import asyncio
import json
import math
import time
from collections.abc import Callable

import httpx
import structlog

from app.errors import Unavailable
from app.remote.keys import Keys, PublicKey, read_keys

FRESH_SECONDS = 600.0
"""A withdrawn key is noticed after this time."""

STALE_SECONDS = 6 * 3600.0
"""How long known keys stay in use while the issuer does not answer."""

PAUSE_SECONDS = 30.0
"""Least time between two fetches, whoever asks for what."""

LONGEST_WAIT_SECONDS = 5.0
LONGEST_ANSWER_BYTES = 131_072

_log = structlog.stdlib.get_logger("app.remote")


class PublishedKeys:
    """Key source of a configured issuer. One fetch at a time, shared by all who wait for it."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._keys: Keys = {}
        self._asked_at = self._read_at = -math.inf
        self._failing = False
        self._fetching: asyncio.Task[None] | None = None

    async def key(self, key_id: str, algorithm: str) -> PublicKey:
        """Return the key; raise LookupError if the issuer has no such key, Unavailable if it never answered."""
        wanted = (key_id, algorithm)
        if wanted not in self._keys or self._age() > FRESH_SECONDS:
            usable = wanted in self._keys and self._age() <= STALE_SECONDS
            await self._refresh(wait=not (usable and self._failing))
        if not self._keys or self._age() > STALE_SECONDS:
            raise Unavailable("The token issuer's keys cannot be fetched.", self._seconds_to_next_fetch())
        return self._keys[wanted]

    async def _refresh(self, *, wait: bool) -> None:
        """Start a fetch unless one runs or the last is too recent; wait for a running one if asked to."""
        if self._fetching is None and self._clock() - self._asked_at >= PAUSE_SECONDS:
            self._asked_at = self._clock()
            self._fetching = asyncio.create_task(self._fetch_and_keep())
        if self._fetching is not None and wait:
            await asyncio.shield(self._fetching)  # a caller that goes away must not end it for the others

    async def _fetch_and_keep(self) -> None:
        """Replace the keys as a whole; when the issuer gives no key set, keep what is known."""
        try:
            self._keys = await self._fetch()
            self._read_at, self._failing = self._asked_at, False
        except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as fault:
            self._failing = True
            _log.warning("issuer_keys_not_fetched", error=type(fault).__qualname__, address=self._url)
        finally:
            self._fetching = None

    async def _fetch(self) -> Keys:
        """Fetch once: no redirect is followed, and time and size are bounded, however the answer trickles in."""
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        async with (
            asyncio.timeout(LONGEST_WAIT_SECONDS),
            httpx.AsyncClient(timeout=LONGEST_WAIT_SECONDS, follow_redirects=False) as client,
            client.stream("GET", self._url, headers=headers) as answer,
        ):
            return read_keys(json.loads(await _read_limited(answer.raise_for_status())))

    def _age(self) -> float:
        return self._clock() - self._read_at

    def _seconds_to_next_fetch(self) -> int:
        return max(1, math.ceil(self._asked_at + PAUSE_SECONDS - self._clock()))


async def _read_limited(answer: httpx.Response) -> bytes:
    """Return the body as sent: nothing is unpacked, so that a short answer cannot become a long one."""
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > LONGEST_ANSWER_BYTES:
            raise ValueError("too long")
    return bytes(body)
