"""The keys of an issuer's published key set (RFC 7517) that may check signatures, each under its id and algorithm.

Algorithm and kind of key belong together here, so that a token cannot choose how its key is read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

PublicKey = EllipticCurvePublicKey | RSAPublicKey
Keys = Mapping[tuple[str, str], PublicKey]
"""Key id and algorithm to key."""

_READERS = {"EC": ECAlgorithm.from_jwk, "RSA": RSAAlgorithm.from_jwk}
_OF_CURVE = {"secp256r1": ("ES256",), "secp384r1": ("ES384",)}
_OF_RSA = ("RS256", "RS384")
_SHORTEST_RSA_BITS = 2048


def read_keys(document: Any) -> Keys:
    """Return the usable keys of a key set; raise ValueError when the document is none."""
    published = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(published, list):
        raise ValueError("not a key set")  # noqa: TRY004 - wrong content, not a wrong call
    return dict(entry for jwk in published if _checks_signatures(jwk) for entry in _usable(jwk))


def _checks_signatures(jwk: Any) -> bool:
    """Tell whether a key has an id and is meant for checking signatures."""
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str):
        return False
    operations = jwk.get("key_ops", ["verify"])
    return jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations


def _usable(jwk: dict[str, Any]) -> Iterator[tuple[tuple[str, str], PublicKey]]:
    """Yield a public key under each algorithm; one that cannot be read, or is private, is left out."""
    try:
        key = _READERS[jwk["kty"]](jwk)
    except (jwt.PyJWTError, LookupError, TypeError, ValueError):
        return
    if isinstance(key, PublicKey):
        for algorithm in _algorithms(key):
            if jwk.get("alg", algorithm) == algorithm:
                yield (jwk["kid"], algorithm), key


def _algorithms(key: PublicKey) -> tuple[str, ...]:
    """Return the algorithms a key may be used with: none for another curve or a short RSA key."""
    if isinstance(key, EllipticCurvePublicKey):
        return _OF_CURVE.get(key.curve.name, ())
    return _OF_RSA if key.key_size >= _SHORTEST_RSA_BITS else ()
