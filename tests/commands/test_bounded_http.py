"""What the server reads before the doors do: bounded in length and time, and answered as everything else is."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.api.envelope import SAFE_HEADERS
from app.commands.bounded_http import bounded

LONGEST = 2048
PATIENCE = 0.5
PLAIN = b"GET / HTTP/1.1\r\nHost: doors\r\n\r\n"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer the names of the headers once the whole body is there."""
    while (await receive()).get("more_body"):
        pass
    await PlainTextResponse(b",".join(name for name, _ in scope["headers"]))(scope, receive, send)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        http: Any = bounded(LONGEST, PATIENCE)
        server = uvicorn.Server(
            uvicorn.Config(echo, log_config=None, http=http, ws="none", lifespan="off", server_header=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        yield connection


def answer_to(port: int, *parts: bytes) -> bytes:
    """Return everything that is answered until the server closes or has answered the last part."""
    with connected(port) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(0.05)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: received(connection), b""))


def received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65_536)
    except ConnectionResetError:
        return b""


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def padded(length: int) -> bytes:
    """Return a request whose address and headers are that long together."""
    filler = length - len(b"/" + b"Host" + b"doors" + b"X")
    return b"GET / HTTP/1.1\r\nHost: doors\r\nX: " + b"a" * filler + b"\r\n\r\n"


@pytest.mark.parametrize(("length", "expected"), [(LONGEST, 200), (LONGEST + 1, 431)])
def test_a_head_is_read_up_to_the_longest_length(port: int, length: int, expected: int) -> None:
    assert status(answer_to(port, padded(length))) == expected


def test_a_head_that_never_ends_is_refused_while_it_arrives(port: int) -> None:
    parts = [b"GET / HTTP/1.1\r\nX: ", *[b"a" * 1000] * 3]
    answer = answer_to(port, *parts)
    assert status(answer) == 431
    head, _, body = answer.partition(b"\r\n\r\n")
    assert json.loads(body)["code"] == "HEAD_TOO_LARGE"
    names = {line.partition(b":")[0].lower().decode() for line in head.splitlines()[1:]}
    assert names >= {name.lower() for name in SAFE_HEADERS} | {"x-request-id", "date"}
    assert "server" not in names


def test_an_address_that_is_too_long_is_refused(port: int) -> None:
    assert status(answer_to(port, b"GET /" + b"a" * LONGEST + b" HTTP/1.1\r\nHost: doors\r\n\r\n")) == 431


@pytest.mark.parametrize("sent", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: d"])
def test_a_head_that_dribbles_in_is_cut_off(port: int, sent: bytes) -> None:
    with connected(port) as connection:
        begun = time.monotonic()
        connection.sendall(sent)
        assert received(connection) == b""
        assert PATIENCE / 2 < time.monotonic() - begun < PATIENCE * 10


def test_a_head_that_dribbles_in_after_an_answer_is_cut_off(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(PLAIN)
        assert status(connection.recv(65_536)) == 200
        begun = time.monotonic()
        connection.sendall(b"GET / HT")
        assert received(connection) == b""
        assert time.monotonic() - begun < PATIENCE * 10


def test_a_body_may_take_longer_than_a_head(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: doors\r\nContent-Length: 2\r\n\r\na")
        time.sleep(PATIENCE * 2)
        connection.sendall(b"b")
        assert status(connection.recv(65_536)) == 200


def test_requests_on_one_connection_have_a_head_each(port: int) -> None:
    with connected(port) as connection:
        for _ in range(3):
            connection.sendall(padded(LONGEST - 10))
            assert status(connection.recv(65_536)) == 200


@pytest.mark.parametrize(
    "nonsense",
    [
        b"secret\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad header: secret\r\n\r\n",
        b"CONNECT secret:443 HTTP/1.1\r\nHost: secret\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_what_is_no_request_is_answered_as_a_problem_that_repeats_nothing(port: int, nonsense: bytes) -> None:
    answer = answer_to(port, nonsense)
    assert status(answer) == 400
    assert b"application/problem+json" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "BAD_REQUEST"
    assert b"secret" not in answer


def test_a_header_behind_the_body_is_not_taken_for_one(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: doors\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = answer_to(port, head + b"1\r\na\r\n", b"0\r\nAuthorization: Bearer late\r\n\r\n")
    assert status(answer) == 200
    assert b"authorization" not in answer


def test_a_client_that_offers_another_protocol_is_answered_in_this_one(port: int) -> None:
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n"
    answer = answer_to(port, b"POST / HTTP/1.1\r\nHost: doors\r\n" + offer + b"Content-Length: 2\r\n\r\nab")
    assert status(answer) == 200
    assert b"connection: close" in answer.lower()


def test_a_refusal_does_not_stand_where_an_earlier_request_waits_for_its_answer(port: int) -> None:
    unfinished = b"POST / HTTP/1.1\r\nHost: doors\r\nContent-Length: 5\r\n\r\nab"
    assert b" 431 " not in answer_to(port, unfinished, b"cde" + padded(LONGEST * 4))
