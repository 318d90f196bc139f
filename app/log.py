"""Structured log: one JSON object per line, ids and measures only.

Patient data cannot slip in: a field that is not on the list is withheld and only its name is written, and an
exception is written as its type and the places it passed, never its message.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

FIELDS = frozenset(
    {
        "event",
        "level",
        "logger",
        "timestamp",
        "request_id",
        "trace_id",
        "tenant",
        "episode_id",
        "plan_id",
        "method",
        "route",
        "status",
        "code",
        "duration_ms",
        "error",
        "places",
        "version",
        "digest",
        "profile",
        "address",
        "seconds",
        "withheld",
    }
)
_Event = MutableMapping[str, Any]
_INTERNAL = ("_record", "_from_structlog")


def _keep_fields(_logger: Any, _method: str, event: _Event) -> _Event:
    """Drop every field that is not on the list and name what was dropped."""
    unlisted = sorted(name for name in event if name not in FIELDS and name not in _INTERNAL)
    for name in unlisted:
        del event[name]
    return {**event, "withheld": unlisted} if unlisted else event


def _describe_exception(_logger: Any, _method: str, event: _Event) -> _Event:
    """Replace an exception by its type and the places it passed; its message may hold what was sent."""
    raised = event.pop("exc_info", None)
    if not raised:
        return event
    kind, _, trace = raised if isinstance(raised, tuple) else sys.exc_info()
    if kind is None:
        return event
    return {**event, "error": kind.__qualname__, "places": _places(trace)}


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _describe_exception,
    _keep_fields,
]


def configure_log(level: str) -> None:
    """Send our own events and those of every library through the same list of fields to standard error."""
    structlog.configure(
        processors=[*_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def _formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_PROCESSORS,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
