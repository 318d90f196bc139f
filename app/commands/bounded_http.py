"""The server's HTTP parser with the bounds it lacks: how long and how slow address and headers may be.

What cannot be read as HTTP never reaches the doors; it is answered here, as a problem with the same headers.
"""

import asyncio
from functools import partial
from typing import Any
from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.api.envelope import SAFE_HEADERS
from app.api.problem_kind import ProblemKind
from app.api.problem_kinds import BAD_REQUEST, HEAD_TOO_LARGE
from app.api.problems import problem_response


def bounded(longest_bytes: int, patience_seconds: float) -> Any:
    """Return the protocol for a server: heads of at most `longest_bytes` that arrive within `patience_seconds`.

    A server of several processes sends it to each of them: it can be pickled.
    """
    return partial(BoundedHttp, longest_bytes=longest_bytes, patience_seconds=patience_seconds)


class BoundedHttp(HttpToolsProtocol):
    """One connection. A head is what comes before a body: the request line and the headers."""

    def __init__(self, *arguments: Any, longest_bytes: int, patience_seconds: float, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._longest_bytes, self._patience_seconds = longest_bytes, patience_seconds
        self._head_bytes, self._reading_head = 0, True
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; refuse a head that has become too long while it arrives."""
        if self._reading_head:
            self._head_bytes += len(data)
            self._wait_for_head()
        super().data_received(data)
        if self._reading_head and self._head_bytes > self._longest_bytes:
            self._refuse(HEAD_TOO_LARGE)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; one that comes after the body is none: the doors have read theirs by then."""
        if self._reading_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand on a head that is short enough."""
        self._wait_no_longer()
        self._reading_head, self._head_bytes = False, 0
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > self._longest_bytes:
            self._refuse(HEAD_TOO_LARGE)
            raise ValueError("head")  # ends the parsing; what was to be said is said
        super().on_headers_complete()
        if self.parser.should_upgrade():
            # No other protocol is spoken here. The parser does not read on behind such a request.
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """Be ready for the next head."""
        self._reading_head = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the parser's own words are not for callers
        """Answer what is no HTTP."""
        self._refuse(BAD_REQUEST)

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: some clients offer another protocol with every request and do well without it."""

    def _wait_for_head(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(self._patience_seconds, self.transport.close)

    def _wait_no_longer(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _refuse(self, kind: ProblemKind) -> None:
        """Answer a problem and close, unless that is under way, or an earlier request waits for its answer."""
        answered: bool = getattr(self.cycle, "response_complete", True)
        if answered and not self.transport.is_closing():
            self.transport.write(_answer(kind, self.server_state.default_headers))
        self.transport.close()


def _answer(kind: ProblemKind, headers: list[tuple[bytes, bytes]]) -> bytes:
    request_id = str(uuid4())
    problem = problem_response(kind, request_id, headers={**SAFE_HEADERS, "X-Request-Id": request_id})
    lines = [*headers, *problem.raw_headers, (b"connection", b"close")]
    head = b"".join(b"%s: %s\r\n" % line for line in lines)
    return b"%s%s\r\n%s" % (STATUS_LINE[kind.status], head, bytes(problem.body))
