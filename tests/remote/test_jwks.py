"""The keys an issuer publishes. The issuer is played by a transport; no socket is opened."""

import asyncio
import json
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from app.errors import Unavailable
from app.remote.jwks import PublishedKeys

PRIVATE = ec.generate_private_key(ec.SECP256R1())


def published(key_id: str, **more: Any) -> dict[str, Any]:
    jwk: dict[str, Any] = ECAlgorithm.to_jwk(PRIVATE.public_key(), as_dict=True)
    return {**jwk, "kid": key_id, "alg": "ES256", **more}


class Issuer:
    """Answers with what it holds and counts how often it was asked."""

    def __init__(self, *keys: dict[str, Any], status: int = 200, text: str | None = None) -> None:
        self.keys, self.status, self.text, self.asked = list(keys), status, text, 0

    def answer(self, _request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return httpx.Response(self.status, text=self.text or json.dumps({"keys": self.keys}))

    def keys_of(self) -> PublishedKeys:
        return PublishedKeys("https://issuer.example/keys", httpx.MockTransport(self.answer))


async def test_a_published_key_verifies_a_token() -> None:
    key = await Issuer(published("a", use="sig")).keys_of().key("a")
    token = jwt.encode({"sub": "x"}, PRIVATE, "ES256", {"kid": "a"})
    assert jwt.decode(token, key, ["ES256"])["sub"] == "x"


async def test_keys_are_fetched_once_however_many_requests_wait() -> None:
    issuer = Issuer(published("a"))
    keys = issuer.keys_of()
    await asyncio.gather(*(keys.key("a") for _ in range(5)))
    assert issuer.asked == 1


async def test_an_unknown_key_id_does_not_become_load_on_the_issuer() -> None:
    issuer = Issuer(published("a"))
    keys = issuer.keys_of()
    for key_id in ("b", "c", None):
        with pytest.raises(LookupError):
            await keys.key(key_id)
    assert issuer.asked == 1


async def test_a_key_for_encryption_verifies_nothing() -> None:
    with pytest.raises(LookupError):
        await Issuer(published("a", use="enc"), published("b")).keys_of().key("a")


async def test_a_new_key_is_found_after_the_pause() -> None:
    issuer = Issuer(published("a"))
    keys = issuer.keys_of()
    await keys.key("a")
    issuer.keys.append(published("b"))
    assert keys._fetched_at is not None
    keys._fetched_at -= 31
    assert (await keys.key("b")).key_id == "b"


async def test_a_withdrawn_key_is_noticed_after_an_hour() -> None:
    issuer = Issuer(published("a"))
    keys = issuer.keys_of()
    await keys.key("a")
    issuer.keys = [published("b")]
    assert keys._fetched_at is not None
    keys._fetched_at -= 3601
    with pytest.raises(LookupError):
        await keys.key("a")


async def test_known_keys_stay_in_use_while_the_issuer_does_not_answer() -> None:
    issuer = Issuer(published("a"))
    keys = issuer.keys_of()
    await keys.key("a")
    issuer.status = 503
    assert keys._fetched_at is not None
    keys._fetched_at -= 3601
    assert (await keys.key("a")).key_id == "a"


@pytest.mark.parametrize(
    "issuer", [Issuer(status=500), Issuer(text="not json"), Issuer()], ids=["down", "text", "none"]
)
async def test_without_any_key_the_service_says_that_it_cannot_tell(issuer: Issuer) -> None:
    keys = issuer.keys_of()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await keys.key("a")
    assert issuer.asked == 1
