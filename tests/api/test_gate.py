"""How long a request may take, seen from outside."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from app.api.envelope import Envelope
from app.api.error_answers import answer_errors
from app.api.gate import Gate
from app.deadline import past_recall

SOON = 0.05


def application(endpoint: Callable[..., Any], seconds: float = SOON) -> FastAPI:
    """Return an application with one address behind the gate."""
    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
    app.post("/")(endpoint)
    answer_errors(app, [])
    app.add_middleware(Gate, seconds=seconds)
    app.add_middleware(Envelope)
    return app


def caller(endpoint: Callable[..., Any], seconds: float = SOON) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(application(endpoint, seconds))
    return httpx.AsyncClient(transport=transport, base_url="http://doors")


async def sleep() -> None:
    await asyncio.sleep(60)


async def write() -> Response:
    past_recall()
    await asyncio.sleep(SOON * 4)
    return PlainTextResponse("kept")


async def fail() -> None:
    raise TimeoutError


async def read(request: Request) -> Response:
    return PlainTextResponse(await request.body())


async def test_a_request_that_takes_too_long_is_told_to_come_back() -> None:
    async with caller(sleep) as client:
        answer = await client.post("/")
    assert (answer.status_code, answer.json()["code"]) == (503, "DEADLINE_EXCEEDED")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


async def test_a_request_whose_write_is_final_gets_its_answer_however_late() -> None:
    async with caller(write) as client:
        answer = await client.post("/")
    assert (answer.status_code, answer.text) == (200, "kept")


async def test_a_timeout_of_something_else_is_an_internal_error() -> None:
    async with caller(fail, seconds=60) as client:
        answer = await client.post("/")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")


async def test_a_body_that_dribbles_in_is_refused_and_the_connection_closed() -> None:
    sent = await answered(read)
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert b"BODY_TOO_SLOW" in sent[1]["body"]


async def answered(endpoint: Callable[..., Any]) -> list[Message]:
    """Return what is answered to a body of two parts and a third one that never comes."""
    sent: list[Message] = []
    parts = iter([b"{", b" "])

    async def receive() -> Message:
        part = next(parts, None)
        if part is None:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": part, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    await application(endpoint)(scope(), receive, send)
    return sent


def scope() -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "asgi": {"version": "3.0"},
    }


async def test_an_answer_that_has_begun_is_cut_off() -> None:
    async def dribble() -> Response:
        async def parts() -> Any:
            yield b"begun"
            await asyncio.sleep(60)
            yield b"never"

        return StreamingResponse(parts())

    start, *bodies = await answered(dribble)
    assert start["status"] == 200
    assert [body["body"] for body in bodies] == [b"begun"]
    assert bodies[0]["more_body"]


async def test_what_is_not_http_passes_untouched() -> None:
    seen: list[Scope] = []

    async def lasting(scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(SOON * 2)
        seen.append(scope)

    await Gate(lasting, SOON)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert seen == [{"type": "lifespan"}]


@pytest.mark.parametrize("endpoint", [sleep, write])
async def test_requests_at_the_same_time_have_deadlines_of_their_own(endpoint: Callable[..., Any]) -> None:
    async with caller(endpoint) as client:
        answers = await asyncio.gather(*(client.post("/") for _ in range(20)))
    assert len({answer.status_code for answer in answers}) == 1
