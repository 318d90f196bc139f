"""Where the time of a request went, told to an OpenTelemetry collector when one is configured.

Off by default, and then nothing is imported or recorded. A span holds a name, a method, the template of a route, a
status and the type of an error: no address, no header, no statement, no message, nothing that was sent.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import Span, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app import __version__
from app.errors import StartError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

_PARENT = TraceContextTextMapPropagator()
_MISSING = "OTEL_EXPORTER_OTLP_ENDPOINT needs the extra `otel`: install it, or unset the variable."
_tracer: Tracer | None = None


def export_to(endpoint: str) -> Callable[[], None]:
    """Send spans to the collector at `endpoint` (OTLP over HTTP); return what sends the last ones and ends it."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as fault:
        raise StartError(_MISSING) from fault
    return record_with(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))


def record_with(processor: "SpanProcessor") -> Callable[[], None]:
    """Record spans and hand them to a processor; return what ends it."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": "rebound", "service.version": __version__}))
    provider.add_span_processor(processor)
    _use(provider.get_tracer("rebound", __version__))

    def end() -> None:
        _use(None)
        provider.shutdown()

    return end


def _use(tracer: Tracer | None) -> None:
    global _tracer  # noqa: PLW0603 - one process tells one collector, like its log
    _tracer = tracer


def on() -> bool:
    """Tell whether spans are recorded."""
    return _tracer is not None


def span(name: str) -> AbstractContextManager[Span | None]:
    """Record the time of a block under the present span."""
    return _started(name, SpanKind.INTERNAL)


def begin(name: str, attributes: Mapping[str, str]) -> Span | None:
    """Begin a span for a call to another system; whoever began it ends it."""
    return None if _tracer is None else _tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes)


def server_span(headers: Mapping[str, str]) -> AbstractContextManager[Span | None]:
    """Record the time of a request, under the span that `traceparent` names if there is one."""
    if _tracer is None:
        return nullcontext()
    return _started("request", SpanKind.SERVER, context=_PARENT.extract(headers))


def _started(name: str, kind: SpanKind, **options: Any) -> AbstractContextManager[Span | None]:
    if _tracer is None:
        return nullcontext()
    # An exception's message may hold what was sent: the span gets its type alone, from whoever knows the outcome.
    return _tracer.start_as_current_span(
        name, kind=kind, record_exception=False, set_status_on_exception=False, **options
    )
