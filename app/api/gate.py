"""How long a request may take from its first byte on, the arrival of its body included.

Pure ASGI. A request that runs out of time is answered as a problem by whoever answers problems here; one whose answer
has begun is cut off, because there is nothing left to say.
"""

import asyncio

import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problem_kinds as kinds
from app.api.problems import Refusal
from app.deadline import deadline
from app.errors import TryLater

_log = structlog.stdlib.get_logger("app.api")


class Gate:
    """Gives every request its deadline."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request in time; anything but HTTP passes through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = _Passage(receive, send)
        limit = asyncio.timeout(self._seconds)
        try:
            async with deadline(limit):
                await self._app(scope, passage.receive, passage.send)
        except TimeoutError:
            if not limit.expired():
                raise
            await passage.give_up(scope)


class _Passage:
    """How far a request has come."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._arriving = self._answering = False

    async def receive(self) -> Message:
        """Pass on a part of the body; remember whether we wait for one."""
        self._arriving = True
        message = await self._receive()
        self._arriving = False
        return message

    async def send(self, message: Message) -> None:
        """Pass on a part of the answer; remember that it has begun."""
        self._answering = True
        await self._send(message)

    async def give_up(self, scope: Scope) -> None:
        """Say that the time is over, if anything can still be said."""
        if self._answering:
            _log.warning("answer_cut_off")
            return
        request = Request(scope)
        answer = await request.app.exception_handlers[Refusal](request, self._refusal())
        await answer(scope, self._receive, self._send)

    def _refusal(self) -> Refusal:
        """Whose fault it was decides: a body that dribbles in, or a service that is slow."""
        if self._arriving:
            # The rest of the body may never come: the connection is of no further use.
            return Refusal(kinds.BODY_TOO_SLOW, headers={"Connection": "close"})
        return Refusal(kinds.DEADLINE_EXCEEDED, headers={"Retry-After": str(TryLater.retry_after_seconds)})
