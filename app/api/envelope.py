"""What surrounds every answer: a request id, safe headers, one log line, counts, a last resort for unforeseen errors.

Pure ASGI: it looks at the first message only and never touches a body.
"""

import re
import time
from collections.abc import Mapping
from uuid import uuid4

import structlog
from opentelemetry.trace import Span, StatusCode, format_trace_id
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import meters, spans
from app.api.problem_kinds import INTERNAL_ERROR
from app.api.problems import problem_response

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
_SERVER_FAULT = 500

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""Defaults; a page that needs scripts or may be cached sets its own value."""

ENCRYPTED_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
"""For a service that is reached through TLS alone: a browser remembers it for a year."""

_log = structlog.stdlib.get_logger("app.api")


class Envelope:
    """Outermost middleware of our own."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] = SAFE_HEADERS) -> None:
        self._app, self._headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HTTP passes through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send, self._headers)
        with spans.server_span(exchange.asked) as span, structlog.contextvars.bound_contextvars(**exchange.ids(span)):
            await self._answer(exchange, receive)
            exchange.account(span)

    async def _answer(self, exchange: "_Exchange", receive: Receive) -> None:
        with meters.requests_in_flight.track_inprogress():
            try:
                await self._app(exchange.scope, receive, exchange.send)
            except Exception:  # noqa: BLE001 - the last resort; it is logged and answered
                _log.exception("unforeseen_error", route=exchange.route)
                await exchange.fail(receive)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, send: Send, headers: Mapping[str, str]) -> None:
        self._send, self._headers, self._begun = send, headers, time.perf_counter()
        self.method, self.asked, self.status = scope["method"], Headers(scope=scope), 0
        self.request_id = _request_id(self.asked)
        scope.setdefault("state", {})["request_id"] = self.request_id
        # HEAD is GET without the body: the doors need not know it.
        self.scope = {**scope, "method": "GET"} if self.method == "HEAD" else scope

    def ids(self, span: Span | None) -> dict[str, str]:
        """Return what every line of the log carries: the request, and the trace it belongs to if there is one."""
        if span is not None:
            return {"request_id": self.request_id, "trace_id": format_trace_id(span.get_span_context().trace_id)}
        return {"request_id": self.request_id, **_trace(self.asked)}

    async def send(self, message: Message) -> None:
        """Pass a message on; complete the headers of the first one."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.request_id
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        elif self.method == "HEAD":
            message = {**message, "body": b""}
        await self._send(message)

    async def fail(self, receive: Receive) -> None:
        """Answer 500, unless an answer has already begun."""
        if self.status == 0:
            await problem_response(INTERNAL_ERROR, self.request_id)(self.scope, receive, self.send)

    def account(self, span: Span | None) -> None:
        """Write the line of the log, count, and name the span: by the route, never by the address."""
        seconds = time.perf_counter() - self._begun
        _log.info(
            "request",
            method=self.method,
            route=self.route,
            status=self.status,
            duration_ms=round(seconds * 1000, 2),
        )
        meters.count_request(self.route, self.method, self.status, seconds)
        if span is not None:
            self._describe(span)

    def _describe(self, span: Span) -> None:
        span.update_name(f"{self.method} {self.route}")
        span.set_attributes(
            {
                "http.request.method": self.method,
                "http.route": self.route,
                "http.response.status_code": self.status,
            }
        )
        if self.status >= _SERVER_FAULT or not self.status:
            span.set_status(StatusCode.ERROR)

    @property
    def route(self) -> str:
        """The template of the route, never the address itself: that could hold anything."""
        return getattr(self.scope.get("route"), "path", meters.UNMATCHED)


def _request_id(headers: Headers) -> str:
    sent = headers.get("x-request-id", "")
    return sent if _REQUEST_ID.fullmatch(sent) else str(uuid4())


def _trace(headers: Headers) -> dict[str, str]:
    match = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return {"trace_id": match[1]} if match else {}
