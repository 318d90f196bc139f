"""What a driver's fault means for the service: it passes, the database is not set up, or we are wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncpg import InterfaceError, InternalClientError
from asyncpg.exceptions import DataError, InvalidCachedStatementError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.errors import StartError, Unavailable

NO_ANSWER = "The database does not answer."
_NO_ROLE = (
    "The service cannot work as its role in the database: run `python -m app migrate` as the owner of the tables, "
    "and grant rebound_service and rebound_steward to the user in DATABASE_URL."
)
_ROLE_REFUSED = frozenset({"22023", "42501"})
"""The role that a connection asks for is unknown, or its user is no member."""

# SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), whole or the class it begins with.
_PASSING = (
    "08",  # connection
    "25006",  # read-only transaction: a standby, or a server closed to writing
    "40",  # transaction rolled back: deadlock, serialization
    "53",  # no resources: disk full, out of memory, too many connections
    "55P03",  # a lock that was not to be had in time
    "57",  # operator intervention: shutdown, crash of another connection, starting up, cancelled
    "58",  # system error outside PostgreSQL: input and output
)
"""What passes by itself or when an operator has mended the server; the statement kept nothing."""

_PASSING_IN_THE_DRIVER = (InterfaceError, InternalClientError, InvalidCachedStatementError)
"""A connection that is lost, no server that takes writes, a prepared statement that a migration made invalid."""


@asynccontextmanager
async def translated_faults() -> AsyncIterator[None]:
    """Raise the service's own error for what a caller can do something about; let our own mistakes pass."""
    try:
        yield
    except (PoolTimeoutError, OSError) as fault:
        raise Unavailable(NO_ANSWER) from fault
    except DBAPIError as fault:
        cause = fault.orig.__cause__ if fault.orig else None
        state: str = getattr(cause, "sqlstate", None) or ""
        if _passes(cause, state) or fault.connection_invalidated:
            raise Unavailable(NO_ANSWER) from fault
        if fault.statement is None and state in _ROLE_REFUSED:  # nothing was sent yet: the connection itself failed
            raise StartError(_NO_ROLE) from fault
        raise


def _passes(cause: BaseException | None, state: str) -> bool:
    if isinstance(cause, DataError):  # to the driver a kind of InterfaceError: a value that no column holds
        return False
    return isinstance(cause, _PASSING_IN_THE_DRIVER) or state.startswith(_PASSING)
