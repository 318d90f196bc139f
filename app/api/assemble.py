"""Where the doors are hung: routes, error answers, the envelope around them, and the contract they add up to."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import cache

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app import __version__
from app.api import docs, health, metrics, root
from app.api.cross_origin import let_in
from app.api.development import AUDIENCE, DevelopmentKeys
from app.api.envelope import ENCRYPTED_ONLY, SAFE_HEADERS, Envelope
from app.api.error_answers import answer_errors
from app.api.gate import Gate
from app.api.openapi import build_openapi
from app.api.rate_limit import RateLimit
from app.api.state import put_at_hand
from app.api.tokens import TokenVerifier, TrustedIssuer
from app.api.v1 import (
    assessments,
    audit_events,
    critiques,
    decisions,
    episodes,
    knowledge,
    plans,
    recommendations,
    replays,
    tapers,
    worklist,
)
from app.api.v1.knowledge_shelf import Shelf
from app.remote.jwks import PublishedKeys
from app.settings import DEVELOPMENT_ISSUER, Settings
from app.stopping import Stopping
from app.usecases.service import Service

TITLE = "Rebound"
_ROUTERS = (
    root.router,
    episodes.router,
    plans.router,
    replays.router,
    assessments.router,
    decisions.router,
    worklist.router,
    recommendations.router,
    tapers.router,
    critiques.router,
    audit_events.router,
    knowledge.router,
    health.router,
    metrics.router,
    docs.router,
)


def bare_app(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    """Return an application without any route, the framework's own included.

    The framework's telemetry stays off: it would tell addresses, queries and the messages of errors.
    """
    return FastAPI(
        title=TITLE,
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )


def build_routes(app: FastAPI, service: Service, settings: Settings) -> None:
    """Give every route to an application that has none."""
    _include(app)
    app.router.redirect_slashes = False
    answer_errors(app, [route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)])
    _surround(app, settings)
    put_at_hand(app, service, settings)
    app.state.shelf = Shelf(service.versions)
    app.state.verifier = _verifier(settings)
    app.state.rate_limit = RateLimit(settings.rate_limit_per_minute)
    app.state.stopping = Stopping(settings.shutdown_delay_seconds)
    app.state.contract = _contract()


def _include(app: FastAPI) -> None:
    for router in _ROUTERS:
        app.include_router(router)


@cache
def _contract() -> bytes:
    """Return the contract as JSON: no setting changes it, so that a process writes it once."""
    described = FastAPI(title=TITLE, version=__version__, openapi_url=None)
    _include(described)
    return json.dumps(build_openapi(described)).encode()


def _surround(app: FastAPI, settings: Settings) -> None:
    """Put what every request passes around the routes, from the inside to the outside."""
    app.add_middleware(Gate, seconds=settings.request_timeout_seconds)
    if settings.cors_origins:
        let_in(app, settings.cors_origins)
    headers = SAFE_HEADERS if settings.profile == "development" else SAFE_HEADERS | ENCRYPTED_ONLY
    app.add_middleware(Envelope, headers=headers)


def _verifier(settings: Settings) -> TokenVerifier:
    return TokenVerifier(_trusted(settings), settings.tenant_claim)


def _trusted(settings: Settings) -> list[TrustedIssuer]:
    """Return whose tokens count: the configured issuers, or the development issuer where there is none."""
    if not settings.issuers:
        return [TrustedIssuer(DEVELOPMENT_ISSUER, AUDIENCE, DevelopmentKeys(settings.data_dir))]
    return [TrustedIssuer(one.issuer, one.audience, PublishedKeys(str(one.jwks_url))) for one in settings.issuers]
