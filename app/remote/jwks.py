"""The public keys of a token issuer, fetched from its JWKS address (RFC 7517) and kept for a while."""

import asyncio
import time
from contextlib import suppress

import httpx
import jwt

from app.errors import Unavailable

_LONGEST_WAIT_SECONDS = 5.0
_FRESH_SECONDS = 3600.0
"""A withdrawn key is noticed after this time."""

_PAUSE_SECONDS = 30.0
"""Least time between two fetches: anyone can send an unknown key id, that must not become load on the issuer."""


class PublishedKeys:
    """Key source of a configured issuer."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._turn = asyncio.Lock()

    async def key(self, key_id: str | None) -> jwt.PyJWK:
        """Return the key of that id; raise LookupError when the issuer does not publish it."""
        if key_id not in self._keys or self._age() > _FRESH_SECONDS:
            await self._refresh()
        if not self._keys:
            raise Unavailable("The token issuer's keys cannot be fetched.")
        return self._keys[key_id]

    async def _refresh(self) -> None:
        """Fetch once, however many requests wait; keep what is known when the issuer does not answer."""
        async with self._turn:
            if self._age() < _PAUSE_SECONDS:
                return
            self._fetched_at = time.monotonic()
            with suppress(httpx.HTTPError, ValueError, jwt.PyJWTError):
                self._keys = await self._fetch()

    async def _fetch(self) -> dict[str | None, jwt.PyJWK]:
        async with httpx.AsyncClient(transport=self._transport, timeout=_LONGEST_WAIT_SECONDS) as client:
            answer = await client.get(self._url)
        published = jwt.PyJWKSet.from_dict(answer.raise_for_status().json())
        return {key.key_id: key for key in published.keys if key.public_key_use in {None, "sig"}}

    def _age(self) -> float:
        return float("inf") if self._fetched_at is None else time.monotonic() - self._fetched_at
