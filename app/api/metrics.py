"""What the service counts about itself, for the platform's Prometheus: numbers only, nothing of patients or callers."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import RootModel

from app import __version__, meters
from app.api.auth import OpsReader
from app.api.contract import EXAMPLE_REFERENCE, refusals
from app.api.state import service_of
from app.usecases.service import Service

router = APIRouter(tags=["Operations"])

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class MetricsText(RootModel[str]):
    """Counters, gauges and histograms in the Prometheus text format, one line per value."""


_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Counters, gauges and histograms of the process that answered.",
        "content": {
            "text/plain": {
                "schema": {"$ref": "#/components/schemas/MetricsText"},
                "examples": {"typical": {"$ref": f"{EXAMPLE_REFERENCE}metrics"}},
            }
        },
    }
}


@router.get(
    "/metrics",
    operation_id="readMetrics",
    summary="What the service counts",
    responses=_ANSWER | refusals(),
    response_class=PlainTextResponse,
    response_model=None,
)
async def answer_metrics(request: Request, _caller: OpsReader) -> Response:
    """Return the metrics in the Prometheus text format. With several workers each answers for itself."""
    _read_gauges(service_of(request))
    return Response(meters.render(), media_type=_TEXT)


def _read_gauges(service: Service) -> None:
    line = service.database.line
    meters.pool_size.set(line.places)
    meters.pool_taken.set(line.taken)
    meters.pool_waiting.set(line.waiting)
    meters.build.labels(__version__, service.knowledge.manifest.version).set(1)
