"""What surrounds every answer."""

from typing import Any

import httpx
import pytest
import structlog
from opentelemetry.trace import StatusCode
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from app.api import envelope
from app.api.envelope import SAFE_HEADERS, Envelope
from tests.api.conftest import posted
from tests.builders import body
from tests.spans import recorded

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


async def fine(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that tells its request id."""
    await PlainTextResponse(scope["state"]["request_id"])(scope, receive, send)


async def cached(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that sets a header of its own."""
    await PlainTextResponse("", headers={"Cache-Control": "max-age=60"})(scope, receive, send)


async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """An application that fails before it answers."""
    raise RuntimeError("patient data")


async def broken_late(_scope: Scope, _receive: Receive, send: Send) -> None:
    """An application that fails after it began to answer."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError("patient data")


def caller(application: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(Envelope(application)), base_url="http://doors")


@pytest.mark.parametrize("sent", ["abcdefgh", "A-b_c.1234", "x" * 64])
async def test_a_request_id_of_the_right_shape_is_kept(sent: str) -> None:
    async with caller(fine) as client:
        answer = await client.get("/", headers={"X-Request-Id": sent})
    assert answer.headers["X-Request-Id"] == answer.text == sent


@pytest.mark.parametrize("sent", ["", "short12", "x" * 65, "with space", "quote'quote", "a/b/c/d/e"])
async def test_a_request_id_of_another_shape_is_replaced(sent: str) -> None:
    async with caller(fine) as client:
        answer = await client.get("/", headers={"X-Request-Id": sent})
    assert answer.headers["X-Request-Id"] == answer.text != sent


async def test_every_request_gets_an_id_of_its_own() -> None:
    async with caller(fine) as client:
        assert (await client.get("/")).text != (await client.get("/")).text


async def test_safe_headers_are_on_every_answer() -> None:
    async with caller(fine) as client:
        answer = await client.get("/")
    assert {name: answer.headers[name] for name in SAFE_HEADERS} == SAFE_HEADERS


async def test_an_answer_may_set_its_own_value() -> None:
    async with caller(cached) as client:
        assert (await client.get("/")).headers["Cache-Control"] == "max-age=60"


async def test_an_unforeseen_error_is_a_problem_that_tells_nothing() -> None:
    async with caller(broken) as client:
        answer = await client.get("/", headers={"X-Request-Id": "request-1"})
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "INTERNAL_ERROR"
    assert answer.json()["request_id"] == "request-1"
    assert "patient" not in answer.text
    assert "Traceback" not in answer.text


async def test_an_error_after_the_answer_began_is_not_answered_twice() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await Envelope(broken_late)({"type": "http", "method": "GET", "headers": []}, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start"]


async def test_what_is_not_http_passes_untouched() -> None:
    seen: list[Scope] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    await Envelope(application)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert seen == [{"type": "lifespan"}]


@pytest.mark.parametrize(
    ("sent", "logged"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", TRACE),
        ("garbage", None),
        (f"00-{TRACE}", None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", None),
        (None, None),
    ],
)
async def test_a_trace_is_carried_into_the_log_when_it_is_well_formed(sent: str | None, logged: str | None) -> None:
    bound: list[dict[str, Any]] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        bound.append(structlog.contextvars.get_contextvars())
        await fine(scope, receive, send)

    async with caller(application) as client:
        await client.get("/", headers={} if sent is None else {"traceparent": sent})
    assert bound[0].get("trace_id") == logged


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> structlog.testing.CapturingLogger:
    """Receives the log lines of the envelope, however logging is set up by then."""
    capturing = structlog.testing.CapturingLogger()
    monkeypatch.setattr(envelope, "_log", structlog.wrap_logger(capturing, processors=[]))
    return capturing


async def test_the_log_line_has_the_route_and_never_the_address(log: structlog.testing.CapturingLogger) -> None:
    async with caller(fine) as client:
        await client.get("/v1/episodes?patient_reference=secret")
    (line,) = log.calls
    assert line.method_name == "info"
    assert {name: line.kwargs[name] for name in ("event", "method", "route", "status")} == {
        "event": "request",
        "method": "GET",
        "route": "unmatched",
        "status": 200,
    }
    assert "secret" not in repr(line)


async def test_an_unforeseen_error_is_logged_before_it_is_answered(log: structlog.testing.CapturingLogger) -> None:
    async with caller(broken) as client:
        await client.get("/")
    assert [line.kwargs["event"] for line in log.calls] == ["unforeseen_error", "request"]
    assert log.calls[1].kwargs["status"] == 500


async def test_head_answers_like_get_without_the_body() -> None:
    async with caller(fine) as client:
        got, head = await client.get("/"), await client.head("/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


async def test_head_is_logged_as_what_it_was(log: structlog.testing.CapturingLogger) -> None:
    async with caller(fine) as client:
        await client.head("/")
    assert log.calls[0].kwargs["method"] == "HEAD"


async def test_a_request_is_a_span_that_names_the_route_and_the_log_knows_its_trace(client: httpx.AsyncClient) -> None:
    bound: list[dict[str, Any]] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        bound.append(structlog.contextvars.get_contextvars())
        await fine(scope, receive, send)

    with recorded() as seen:
        async with caller(application) as outside:
            await outside.get("/")
        await client.get("/problems/NOT_FOUND?name=secret")
        await client.get("/secret")
    first, known, unknown = seen.all()
    assert bound[0]["trace_id"] == f"{first.context.trace_id:032x}"
    assert (known.name, unknown.name) == ("GET /problems/{code}", "GET unmatched")
    assert dict(known.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/problems/{code}",
        "http.response.status_code": 200,
    }
    assert "secret" not in seen.told()


async def test_a_span_of_a_request_that_failed_says_so_and_not_why() -> None:
    with recorded() as seen:
        async with caller(broken) as client:
            await client.get("/")
    (span,) = seen.all()
    assert span.status.status_code is StatusCode.ERROR
    assert "patient" not in seen.told()


async def test_a_decision_is_a_span_of_its_request(client: httpx.AsyncClient) -> None:
    with recorded() as seen:
        await client.post("/v1/recommendations", **posted(body()))
    (decided,), (request,) = seen.named("decide"), seen.named("POST /v1/recommendations")
    assert decided.parent is not None
    assert decided.parent.span_id == request.context.span_id
