"""What is measured, started on loopback for one run and stopped after it: PostgreSQL, the service, the bare app."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.store.embedded import EmbeddedPostgres
from bench.load import HOST

ROOT = Path(__file__).resolve().parents[1]
_UVICORN = (
    "uvicorn",
    "bench.reference:app",
    "--loop",
    "uvloop",
    "--http",
    "httptools",
    "--no-access-log",
    "--log-level",
    "warning",
)
_START_LIMIT_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Server:
    """A running process that answers on `port`."""

    port: int
    pid: int
    seconds_to_ready: float

    def call(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Send one request and insist on success."""
        return httpx.request(method, f"http://{HOST}:{self.port}{path}", timeout=10, **how).raise_for_status()

    def memory(self) -> float:
        """Return the resident memory in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found.group(1)) / 1024 if found else 0.0


@contextmanager
def postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """Run a PostgreSQL of its own with the durability settings it ships with, and two empty databases."""
    server = EmbeddedPostgres(folder)
    try:
        asyncio.run(_create_databases(server.url()))
        yield server
    finally:
        server.stop()


async def _create_databases(url: str) -> None:
    engine = create_async_engine(_with_driver(url), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("CREATE DATABASE bare"))
        await connection.execute(text("CREATE DATABASE service"))
    await engine.dispose()


@contextmanager
def bare_app(database: str) -> Iterator[Server]:
    """Run the bare app on an empty database."""
    port = free_port()
    environment = {"REFERENCE_DSN": _with_driver(database)}
    with started((*_UVICORN, "--port", str(port)), port, environment) as server:
        yield server


@contextmanager
def service(database: str, data: Path) -> Iterator[Server]:
    """Migrate a database and run the service on it, one process, as `make run` would."""
    port = free_port()
    environment = {"DATABASE_URL": database, "DATA_DIR": str(data), "PORT": str(port), "LOG_LEVEL": "warning"}
    subprocess.run((sys.executable, "-m", "app", "migrate"), cwd=ROOT, env=os.environ | environment, check=True)
    with started(("app", "serve"), port, environment) as server:
        yield server


@contextmanager
def started(module: tuple[str, ...], port: int, environment: dict[str, str]) -> Iterator[Server]:
    """Run `python -m module` until the block ends; the block begins when it is ready on `port`."""
    start = time.perf_counter()
    process = subprocess.Popen((sys.executable, "-m", *module), cwd=ROOT, env=os.environ | environment)
    try:
        _wait(process, port)
        yield Server(port, process.pid, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    limit = time.monotonic() + _START_LIMIT_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        try:
            if httpx.get(f"http://{HOST}:{port}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    message = f"{process.args!r} did not become ready"
    raise RuntimeError(message)


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
