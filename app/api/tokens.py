"""What makes a token good (OAuth 2 bearer JWT, RFC 7519, RFC 8725), and whom it stands for.

Where keys come from is a `KeySource`: the development issuer's own pair, or an issuer's published key set.
"""

import hashlib
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import jwt

from app.remote.keys import PublicKey

LEEWAY_SECONDS = 60
LONGEST_TOKEN = 8192
_REMEMBERED_TOKENS = 1024
_REMEMBERED_SECONDS = 300
_LONGEST_TENANT = 200
_LONGEST_SUBJECT = 255
_LAST_INSTANT = 253_402_300_799
"""The end of the year 9999; what lies behind it is no instant."""

_TYPES = {"jwt", "at+jwt", "application/jwt", "application/at+jwt"}
_REASONS: dict[type[Exception], str] = {
    jwt.ExpiredSignatureError: "EXPIRED",
    jwt.ImmatureSignatureError: "NOT_YET_VALID",
    jwt.InvalidAudienceError: "WRONG_AUDIENCE",
    jwt.InvalidSignatureError: "WRONG_SIGNATURE",
    jwt.MissingRequiredClaimError: "CLAIM_MISSING",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """The verified claims the service acts on."""

    subject: str
    tenant: str
    scopes: frozenset[str]
    client: str | None = None


class BadToken(Exception):  # noqa: N818 - what it is, not that it is an error
    """A token that is not accepted. The reason is a code for the log; whoever sent the token does not learn it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class KeySource(Protocol):
    """Finds the public key that a token names."""

    async def key(self, key_id: str, algorithm: str) -> PublicKey:
        """Return the key that fits the algorithm; raise LookupError when the issuer has no such key."""


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """Whose tokens are accepted: `iss` and `aud` as they must be, and the issuer's own keys."""

    name: str
    audience: str
    keys: KeySource


class _Remembered(NamedTuple):
    caller: Caller
    algorithm: str
    until: float


class TokenVerifier:
    """Checks signature, issuer, audience, lifetime, subject and tenant of a token.

    A signature costs about half a millisecond, so a verified token is remembered by its digest: until it expires,
    and never so long that a withdrawn key would matter.
    """

    def __init__(self, issuers: Iterable[TrustedIssuer], tenant_claim: str) -> None:
        self.issuers = {issuer.name: issuer for issuer in issuers}
        self.tenant_claim = tenant_claim
        self._remembered: dict[bytes, _Remembered] = {}

    async def verify(self, token: str, algorithms: Collection[str]) -> Caller:
        """Return the caller; raise BadToken, or Unavailable when there is no key because the issuer is gone."""
        if len(token) > LONGEST_TOKEN:
            raise BadToken("TOO_LONG")
        digest = hashlib.sha256(token.encode()).digest()
        known = self._remembered.get(digest)
        if known is not None and known.algorithm in algorithms and time.time() < known.until:
            return known.caller
        try:
            caller, algorithm, expires_at = await self._read(token, algorithms)
        except jwt.PyJWTError as fault:
            raise BadToken(_REASONS.get(type(fault), "MALFORMED")) from None
        self._remember(digest, _Remembered(caller, algorithm, expires_at + LEEWAY_SECONDS))
        return caller

    async def _read(self, token: str, algorithms: Collection[str]) -> tuple[Caller, str, float]:
        """Choose the key by what the token says of itself, then believe only what that key has signed."""
        unproven = jwt.decode_complete(token, options={"verify_signature": False})
        key_id, algorithm = _read_header(unproven["header"], algorithms)
        issuer = self._issuer(unproven["payload"].get("iss"))
        try:
            key = await issuer.keys.key(key_id, algorithm)
        except LookupError:
            raise BadToken("UNKNOWN_KEY") from None
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=issuer.name,
            audience=issuer.audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub", self.tenant_claim]},
        )
        _require_instants(claims)
        return self._caller(claims), algorithm, claims["exp"]

    def _issuer(self, name: object) -> TrustedIssuer:
        issuer = self.issuers.get(name) if isinstance(name, str) else None
        if issuer is None:
            raise BadToken("WRONG_ISSUER")
        return issuer

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        subject, tenant = claims["sub"], claims[self.tenant_claim]
        if not _is_name(subject, _LONGEST_SUBJECT):
            raise BadToken("WRONG_SUBJECT")
        if not _is_name(tenant, _LONGEST_TENANT):
            raise BadToken("WRONG_TENANT")
        return Caller(subject, tenant, _scopes(claims), _client(claims))

    def _remember(self, digest: bytes, seen: _Remembered) -> None:
        if len(self._remembered) >= _REMEMBERED_TOKENS:
            self._remembered.clear()
        self._remembered[digest] = seen._replace(until=min(seen.until, time.time() + _REMEMBERED_SECONDS))


def _read_header(header: Mapping[str, Any], algorithms: Collection[str]) -> tuple[str, str]:
    """Return key id and algorithm of a header; nothing else that it carries (`jwk`, `jku`, `x5u`) is looked at."""
    if "crit" in header:
        raise BadToken("CRITICAL_HEADER")
    if str(header.get("typ", "JWT")).lower() not in _TYPES:
        raise BadToken("WRONG_TYPE")
    if header.get("alg") not in algorithms:
        raise BadToken("WRONG_ALGORITHM")
    if "kid" not in header:
        raise BadToken("UNKNOWN_KEY")
    return header["kid"], header["alg"]


def _require_instants(claims: Mapping[str, Any]) -> None:
    """Refuse instants that the library would read from text, or that no clock reaches."""
    for name in {"exp", "nbf", "iat"} & claims.keys():
        if type(claims[name]) not in {int, float} or not 0 <= claims[name] <= _LAST_INSTANT:
            raise BadToken("MALFORMED")


def _is_name(claim: object, longest: int) -> bool:
    """Tell whether a claim is text that can be stored and written: no U+0000, no control, no half character."""
    return isinstance(claim, str) and 0 < len(claim) <= longest and claim.isprintable()


def _client(claims: Mapping[str, Any]) -> str | None:
    """Return the program the token was issued to: `client_id` (RFC 9068), some issuers send `azp`."""
    named = claims.get("client_id", claims.get("azp"))
    return named if _is_name(named, _LONGEST_SUBJECT) else None


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the scopes: `scope` is text with spaces (RFC 9068), some issuers send a list as `scp`."""
    granted = claims.get("scope", claims.get("scp", ""))
    scopes = granted.split() if isinstance(granted, str) else granted
    if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        raise BadToken("WRONG_SCOPE")
    return frozenset(scopes)
