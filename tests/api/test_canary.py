"""Nothing that was sent is seen again where it does not belong: in no log line, metric, trace or refusal.

The requests are made from the contract, so that a new operation is tried without a new test.
"""

import io
import json
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import text

from app.commands.bounded_http import bounded
from app.log import configure_log
from app.store.engine import Database
from tests.api.canaries import NAME, SEEN_NOWHERE, WORD, Sent, requests
from tests.api.conftest import posted
from tests.builders import body
from tests.spans import Recorder, recorded

TELL = (
    "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'row %', NEW; END $$",
    "CREATE TRIGGER tell BEFORE INSERT ON episodes FOR EACH ROW EXECUTE FUNCTION tell()",
)
TELL_NO_MORE = ("DROP TRIGGER tell ON episodes", "DROP FUNCTION tell()")


def canaries_in(text: str, *others: str) -> list[str]:
    """Return which canaries a text holds, however it is written."""
    return [one for one in (*SEEN_NOWHERE, *others) if one.lower() in text.lower()]


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """Receives every span while the test runs."""
    with recorded() as seen:
        yield seen


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, log_as_before: None) -> io.StringIO:
    """The log of a service that writes everything it can."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_log("debug")
    return stream


async def send(client: httpx.AsyncClient, sent: Sent) -> httpx.Response:
    return await client.request(sent.method, sent.path, content=sent.content, headers=sent.headers)


def repeated(answer: httpx.Response, *allowed: str) -> list[str]:
    """Return which canaries a refusal repeats, in its headers or its body."""
    shown = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()) + answer.text
    return [one for one in canaries_in(shown, NAME) if one not in allowed]


async def test_nothing_that_was_sent_is_seen_again_where_it_does_not_belong(
    stored: httpx.AsyncClient, written: io.StringIO, recorder: Recorder
) -> None:
    created = (await stored.post("/v1/episodes", **posted(body()))).json()
    contract = (await stored.get("/openapi.json")).json()
    statuses: Counter[int] = Counter()
    repeats: set[str] = set()
    for sent in requests(contract, (created["episode"]["id"], created["plan"]["id"])):
        answer = await send(stored, sent)
        statuses[answer.status_code] += 1
        if answer.is_error and repeated(answer, NAME):
            repeats.add(f"{sent.method} {sent.path}: {answer.text}")
    assert repeats == set()
    lines, spans = len(written.getvalue().splitlines()), len(recorder.all())
    print(
        f"\n{statuses.total()} requests, {sum(statuses[one] for one in statuses if one >= 400)} of them refused;",
        end=" ",
    )
    print(f"{lines} log lines and {spans} spans read")
    assert statuses.keys() >= {200, 201, 400, 401, 404, 405, 406, 413, 415, 422}
    assert {status for status in statuses if status >= 500} == set()
    assert lines > 500
    assert canaries_in(written.getvalue(), NAME) == []
    assert canaries_in((await stored.get("/metrics")).text, NAME) == []
    assert spans > 500
    assert canaries_in(recorder.told(), NAME) == []


async def test_a_fault_of_the_database_that_tells_a_row_is_not_told_on(
    stored: httpx.AsyncClient,
    database: Database,
    written: io.StringIO,
    recorder: Recorder,
) -> None:
    await execute(database, *TELL)
    try:
        answer = await stored.post("/v1/episodes", **posted(body(patient={"reference": WORD})))
    finally:
        await execute(database, *TELL_NO_MORE)
    assert answer.status_code == 500
    assert repeated(answer) == []
    assert "unforeseen_error" in written.getvalue()
    assert canaries_in(written.getvalue()) == []
    assert canaries_in(recorder.told()) == []


async def execute(database: Database, *statements: str) -> None:
    async with database.owner() as connection:
        for statement in statements:
            await connection.execute(text(statement))


@contextmanager
def listening(app: FastAPI) -> Iterator[int]:
    """Serve `app` as the command line does and lend the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        options = {"http": bounded(4096, 2), "ws": "none", "lifespan": "off", "server_header": False}
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


RAW = [
    f"GET /{WORD} HTTP/1.1\r\nHost: {WORD}\r\n\r\n",
    f"{WORD}\r\n\r\n",
    f"GET / HTTP/1.1\r\n{WORD} {WORD}: x\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nX-{WORD}: {WORD * 1000}\r\n\r\n",
    f"GET /{WORD}?{WORD} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: {WORD}\r\n\r\n",
    f"CONNECT {WORD}:443 HTTP/1.1\r\nHost: {WORD}\r\n\r\n",
    f"POST /v1/tapers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{WORD}\r\n",
]


def test_nothing_of_what_is_no_request_is_seen_again(app: FastAPI, written: io.StringIO) -> None:
    answers = []
    with listening(app) as port:
        for sent in RAW:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(sent.encode())
                connection.shutdown(socket.SHUT_WR)
                answers.append(b"".join(iter(lambda: connection.recv(65_536), b"")).decode())
    assert all(answers[:-1])
    assert canaries_in(json.dumps(answers)) == []
    assert canaries_in(written.getvalue()) == []
