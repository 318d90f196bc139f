"""Serve requests until the process is told to stop."""

import argparse
from typing import Any

import uvicorn

from app.settings import Settings

_GRACE_SECONDS = 20


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Serve with the configured number of processes; requests under way are finished before it ends."""
    uvicorn.run("app.main:create_app", factory=True, workers=settings.workers, **server_options(settings))
    return 0


def server_options(settings: Settings) -> dict[str, Any]:
    """Return how the server runs: the fast loop and parser, and our own log instead of the server's."""
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": "httptools",
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": _GRACE_SECONDS,
    }
