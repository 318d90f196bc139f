"""Which tokens are accepted. Whatever is wrong with one, the answer is the same."""

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.api.auth import LEEWAY_SECONDS, Caller, TokenVerifier
from app.api.problem_kinds import UNAUTHENTICATED
from app.api.problems import Refusal

PRIVATE = ec.generate_private_key(ec.SECP384R1())
KEY_ID = "key-1"


BAD: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "other"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "other"},
    "no audience": {"aud": None},
    "no subject": {"sub": None},
    "no end": {"exp": None},
    "expired": {"exp": int(time.time()) - LEEWAY_SECONDS - 20},
    "not valid yet": {"nbf": int(time.time()) + LEEWAY_SECONDS + 600},
    "no tenant": {"tenant_id": None},
    "an empty tenant": {"tenant_id": ""},
    "a tenant that is no text": {"tenant_id": 7},
    "a tenant with U+0000": {"tenant_id": "a\0b"},
    "a tenant that is too long": {"tenant_id": "x" * 65},
    "scopes that are neither text nor list": {"scope": 7},
    "an unknown key": {"key_id": "unknown"},
    "signed by somebody else": {"key": ec.generate_private_key(ec.SECP384R1())},
    "a key of another kind": {"key": rsa.generate_private_key(65537, 2048), "algorithm": "RS256"},
    "a shared secret": {"key": "a shared secret that is long enough for the algorithm", "algorithm": "HS256"},
    "not signed": {"key": None, "algorithm": "none"},
}


class OneKey:
    """A key source with one key."""

    def __init__(self) -> None:
        self.asked = 0

    async def key(self, key_id: str | None) -> ec.EllipticCurvePublicKey:
        self.asked += 1
        if key_id != KEY_ID:
            raise LookupError
        return PRIVATE.public_key()


def verifier(keys: OneKey | None = None) -> TokenVerifier:
    return TokenVerifier(keys or OneKey(), issuer="issuer", audience="rebound", tenant_claim="tenant_id")


def token(*, key: Any = PRIVATE, algorithm: str = "ES384", key_id: str = KEY_ID, **changes: Any) -> str:
    """Return a good token with changed claims; None removes a claim."""
    claims = {
        "iss": "issuer",
        "aud": "rebound",
        "sub": "system-1",
        "tenant_id": "clinic",
        "scope": "plans:read episodes:read",
        "exp": int(time.time()) + 600,
    } | changes
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, key, algorithm, {"kid": key_id})


async def test_a_good_token_names_the_caller() -> None:
    caller = await verifier().verify(token())
    assert caller == Caller("system-1", "clinic", frozenset({"plans:read", "episodes:read"}))


async def test_scopes_may_come_as_a_list() -> None:
    caller = await verifier().verify(token(scope=None, scp=["plans:read"]))
    assert caller.scopes == {"plans:read"}


async def test_a_token_without_scopes_allows_nothing() -> None:
    assert (await verifier().verify(token(scope=None))).scopes == frozenset()


async def test_several_audiences_are_accepted_when_ours_is_among_them() -> None:
    assert (await verifier().verify(token(aud=["other", "rebound"]))).tenant == "clinic"


async def test_a_clock_that_runs_a_little_ahead_is_forgiven() -> None:
    assert (await verifier().verify(token(exp=int(time.time()) - LEEWAY_SECONDS + 20))).tenant == "clinic"


@pytest.mark.parametrize("wrong", BAD)
async def test_a_bad_token_gets_the_one_answer(wrong: str) -> None:
    with pytest.raises(Refusal) as refused:
        await verifier().verify(token(**BAD[wrong]))
    assert refused.value.kind is UNAUTHENTICATED
    assert refused.value.headers == {"WWW-Authenticate": 'Bearer realm="rebound"'}


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é", "..", "a" * 10_000])
async def test_what_is_no_token_gets_the_same_answer(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        await verifier().verify(text)
    assert refused.value.kind is UNAUTHENTICATED


async def test_a_verified_token_is_not_verified_twice() -> None:
    keys = OneKey()
    checking, sent = verifier(keys), token()
    assert await checking.verify(sent) == await checking.verify(sent)
    assert keys.asked == 1


async def test_a_token_is_remembered_until_it_expires() -> None:
    checking = verifier()
    sent = token(exp=int(time.time()) - LEEWAY_SECONDS + 30)
    await checking.verify(sent)
    assert checking._known[sent][1] == pytest.approx(time.time() + 30, abs=5)


async def test_a_token_that_lives_long_is_verified_again_after_five_minutes() -> None:
    keys = OneKey()
    checking, sent = verifier(keys), token()
    caller = await checking.verify(sent)
    assert checking._known[sent][1] == pytest.approx(time.time() + 300, abs=5)
    checking._known[sent] = caller, time.time() - 1
    assert await checking.verify(sent) == caller
    assert keys.asked == 2


async def test_what_is_remembered_is_bounded() -> None:
    checking = verifier()
    checking._known.update(dict.fromkeys(map(str, range(1024)), (Caller("", "", frozenset()), 0.0)))
    await checking.verify(token())
    assert len(checking._known) == 1
