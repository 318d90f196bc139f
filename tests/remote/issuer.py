"""A token issuer on the loopback interface: publishes its keys over real HTTP, well or badly, and signs tokens."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from app.remote import jwks

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Manner = Callable[[BaseHTTPRequestHandler], None]

P384 = ec.generate_private_key(ec.SECP384R1())
P256 = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
PRIVATE: dict[str, PrivateKey] = {"ES384": P384, "RS384": RSA, "ES256": P256, "RS256": RSA}
"""A key that fits each accepted algorithm."""

AUDIENCE = "clinic"
PATH = "/keys"


def jwk(private: Any, key_id: str | None, **more: Any) -> dict[str, Any]:
    """Return the public half as an issuer publishes it; `more` adds or replaces members."""
    public = private.public_key()
    algorithm = ECAlgorithm if isinstance(public, ec.EllipticCurvePublicKey) else RSAAlgorithm
    bare = {name: value for name, value in algorithm.to_jwk(public, as_dict=True).items() if name != "key_ops"}
    return bare | ({} if key_id is None else {"kid": key_id}) | more


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Send a whole answer."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte at a time, so that no single wait is long."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def flood(handler: BaseHTTPRequestHandler) -> None:
    """Send far more than any key set, without saying how much."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" " * 65_536)


class Issuer:
    """Publishes `keys` in its `manner` while it is up, and remembers which paths were asked for."""

    def __init__(self) -> None:
        self.keys: list[Any] = [jwk(P384, "ES384"), jwk(RSA, "RS384"), jwk(P256, "ES256"), jwk(RSA, "RS256")]
        self.manner: Manner = self.publish
        self.asked: list[str] = []
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        return self.address + PATH

    def publish(self, handler: BaseHTTPRequestHandler) -> None:
        reply(handler, json.dumps({"keys": self.keys}).encode())

    def come_up(self) -> None:
        """Listen, after the first time on the same port again."""
        self._server = _Server(("127.0.0.1", self._port), self._handler())
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}).start()

    def go_down(self) -> None:
        """Listen no longer: a connection is refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def token(self, key_id: str = "ES384", private: Any = None, **changes: Any) -> str:
        """Return a good token with changed claims; None removes one. A key id that is an algorithm chooses it."""
        algorithm = key_id if key_id in PRIVATE else "ES384"
        key = PRIVATE[algorithm] if private is None else private
        return sign({"iss": self.address, "aud": AUDIENCE, **changes}, key, algorithm, {"kid": key_id})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                with suppress(ConnectionError):  # the caller may hang up on an answer that is too long
                    issuer.manner(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = False


def sign(changes: dict[str, Any], key: Any, algorithm: str, headers: dict[str, Any]) -> str:
    """Return a token with good claims but for `changes`; None removes a claim, a time span counts from now."""
    claims = {
        "iss": "issuer",
        "aud": "rebound",
        "sub": "system-1",
        "tenant_id": "clinic",
        "scope": "plans:read knowledge:read",
        "iat": int(time.time()),
        "exp": int(time.time()) + 600,
    } | changes
    present = {name: _seen_from_now(value) for name, value in claims.items() if value is not None}
    # Below the library's own checks of claims: a wrong token must be possible.
    return jwt.PyJWS().encode(json.dumps(present).encode(), key, algorithm, headers)


def _seen_from_now(value: Any) -> Any:
    return int(time.time()) + value.total_seconds() if isinstance(value, timedelta) else value


@contextmanager
def running() -> Iterator[Issuer]:
    """Lend an issuer that is up, and have the service wait for it as long as a busy machine may take."""
    issuer = Issuer()
    issuer.come_up()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(jwks, "LONGEST_WAIT_SECONDS", 60.0)
        try:
            yield issuer
        finally:
            issuer.go_down()
