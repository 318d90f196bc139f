"""Where the doors are hung: routes, error answers, the envelope around them, and the contract they add up to."""

import json

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.api import docs, health, root
from app.api.development import AUDIENCE, DevelopmentKeys
from app.api.envelope import Envelope
from app.api.error_answers import answer_errors
from app.api.gate import Gate
from app.api.openapi import build_openapi
from app.api.state import put_at_hand
from app.api.tokens import TokenVerifier, TrustedIssuer
from app.api.v1 import (
    assessments,
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
from app.usecases.service import Service

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
    knowledge.router,
    health.router,
    docs.router,
)


def build_routes(app: FastAPI, service: Service, settings: Settings) -> None:
    """Give `app` every route. Make `app` with `openapi_url=None, docs_url=None, redoc_url=None`."""
    for router in _ROUTERS:
        app.include_router(router)
    app.router.redirect_slashes = False
    answer_errors(app, [route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)])
    app.add_middleware(Gate, seconds=settings.request_timeout_seconds)
    app.add_middleware(Envelope)
    put_at_hand(app, service, settings)
    app.state.shelf = Shelf(service.versions)
    app.state.verifier = _verifier(settings)
    app.state.contract = json.dumps(build_openapi(app)).encode()


def _verifier(settings: Settings) -> TokenVerifier:
    return TokenVerifier(_trusted(settings), settings.tenant_claim)


def _trusted(settings: Settings) -> list[TrustedIssuer]:
    """Return whose tokens count: the configured issuers, or the development issuer where there is none."""
    if not settings.issuers:
        return [TrustedIssuer(DEVELOPMENT_ISSUER, AUDIENCE, DevelopmentKeys(settings.data_dir))]
    return [TrustedIssuer(one.issuer, one.audience, PublishedKeys(str(one.jwks_url))) for one in settings.issuers]
