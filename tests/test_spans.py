"""Spans: nothing without a collector; with one, where the time went and nothing else."""

import builtins
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from typing import Any, ClassVar

import pytest
from opentelemetry.trace import SpanKind

from app import spans
from app.errors import StartError
from tests.spans import recorded

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_nothing_is_recorded_until_somebody_wants_it() -> None:
    assert not spans.on()
    with spans.span("decide") as one, spans.server_span({"traceparent": PARENT}) as other:
        assert one is other is None
    assert spans.begin("database statement", {}) is None


def test_a_span_stands_under_the_one_around_it() -> None:
    with recorded() as seen, spans.server_span({}), spans.span("decide"):
        pass
    (inner,), (outer,) = seen.named("decide"), seen.named("request")
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id
    assert (outer.kind, inner.kind) == (SpanKind.SERVER, SpanKind.INTERNAL)
    assert outer.parent is None


def test_a_request_goes_on_with_the_trace_of_its_caller() -> None:
    with recorded() as seen, spans.server_span({"traceparent": PARENT}):
        pass
    (span,) = seen.all()
    assert span.parent is not None
    assert f"{span.context.trace_id:032x}-{span.parent.span_id:016x}" == PARENT[3:52]


def test_the_message_of_an_error_is_not_told() -> None:
    with recorded() as seen, pytest.raises(LookupError), spans.span("decide"):
        raise LookupError("Jane Doe")
    assert "Jane" not in seen.told()


def test_a_span_names_the_service_and_its_version() -> None:
    with recorded() as seen, spans.span("decide"):
        pass
    assert seen.all()[0].resource.attributes["service.name"] == "rebound"


def test_nothing_is_recorded_any_more_after_the_end() -> None:
    with recorded() as seen:
        pass
    with spans.span("decide"):
        pass
    assert seen.all() == ()
    assert not spans.on()


def test_without_the_extra_a_configured_collector_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> ModuleType:
        if name.startswith("opentelemetry.exporter"):
            raise ImportError(name)
        return imported(name, *arguments, **options)

    for name in [name for name in sys.modules if name.startswith("opentelemetry.exporter")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StartError, match="extra `otel`"):
        spans.export_to("http://127.0.0.1:4318")
    assert not spans.on()


class Collector(BaseHTTPRequestHandler):
    """Takes what an exporter sends."""

    received: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        self.received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_a_collector_gets_the_last_spans_when_the_service_ends() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        end = spans.export_to(f"http://127.0.0.1:{collector.server_port}/")
        with spans.span("decide"):
            pass
        end()
        collector.shutdown()
        thread.join()
    ((path, sent),) = Collector.received
    assert path == "/v1/traces"
    assert b"decide" in sent
    assert b"rebound" in sent
