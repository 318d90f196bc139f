"""A PostgreSQL of a test's own: real processes that may be killed, frozen and started again."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil

from app.errors import Unavailable
from app.store.embedded import EmbeddedPostgres
from tests.store.database import execute, opened

DATABASE = "faults"
_LIMIT_SECONDS = 180
_LOOK_AGAIN_SECONDS = 0.05


class Cluster:
    """A server on `folder`, not yet started, without a database and with durability as PostgreSQL ships it."""

    def __init__(self, folder: Path) -> None:
        embedded = EmbeddedPostgres(folder)
        self._programs: Path = embedded._server.bin_path
        embedded.stop()
        self.data = folder / "postgres"
        # PostgreSQL refuses to run as root.
        self._owner = None if os.geteuid() else self.data.stat().st_uid
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = DATABASE) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.data), safe='')}"

    def start(self) -> None:
        """Start the server and return when it has recovered and answers; one that gives up is started again."""
        asyncio.run(self._answer())

    def stop(self) -> None:
        """Stop the server as an operator would."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill every process of the server, as a lost machine would."""
        self._main.suspend()  # so that it starts none while they are counted
        others = self._main.children()
        self._end(signal.SIGKILL)
        for process in others:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        assert psutil.wait_procs(others, timeout=_LIMIT_SECONDS)[1] == []

    def stop_immediately(self) -> None:
        """Let the server drop everything without a checkpoint."""
        others = self._main.children()
        self._end(signal.SIGQUIT)
        assert psutil.wait_procs(others, timeout=_LIMIT_SECONDS)[1] == []

    def kill_backend(self) -> None:
        """Kill one process that serves a connection; the server then throws out all of them and recovers by itself."""
        with suppress(psutil.NoSuchProcess):
            next(one for one in self._main.children() if f" {DATABASE} " in " ".join(one.cmdline())).kill()

    def freeze(self) -> None:
        """Halt every process where it is: connections stay open and nobody answers."""
        for process in (self._main, *self._main.children()):
            process.suspend()

    def thaw(self) -> None:
        """Let a frozen server go on."""
        for process in (self._main, *self._main.children()):
            process.resume()

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Hold a table against everybody while the block lasts."""
        command = (self._programs / "psql", "--no-psqlrc", "--quiet", self.url())
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdin is not None
            assert holder.stdout is not None
            print(f"BEGIN; LOCK TABLE {table}; SELECT 'held';", file=holder.stdin, flush=True)
            assert any("held" in line for line in holder.stdout)
            yield
            holder.stdin.close()

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Let every new episode take that long to write while the block lasts."""
        nap = f"BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END"
        self.execute(
            f"CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS $${nap}$$",
            "CREATE TRIGGER nap BEFORE INSERT ON episodes FOR EACH ROW EXECUTE FUNCTION nap()",
        )
        try:
            yield
        finally:
            self.execute("DROP TRIGGER nap ON episodes", "DROP FUNCTION nap()")

    def execute(self, *statements: str) -> None:
        """Run statements one by one as the owner of everything."""
        asyncio.run(execute(self.url(), *statements))

    def run(self, program: str, *options: str) -> "subprocess.CompletedProcess[str]":
        """Run one of PostgreSQL's own programs."""
        return subprocess.run((self._programs / program, *options), capture_output=True, text=True, check=False)

    @property
    def _main(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    async def _answer(self) -> None:
        database = opened(self.url("postgres"))
        limit = time.monotonic() + _LIMIT_SECONDS
        while True:
            self._launch()
            try:
                await database.ping()
                return await database.close()
            except Unavailable:
                assert time.monotonic() < limit, "the server did not start"
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    def _launch(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        command = (self._programs / "postgres", "-D", self.data, "-k", self.data, "-h", "")
        with (self.data / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, user=self._owner)
        self.starts += 1

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=_LIMIT_SECONDS)
