"""Spans recorded while a test runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app import spans


class Recorder:
    """Every span that ended so far."""

    def __init__(self, exporter: InMemorySpanExporter) -> None:
        self._exporter = exporter

    def named(self, name: str) -> list[ReadableSpan]:
        """Return the spans of a name."""
        return [one for one in self.all() if one.name == name]

    def all(self) -> tuple[ReadableSpan, ...]:
        """Return every span."""
        return self._exporter.get_finished_spans()

    def told(self) -> str:
        """Return everything that a collector would be told."""
        return "\n".join(one.to_json() for one in self.all())


@contextmanager
def recorded() -> Iterator[Recorder]:
    """Record spans while the block lasts."""
    exporter = InMemorySpanExporter()
    end = spans.record_with(SimpleSpanProcessor(exporter))
    try:
        yield Recorder(exporter)
    finally:
        end()
