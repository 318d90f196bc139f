"""Print a token for trying the service out."""

import argparse

from app.api.development import issue_token
from app.errors import StartError
from app.settings import Settings


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Print a new token of the development issuer; it is also left in DATA_DIR/token."""
    print(development_token(settings))
    return 0


def development_token(settings: Settings) -> str:
    """Return a new token, unless another issuer's tokens are the ones accepted."""
    if settings.issuers:
        raise StartError("JWT_ISSUER or MORE_ISSUERS is set: ask that issuer for a token.")
    return issue_token(settings)
