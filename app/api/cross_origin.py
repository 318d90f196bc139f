"""Pages of other origins, let in only when a site names them: then a browser may call with a token of its own."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

_SENT = ("Authorization", "If-Match", "If-None-Match", "Idempotency-Key", "X-Request-Id", "traceparent")
_READ = ("ETag", "Location", "Retry-After", "WWW-Authenticate", "X-Request-Id")


def let_in(app: FastAPI, origins: tuple[str, ...]) -> None:
    """Let pages of these origins call `app`. No cookie is ever involved, so no credentials are allowed."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=("GET", "HEAD", "POST", "PATCH"),
        allow_headers=_SENT,
        expose_headers=_READ,
    )
