"""What surrounds every answer: a request id, safe headers, one log line, and a last resort for unforeseen errors.

Pure ASGI: it looks at the first message only and never touches a body.
"""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problem_kinds import INTERNAL_ERROR
from app.api.problems import problem_response

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)

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

_log = structlog.stdlib.get_logger("app.api")


class Envelope:
    """Outermost middleware of our own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HTTP passes through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        with structlog.contextvars.bound_contextvars(**exchange.ids):
            try:
                await self._app(scope, receive, exchange.send)
            except Exception:  # noqa: BLE001 - the last resort; it is logged and answered
                _log.exception("unforeseen_error", route=exchange.route)
                await exchange.fail(scope, receive)
            _log.info(
                "request",
                method=scope["method"],
                route=exchange.route,
                status=exchange.status,
                duration_ms=exchange.elapsed_ms,
            )


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, send: Send) -> None:
        headers = Headers(scope=scope)
        self._scope, self._send, self._begun = scope, send, time.perf_counter()
        self.status = 0
        self.request_id = _request_id(headers)
        self.ids = {"request_id": self.request_id, **_trace(headers)}
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def send(self, message: Message) -> None:
        """Pass a message on; complete the headers of the first one."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.request_id
            for name, value in SAFE_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def fail(self, scope: Scope, receive: Receive) -> None:
        """Answer 500, unless an answer has already begun."""
        if self.status == 0:
            await problem_response(INTERNAL_ERROR, self.request_id)(scope, receive, self.send)

    @property
    def route(self) -> str:
        """The template of the route, never the address itself: that could hold anything."""
        return getattr(self._scope.get("route"), "path", "-")

    @property
    def elapsed_ms(self) -> float:
        """Time since the request arrived."""
        return round((time.perf_counter() - self._begun) * 1000, 2)


def _request_id(headers: Headers) -> str:
    sent = headers.get("x-request-id", "")
    return sent if _REQUEST_ID.fullmatch(sent) else str(uuid4())


def _trace(headers: Headers) -> dict[str, str]:
    match = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return {"trace_id": match[1]} if match else {}
