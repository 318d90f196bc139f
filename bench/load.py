"""A small HTTP/1.1 load generator: a fixed number of connections, each sending again as soon as it is answered.

It parses only the status and the length of an answer, so that on a shared machine the server gets most of the time.
Every answer counts or the run stops: a figure with an error in it is not a figure.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import cast

import uvloop

HOST = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_ANSWER_LIMIT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked, again and again: whole requests as bytes, and the status that counts as an answer."""

    name: str
    port: int
    requests: tuple[bytes, ...]
    status: int


@dataclass(frozen=True, slots=True)
class Round:
    """One bounded run against one target: latencies in seconds, in order of arrival."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency in milliseconds that `share` of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def request(method: str, path: str, body: bytes = b"", token: str | None = None) -> bytes:
    """Return a whole keep-alive request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept: application/json"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join(lines).encode() + _HEAD_END + body


def run(target: Target, concurrency: int, seconds: float) -> Round:
    """Load a target on this machine for a bounded time."""
    return uvloop.run(_run(target, concurrency, seconds))


async def _run(target: Target, concurrency: int, seconds: float) -> Round:
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    start = time.perf_counter()
    clients = [_Client(target.status, cycle(target.requests), start + seconds, latencies) for _ in range(concurrency)]
    opened = [await loop.create_connection(lambda one=one: one, HOST, target.port) for one in clients]  # type: ignore[misc]
    try:
        async with asyncio.timeout(seconds + _ANSWER_LIMIT_SECONDS):
            await asyncio.gather(*(client.done for client in clients))
    finally:
        for transport, _ in opened:
            transport.abort()
        # The loop closes sockets in its next turn.
        await asyncio.sleep(0)
    return Round(time.perf_counter() - start, tuple(latencies))


class _Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, status: int, requests: Iterator[bytes], until: float, latencies: list[float]) -> None:
        self._wanted = f"HTTP/1.1 {status} ".encode()
        self._requests, self._until, self._latencies = requests, until, latencies
        self._answer = bytearray()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if self._complete():
            self._count()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        self._answer.clear()
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))

    def _complete(self) -> bool:
        head = self._answer.find(_HEAD_END)
        if head < 0:
            return False
        field = self._answer[:head].lower().find(_LENGTH) + len(_LENGTH)
        length = int(self._answer[field : self._answer.find(b"\r", field)])
        return len(self._answer) >= head + len(_HEAD_END) + length

    def _count(self) -> None:
        if not self._answer.startswith(self._wanted):
            return self.done.set_exception(RuntimeError(self._answer.decode(errors="replace")[:600]))
        now = time.perf_counter()
        self._latencies.append(now - self._sent)
        if now < self._until:
            return self._send()
        return self.done.set_result(None)
