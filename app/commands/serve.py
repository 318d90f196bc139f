"""Serve requests until the process is told to stop."""

import argparse
import signal
import sys
from typing import Any

import uvicorn

from app.api.development import issue_token
from app.commands.bounded_http import bounded
from app.settings import Settings


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Serve with the configured number of processes; requests under way are finished before it ends, with code 0.

    Without a configured issuer a token of the development issuer is left in DATA_DIR/token.
    """
    if not settings.issuers:
        issue_token(settings)
    # The server stops by itself and then raises the signal again for whoever else listens: that is the end, no fault.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run("app.main:create_app", factory=True, workers=settings.workers, **server_options(settings))
    return 0


def server_options(settings: Settings) -> dict[str, Any]:
    """Return how the server runs: the fast loop and parser, bounded, and our own log instead of the server's."""
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": bounded(settings.max_head_bytes, settings.request_timeout_seconds),
        "ws": "none",
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        # Nobody may say in a header where he comes from; who he is stands in his token.
        "proxy_headers": False,
        "timeout_graceful_shutdown": settings.shutdown_grace_seconds,
    }
