"""Who is calling, for which tenant, and whether the token's scopes allow it.

Whatever is wrong with a token, the answer is the same; the reason stands in the log as a code.
"""

from typing import Annotated, Any

import structlog
from fastapi import Request, Security
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase

from app.api import scopes
from app.api.problem_kinds import MISSING_SCOPE, UNAUTHENTICATED
from app.api.problems import Refusal
from app.api.rate_limit import RateLimit, address_of, name_of
from app.api.tokens import BadToken, Caller, TokenVerifier

HOOK_ALGORITHMS = ("ES384", "RS384")
"""CDS Hooks 2.0.1 asks for these two, and our hook routes accept no other."""

ALGORITHMS = (*HOOK_ALGORITHMS, "ES256", "RS256")
"""Asymmetric only: a shared secret would let every verifier issue tokens."""

_HOOKS = "/cds-services/"
_log = structlog.stdlib.get_logger("app.api")


class _Bearer(SecurityBase):
    """The security scheme of the contract, and the dependency that enforces it."""

    def __init__(self) -> None:
        self.scheme_name = "token"
        self.model = HTTPBearerModel(
            bearerFormat="JWT", description="Access token of the configured issuer. Each operation names its scope."
        )

    async def __call__(self, request: Request, needed: SecurityScopes) -> Caller:
        """Return the caller, or refuse with 401, 403 or 429; 503 when the issuer's keys cannot be had."""
        caller = await _verified(request)
        if not caller.scopes.issuperset(needed.scopes):
            raise _missing_scope(needed.scope_str)
        return caller


async def _verified(request: Request) -> Caller:
    """Return who asks, unless he asks too often; the limit counts him by name, or by address without a valid token."""
    verifier: TokenVerifier = request.app.state.verifier
    limit: RateLimit = request.app.state.rate_limit
    try:
        caller = await verifier.verify(_token(request), _algorithms(request))
    except BadToken as bad:
        limit.spend(address_of(request))
        _log.info("token_refused", code=bad.reason)
        raise _unauthenticated() from None
    limit.spend(name_of(caller))
    return caller


_bearer = _Bearer()


def _needs(scope: str) -> Any:
    return Security(_bearer, scopes=[scope])


EpisodesReader = Annotated[Caller, _needs(scopes.EPISODES_READ)]
EpisodesWriter = Annotated[Caller, _needs(scopes.EPISODES_WRITE)]
PlansReader = Annotated[Caller, _needs(scopes.PLANS_READ)]
PlansDecider = Annotated[Caller, _needs(scopes.PLANS_DECIDE)]
KnowledgeReader = Annotated[Caller, _needs(scopes.KNOWLEDGE_READ)]
AuditReader = Annotated[Caller, _needs(scopes.AUDIT_READ)]
OpsReader = Annotated[Caller, _needs(scopes.OPS_READ)]


def _token(request: Request) -> str:
    sent = request.headers.getlist("authorization")
    scheme, _, token = sent[0].partition(" ") if len(sent) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise BadToken("NO_TOKEN")
    return token.strip()


def _algorithms(request: Request) -> tuple[str, ...]:
    """Follow the route's own path: no hook can forget to be strict."""
    is_hook = request.scope["route"].path.startswith(_HOOKS)
    return HOOK_ALGORITHMS if is_hook else ALGORITHMS


def _unauthenticated() -> Refusal:
    return Refusal(UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="rebound"'})


def _missing_scope(scope: str) -> Refusal:
    challenge = f'Bearer realm="rebound", error="insufficient_scope", scope="{scope}"'
    return Refusal(MISSING_SCOPE, headers={"WWW-Authenticate": challenge})
