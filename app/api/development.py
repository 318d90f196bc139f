"""The development issuer: one key pair in the data directory and tokens signed with it.

It lets a first run work without an identity provider. The production profile does not start with it.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.api.scopes import ALL_SCOPES
from app.settings import DEVELOPMENT_ISSUER, Settings

AUDIENCE = "rebound"
LIFETIME_SECONDS = 7 * 24 * 60 * 60
_ALGORITHM = "ES384"


def issue_token(settings: Settings, *, scopes: Iterable[str] = ALL_SCOPES, tenant: str = "demo") -> str:
    """Return a new token for `tenant` and leave it, readable by the owner only, in `DATA_DIR/token`."""
    private, now = _private_key(settings.data_dir), int(time.time())
    claims = {
        "iss": DEVELOPMENT_ISSUER,
        "aud": AUDIENCE,
        "sub": "development",
        settings.tenant_claim: tenant,
        "scope": " ".join(scopes),
        "iat": now,
        "exp": now + LIFETIME_SECONDS,
        "jti": str(uuid4()),
    }
    token = jwt.encode(claims, private, _ALGORITHM, {"kid": _key_id(private.public_key())})
    _write_private(settings.data_dir / "token", token.encode())
    return token


class DevelopmentKeys:
    """The key source of the development issuer. The pair is made when first asked for."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    async def key(self, key_id: str, algorithm: str) -> ec.EllipticCurvePublicKey:
        """Return the public key when the token names it."""
        if (key_id, algorithm) != (_key_id(self._public), _ALGORITHM):
            raise LookupError
        return self._public

    @cached_property
    def _public(self) -> ec.EllipticCurvePublicKey:
        return _private_key(self._data_dir).public_key()


def _private_key(data_dir: Path) -> ec.EllipticCurvePrivateKey:
    path = data_dir / "development-key.pem"
    if not path.exists():
        _create_key(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(path.name)
    return key


def _create_key(path: Path) -> None:
    """Write a new key; of two processes that start together the first one wins."""
    key = ec.generate_private_key(ec.SECP384R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    _link_once(pem, path)


def _link_once(content: bytes, path: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent) as draft:  # made with mode 0600
        draft.write(content)
        draft.flush()
        try:
            os.link(draft.name, path)
        except FileExistsError:
            return


def _write_private(path: Path, content: bytes) -> None:
    """Replace a file as a whole, readable by the owner only."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(draft).replace(path)


def _key_id(public: ec.EllipticCurvePublicKey) -> str:
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:16]
