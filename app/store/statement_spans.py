"""The time that the database takes, statement by statement, when spans are recorded: without the statement itself."""

from typing import Any

from opentelemetry.trace import Span, StatusCode
from sqlalchemy import Connection, ExceptionContext, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from app import spans

_SPAN = "span"


def watch(engine: AsyncEngine) -> None:
    """Record a span for every statement of the engine; without a collector, change nothing."""
    if spans.on():
        event.listen(engine.sync_engine, "before_cursor_execute", _begin)
        event.listen(engine.sync_engine, "after_cursor_execute", _end)
        event.listen(engine.sync_engine, "handle_error", _fail)
        event.listen(engine.sync_engine, "invalidate", _cut)


def _begin(connection: Connection, *_: Any) -> None:
    connection.info[_SPAN] = spans.begin("database statement", {"db.system.name": "postgresql"})


def _end(connection: Connection, *_: Any) -> None:
    span: Span | None = connection.info.pop(_SPAN, None)
    if span is not None:
        span.end()


def _fail(failure: ExceptionContext) -> None:
    if failure.connection is not None:
        _end_badly(failure.connection.info)


def _cut(_dbapi_connection: Any, entry: ConnectionPoolEntry, _fault: BaseException | None) -> None:
    """A request that was given up takes its connection with it."""
    _end_badly(entry.info)


def _end_badly(info: dict[Any, Any]) -> None:
    span: Span | None = info.pop(_SPAN, None)
    if span is not None:
        span.set_status(StatusCode.ERROR)
        span.end()
