"""Swagger UI and the contract, served from this machine only: no address outside this service, no inline script."""

from importlib.resources import files
from importlib.resources.abc import Traversable

import fastapi_swagger.resources  # type: ignore[import-untyped]
from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api.contract import JSON
from app.api.problem_kinds import NOT_FOUND
from app.api.problems import Refusal

router = APIRouter(include_in_schema=False)

_OURS = files("app.api").joinpath("pages")
_SWAGGER = files(fastapi_swagger.resources)
_ASSETS: dict[str, tuple[Traversable, str]] = {
    "start.js": (_OURS.joinpath("start.js"), "text/javascript"),
    "swagger-ui-bundle.js": (_SWAGGER.joinpath("swagger-ui-bundle.js"), "text/javascript"),
    "swagger-ui.css": (_SWAGGER.joinpath("swagger-ui.css"), "text/css"),
    "favicon-32x32.png": (_SWAGGER.joinpath("favicon-32x32.png"), "image/png"),
}

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Everything from this service alone; `data:` admits the icons inside the style sheet."""


@router.get("/docs")
async def answer_docs() -> Response:
    """Return the interactive documentation."""
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-cache"}
    return Response(_OURS.joinpath("swagger.html").read_bytes(), headers=headers, media_type="text/html")


@router.get("/docs/{name}")
async def answer_asset(name: str) -> Response:
    """Return a file of the documentation page."""
    if name not in _ASSETS:
        raise Refusal(NOT_FOUND)
    source, media_type = _ASSETS[name]
    return Response(source.read_bytes(), headers={"Cache-Control": "max-age=3600"}, media_type=media_type)


@router.get("/openapi.json")
async def answer_contract(request: Request) -> Response:
    """Return the contract as JSON."""
    return Response(request.app.state.contract, headers={"Cache-Control": "no-cache"}, media_type=JSON)
