"""What a driver's fault means for the service: the database does not answer, it is not set up, or we are wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.errors import StartError, Unavailable

NO_ANSWER = "The database does not answer."
_NO_ROLE = (
    "The service cannot work as its role in the database: run `python -m app migrate` as the owner of the tables, "
    "and grant rebound_service and rebound_steward to the user in DATABASE_URL."
)
_ROLE_REFUSED = frozenset({"22023", "42501"})
"""The role that a connection asks for is unknown, or its user is no member."""

_NOT_NOW = ("53", "57")
"""Classes of a server that is full, starting or stopping."""


@asynccontextmanager
async def translated_faults() -> AsyncIterator[None]:
    """Raise the service's own error for what a caller can do something about; let our own mistakes pass."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError, OSError) as fault:
        raise Unavailable(NO_ANSWER) from fault
    except DBAPIError as fault:
        if fault.connection_invalidated:
            raise Unavailable(NO_ANSWER) from fault
        if fault.statement is None:
            _refuse_connection(fault)
        raise


def _refuse_connection(fault: DBAPIError) -> None:
    """Nothing was sent yet: the connection itself failed."""
    code = getattr(fault.orig, "sqlstate", None) or ""
    if code in _ROLE_REFUSED:
        raise StartError(_NO_ROLE) from fault
    if code.startswith(_NOT_NOW):
        raise Unavailable(NO_ANSWER) from fault
