"""Who is calling, for which tenant, and whether the token's scopes allow it (OAuth 2 bearer JWT).

Where keys come from is a `KeySource`: the development issuer's own pair, or an issuer's published key set.
"""

import time
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from fastapi import Request, Security
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase

from app.api.problem_kinds import MISSING_SCOPE, UNAUTHENTICATED
from app.api.problems import Refusal

Key = EllipticCurvePublicKey | jwt.PyJWK

ALGORITHMS = ("ES256", "ES384", "PS256", "RS256")
"""Asymmetric only: a shared secret would let every verifier issue tokens."""

LEEWAY_SECONDS = 60
_REMEMBERED_TOKENS = 1024
_REMEMBERED_SECONDS = 300
_LONGEST_TENANT = 64


@dataclass(frozen=True, slots=True)
class Caller:
    """The verified claims the service acts on."""

    subject: str
    tenant: str
    scopes: frozenset[str]


_NOBODY: tuple[Caller | None, float] = (None, 0.0)


class KeySource(Protocol):
    """Finds the public key that a token names."""

    async def key(self, key_id: str | None) -> Key:
        """Return the key; raise LookupError when the issuer has no such key."""


@dataclass
class TokenVerifier:
    """Checks signature, issuer, audience, lifetime and tenant of a token.

    A signature costs about half a millisecond, so a verified token is remembered: until it expires, and never so
    long that a withdrawn key would matter.
    """

    keys: KeySource
    issuer: str
    audience: str
    tenant_claim: str
    _known: dict[str, tuple[Caller, float]] = field(default_factory=dict)

    async def verify(self, token: str) -> Caller:
        """Return the caller; raise one and the same Refusal whatever is wrong with the token."""
        known, until = self._known.get(token, _NOBODY)
        if known is not None and time.time() < until:
            return known
        try:
            return await self._read(token)
        except (jwt.PyJWTError, LookupError, TypeError, ValueError):
            raise _unauthenticated() from None

    async def _read(self, token: str) -> Caller:
        key = await self.keys.key(jwt.get_unverified_header(token).get("kid"))
        claims = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            issuer=self.issuer,
            audience=self.audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub", self.tenant_claim]},
        )
        caller = Caller(claims["sub"], _tenant(claims[self.tenant_claim]), _scopes(claims))
        self._remember(token, caller, float(claims["exp"]))
        return caller

    def _remember(self, token: str, caller: Caller, expires_at: float) -> None:
        if len(self._known) >= _REMEMBERED_TOKENS:
            self._known.clear()
        self._known[token] = caller, min(expires_at + LEEWAY_SECONDS, time.time() + _REMEMBERED_SECONDS)


class _Bearer(SecurityBase):
    """The security scheme of the contract, and the dependency that enforces it."""

    def __init__(self) -> None:
        self.scheme_name = "token"
        self.model = HTTPBearerModel(
            bearerFormat="JWT", description="Access token of the configured issuer. Each operation names its scope."
        )

    async def __call__(self, request: Request, needed: SecurityScopes) -> Caller:
        """Return the caller, or refuse with 401 or 403."""
        verifier: TokenVerifier = request.app.state.verifier
        caller = await verifier.verify(_token(request))
        if not caller.scopes.issuperset(needed.scopes):
            raise _missing_scope(needed.scope_str)
        return caller


_bearer = _Bearer()


def _needs(scope: str) -> Any:
    return Security(_bearer, scopes=[scope])


EpisodesReader = Annotated[Caller, _needs("episodes:read")]
EpisodesWriter = Annotated[Caller, _needs("episodes:write")]
PlansReader = Annotated[Caller, _needs("plans:read")]
PlansDecider = Annotated[Caller, _needs("plans:decide")]
KnowledgeReader = Annotated[Caller, _needs("knowledge:read")]


def _token(request: Request) -> str:
    sent = request.headers.getlist("authorization")
    scheme, _, token = sent[0].partition(" ") if len(sent) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token:
        raise _unauthenticated()
    return token.strip()


def _tenant(claim: Any) -> str:
    if not isinstance(claim, str) or not 0 < len(claim) <= _LONGEST_TENANT or not claim.isprintable():
        raise ValueError("tenant")
    return claim


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    """Return the scopes: `scope` is text with spaces (RFC 9068), some issuers send a list as `scp`."""
    granted = claims.get("scope", claims.get("scp", ""))
    return frozenset(granted.split() if isinstance(granted, str) else map(str, granted))


def _unauthenticated() -> Refusal:
    return Refusal(UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="rebound"'})


def _missing_scope(scope: str) -> Refusal:
    challenge = f'Bearer realm="rebound", error="insufficient_scope", scope="{scope}"'
    return Refusal(MISSING_SCOPE, headers={"WWW-Authenticate": challenge})
