"""The load generator against a real server on loopback: it counts whole answers and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

from bench.load import Round, Target, request, run

_ANSWER = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    """Answers every request in two pieces, so that an answer is not whole when its first bytes arrive."""

    def __init__(self) -> None:
        self.served = 0
        self.hangs_up = False
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer until the client hangs up, or hang up before."""
        with suppress(ConnectionError):
            while await reader.read(4096) and not self.hangs_up:
                self.served += 1
                for piece in (_ANSWER[:-2], _ANSWER[-2:]):
                    writer.write(piece)
                    await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    """A running server that has let go of its last connection when the test is over."""
    state, connections = Server(), set[asyncio.Task[None]]()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(asyncio.create_task(state.serve(reader, writer)))

    listener = await asyncio.start_server(accept, "127.0.0.1", 0)
    state.port = listener.sockets[0].getsockname()[1]
    async with listener:
        yield state
    await asyncio.gather(*connections)


async def load(server: Server, status: int) -> Round:
    target = Target("local", server.port, (request("GET", "/"),), status)
    return await asyncio.to_thread(run, target, 2, 0.05)


async def test_every_whole_answer_counts_once(server: Server) -> None:
    assert len((await load(server, 201)).latencies) == server.served


async def test_an_answer_with_another_status_stops_the_run(server: Server) -> None:
    with pytest.raises(RuntimeError, match="201 Created"):
        await load(server, 200)


async def test_a_server_that_hangs_up_stops_the_run(server: Server) -> None:
    server.hangs_up = True
    with pytest.raises(ConnectionError):
        await load(server, 201)


def test_a_request_says_how_long_its_body_is_and_who_sends_it() -> None:
    sent = request("POST", "/v1/episodes", b"{}", token="abc")
    assert b"\r\nContent-Length: 2\r\n" in sent
    assert b"\r\nAuthorization: Bearer abc\r\n" in sent
    assert sent.endswith(b"\r\n\r\n{}")
