"""Which tokens are accepted, and for which reason one is not."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.api import tokens
from app.api.auth import ALGORITHMS, HOOK_ALGORITHMS
from app.api.tokens import LEEWAY_SECONDS, LONGEST_TOKEN, BadToken, Caller, TokenVerifier, TrustedIssuer
from app.remote.keys import PublicKey
from tests.remote.issuer import P256, P384, PRIVATE, RSA, sign

SECRET = "a shared secret that is long enough for the algorithm"

BAD_CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "other"}, "WRONG_ISSUER"),
    "an issuer with a slash more": ({"iss": "issuer/"}, "WRONG_ISSUER"),
    "an issuer in capitals": ({"iss": "ISSUER"}, "WRONG_ISSUER"),
    "a list of issuers": ({"iss": ["issuer"]}, "WRONG_ISSUER"),
    "no issuer": ({"iss": None}, "WRONG_ISSUER"),
    "another audience": ({"aud": "other"}, "WRONG_AUDIENCE"),
    "the audience of another issuer": ({"aud": "second-audience"}, "WRONG_AUDIENCE"),
    "an audience that only begins like ours": ({"aud": "rebound-2"}, "WRONG_AUDIENCE"),
    "no audience": ({"aud": None}, "CLAIM_MISSING"),
    "no subject": ({"sub": None}, "CLAIM_MISSING"),
    "an empty subject": ({"sub": ""}, "WRONG_SUBJECT"),
    "a subject with U+0000": ({"sub": "a\0b"}, "WRONG_SUBJECT"),
    "a subject that is too long": ({"sub": "x" * 256}, "WRONG_SUBJECT"),
    "a subject that is no text": ({"sub": {"id": 7}}, "MALFORMED"),
    "no end": ({"exp": None}, "CLAIM_MISSING"),
    "expired": ({"exp": timedelta(seconds=-LEEWAY_SECONDS)}, "EXPIRED"),
    "an end as text": ({"exp": "4000000000"}, "MALFORMED"),
    "true for an end": ({"exp": True}, "EXPIRED"),
    "an end that no clock reaches": ({"exp": 253_402_300_800}, "MALFORMED"),
    "an end of many digits": ({"exp": 10**400}, "MALFORMED"),
    "an endless end": ({"exp": float("inf")}, "MALFORMED"),
    "not valid yet": ({"nbf": timedelta(seconds=LEEWAY_SECONDS + 20)}, "NOT_YET_VALID"),
    "a beginning as text": ({"nbf": "1000000000"}, "MALFORMED"),
    "a beginning before all time": ({"nbf": -1}, "MALFORMED"),
    "issued in the future": ({"iat": timedelta(seconds=LEEWAY_SECONDS + 20)}, "NOT_YET_VALID"),
    "issued at a word": ({"iat": "today"}, "MALFORMED"),
    "true for the time of issue": ({"iat": True}, "MALFORMED"),
    "no tenant": ({"tenant_id": None}, "CLAIM_MISSING"),
    "an empty tenant": ({"tenant_id": ""}, "WRONG_TENANT"),
    "a tenant that is no text": ({"tenant_id": 7}, "WRONG_TENANT"),
    "a list of tenants": ({"tenant_id": ["clinic"]}, "WRONG_TENANT"),
    "a tenant with U+0000": ({"tenant_id": "a\0b"}, "WRONG_TENANT"),
    "a tenant with half a character": ({"tenant_id": "\ud800"}, "WRONG_TENANT"),
    "a tenant that is too long": ({"tenant_id": "x" * 201}, "WRONG_TENANT"),
    "scopes that are neither text nor list": ({"scope": 7}, "WRONG_SCOPE"),
    "scopes as an object": ({"scope": {"plans:read": True}}, "WRONG_SCOPE"),
    "a scope that is no text": ({"scope": ["plans:read", 7]}, "WRONG_SCOPE"),
}
FORGIVEN: dict[str, dict[str, Any]] = {
    "just expired": {"exp": timedelta(seconds=5 - LEEWAY_SECONDS)},
    "valid in a minute": {"nbf": timedelta(seconds=LEEWAY_SECONDS)},
    "issued in a minute": {"iat": timedelta(seconds=LEEWAY_SECONDS)},
    "issued half a second ahead": {"iat": timedelta(seconds=0.5)},
    "issued at no time": {"iat": None},
    "valid until the last instant": {"exp": 253_402_300_799},
}
BAD_HEADERS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": ({"kid": "unknown"}, "UNKNOWN_KEY"),
    "no key id": ({"kid": None}, "UNKNOWN_KEY"),
    "the key of another issuer": ({"kid": "second"}, "UNKNOWN_KEY"),
    "a critical header that we do not know": ({"crit": ["x"], "x": 1}, "MALFORMED"),
    "a critical header that the library knows": ({"crit": ["b64"], "b64": True}, "CRITICAL_HEADER"),
    "an empty critical header": ({"crit": []}, "MALFORMED"),
    "a token of another type": ({"typ": "secevent+jwt"}, "WRONG_TYPE"),
    "a type that is no text": ({"typ": 7}, "WRONG_TYPE"),
}


class Keys:
    """A key source that counts how often it was asked."""

    def __init__(self, key_id: str = "key-1") -> None:
        self.asked = 0
        self._key_id = key_id

    async def key(self, key_id: str, algorithm: str) -> PublicKey:
        self.asked += 1
        if key_id != self._key_id:
            raise LookupError
        return PRIVATE[algorithm].public_key()


def verifier(keys: Keys | None = None) -> TokenVerifier:
    """A verifier that trusts two issuers, each with its own audience and key id."""
    issuers = [
        TrustedIssuer("issuer", "rebound", keys or Keys()),
        TrustedIssuer("second-issuer", "second-audience", Keys("second")),
    ]
    return TokenVerifier(issuers, "tenant_id")


def token(*, key: Any = P384, algorithm: str = "ES384", headers: dict[str, Any] | None = None, **changes: Any) -> str:
    """Return a good token with changed claims; None removes a claim."""
    named = {"kid": "key-1", **(headers or {})}
    return sign(changes, key, algorithm, {name: value for name, value in named.items() if value is not None})


async def reason(sent: str, algorithms: tuple[str, ...] = ALGORITHMS) -> str:
    """Return why a token is refused."""
    with pytest.raises(BadToken) as refused:
        await verifier().verify(sent, algorithms)
    return refused.value.reason


def with_header(sent: str, raw: bytes) -> str:
    """Return the token under another header; its signature no longer fits."""
    return ".".join([encoded(raw), *sent.split(".")[1:]])


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


async def test_a_good_token_names_the_caller() -> None:
    caller = await verifier().verify(token(), ALGORITHMS)
    assert caller == Caller("system-1", "clinic", frozenset({"plans:read", "knowledge:read"}))


async def test_each_issuer_is_believed_with_its_own_audience_and_keys() -> None:
    sent = token(iss="second-issuer", aud="second-audience", headers={"kid": "second"})
    assert (await verifier().verify(sent, ALGORITHMS)).tenant == "clinic"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_the_accepted_algorithms(algorithm: str) -> None:
    sent = token(key=PRIVATE[algorithm], algorithm=algorithm)
    assert (await verifier().verify(sent, ALGORITHMS)).subject == "system-1"


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSA, "PS256"),
        (RSA, "PS384"),
        (RSA, "RS512"),
        (ec.generate_private_key(ec.SECP521R1()), "ES512"),
        (ec.generate_private_key(ec.SECP256K1()), "ES256K"),
        (SECRET, "HS256"),
        (SECRET, "HS384"),
        (None, "none"),
    ],
)
async def test_every_other_algorithm_is_refused(key: Any, algorithm: str) -> None:
    assert await reason(token(key=key, algorithm=algorithm)) == "WRONG_ALGORITHM"


@pytest.mark.parametrize("private", [P384, RSA])
async def test_the_public_key_is_no_shared_secret(private: Any) -> None:
    published = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for algorithm in ("HS384", "ES384", "RS384"):
        header = encoded(json.dumps({"alg": algorithm, "kid": "key-1"}).encode())
        signed = f"{header}.{token().split('.')[1]}"
        forged = encoded(hmac.digest(published, signed.encode(), "sha384"))
        assert await reason(f"{signed}.{forged}") in {"WRONG_ALGORITHM", "WRONG_SIGNATURE"}


@pytest.mark.parametrize("algorithm", [*ALGORITHMS, "none", "None", "HS256", "HS384", ""])
async def test_an_algorithm_that_is_only_written_into_the_header_proves_nothing(algorithm: str) -> None:
    unsigned = ".".join([*token(key=P256, algorithm="ES256").split(".")[:2], ""])
    for sent in (unsigned, token(key=SECRET, algorithm="HS384")):
        header = f'{{"alg":"{algorithm}","kid":"key-1","typ":"JWT"}}'
        assert await reason(with_header(sent, header.encode())) in {"WRONG_ALGORITHM", "WRONG_SIGNATURE"}


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
async def test_a_hook_accepts_two_algorithms_only_even_of_a_token_that_is_remembered(algorithm: str) -> None:
    checking, sent = verifier(), token(key=PRIVATE[algorithm], algorithm=algorithm)
    await checking.verify(sent, ALGORITHMS)
    with pytest.raises(BadToken, match="WRONG_ALGORITHM"):
        await checking.verify(sent, HOOK_ALGORITHMS)
    for accepted in HOOK_ALGORITHMS:
        await checking.verify(token(key=PRIVATE[accepted], algorithm=accepted), HOOK_ALGORITHMS)


@pytest.mark.parametrize("wrong", BAD_CLAIMS)
async def test_a_token_with_a_wrong_claim_is_refused(wrong: str) -> None:
    changes, code = BAD_CLAIMS[wrong]
    assert await reason(token(**changes)) == code


@pytest.mark.parametrize("wrong", BAD_HEADERS)
async def test_a_token_with_a_wrong_header_is_refused(wrong: str) -> None:
    headers, code = BAD_HEADERS[wrong]
    whole = {"alg": "ES384", "kid": "key-1", "typ": "JWT"} | headers
    raw = json.dumps({name: value for name, value in whole.items() if value is not None})
    assert await reason(with_header(token(), raw.encode())) == code


async def test_a_key_that_a_token_brings_along_is_not_used() -> None:
    stranger = ec.generate_private_key(ec.SECP384R1())
    brought = {"jwk": jwt.algorithms.ECAlgorithm.to_jwk(stranger.public_key(), as_dict=True), "jku": "http://127.0.0.1"}
    assert await reason(token(key=stranger, headers=brought)) == "WRONG_SIGNATURE"


async def test_a_signature_of_somebody_else_is_refused() -> None:
    assert await reason(token(key=ec.generate_private_key(ec.SECP384R1()))) == "WRONG_SIGNATURE"


@pytest.mark.parametrize("part", [0, 1, 2])
async def test_a_token_with_one_changed_character_is_refused(part: int) -> None:
    parts = token().split(".")
    parts[part] = parts[part][:12] + ("A" if parts[part][12] != "A" else "B") + parts[part][13:]
    assert await reason(".".join(parts)) in {"MALFORMED", "WRONG_SIGNATURE", "WRONG_ALGORITHM"}


@pytest.mark.parametrize(
    "text", ["", "x", "a.b.c", "é.é.é", "..", "....", "a" * LONGEST_TOKEN, "e30.e30.", "W10.e30.e30"]
)
async def test_what_is_no_token_is_refused(text: str) -> None:
    assert await reason(text) in {"MALFORMED", "WRONG_ALGORITHM"}


async def test_a_claim_set_that_is_no_object_is_refused() -> None:
    header, _, signature = token().split(".")
    assert await reason(f"{header}.W10.{signature}") == "MALFORMED"


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+jwt"])
async def test_the_usual_types_are_accepted(kind: str) -> None:
    assert (await verifier().verify(token(headers={"typ": kind}), ALGORITHMS)).tenant == "clinic"


async def test_a_type_need_not_be_given() -> None:
    assert (await verifier().verify(token(headers={"typ": ""}), ALGORITHMS)).tenant == "clinic"


async def test_the_longest_token_is_read_and_one_character_more_is_not_even_looked_at() -> None:
    size = len(token(filler=""))
    keys = Keys()
    room = (LONGEST_TOKEN - size) * 3 // 4
    longest = next(
        sent for sent in (token(filler="x" * (room + more)) for more in range(4)) if len(sent) == LONGEST_TOKEN
    )
    await verifier(keys).verify(longest, ALGORITHMS)
    assert keys.asked == 1
    assert await reason(longest + "x") == "TOO_LONG"


@pytest.mark.parametrize("forgiven", FORGIVEN)
async def test_a_clock_that_runs_a_little_differently_is_forgiven(forgiven: str) -> None:
    assert (await verifier().verify(token(**FORGIVEN[forgiven]), ALGORITHMS)).tenant == "clinic"


@pytest.mark.parametrize("name", ["x", "x" * 200, "Universitätsklinikum 7 Ä"])
async def test_a_tenant_is_any_readable_text_up_to_200_characters(name: str) -> None:
    assert (await verifier().verify(token(tenant_id=name), ALGORITHMS)).tenant == name


async def test_a_subject_may_have_255_characters() -> None:
    assert (await verifier().verify(token(sub="x" * 255), ALGORITHMS)).subject == "x" * 255


async def test_several_audiences_are_accepted_when_ours_is_among_them() -> None:
    assert (await verifier().verify(token(aud=["other", "rebound"]), ALGORITHMS)).tenant == "clinic"


@pytest.mark.parametrize(
    "granted", [{"scp": ["plans:read"]}, {"scp": "plans:read"}, {"scope": ["plans:read"]}], ids=str
)
async def test_scopes_may_come_in_every_usual_way(granted: dict[str, Any]) -> None:
    caller = await verifier().verify(token(**{"scope": None, **granted}), ALGORITHMS)
    assert caller.scopes == {"plans:read"}


async def test_a_token_without_scopes_allows_nothing() -> None:
    assert (await verifier().verify(token(scope=None), ALGORITHMS)).scopes == frozenset()


async def test_a_verified_token_is_not_verified_twice() -> None:
    keys = Keys()
    checking, sent = verifier(keys), token()
    assert await checking.verify(sent, ALGORITHMS) == await checking.verify(sent, ALGORITHMS)
    assert keys.asked == 1


def remembered(checking: TokenVerifier, sent: str) -> tokens._Remembered:
    return checking._remembered[hashlib.sha256(sent.encode()).digest()]


async def test_a_token_is_remembered_until_it_expires() -> None:
    checking = verifier()
    sent = token(exp=int(time.time()) - LEEWAY_SECONDS + 30)
    await checking.verify(sent, ALGORITHMS)
    assert remembered(checking, sent).until == pytest.approx(time.time() + 30, abs=5)


async def test_a_token_that_lives_long_is_verified_again_after_five_minutes() -> None:
    keys = Keys()
    checking, sent = verifier(keys), token()
    caller = await checking.verify(sent, ALGORITHMS)
    known = remembered(checking, sent)
    assert known.until == pytest.approx(time.time() + 300, abs=5)
    checking._remembered[hashlib.sha256(sent.encode()).digest()] = known._replace(until=time.time() - 1)
    assert await checking.verify(sent, ALGORITHMS) == caller
    assert keys.asked == 2


async def test_what_is_remembered_is_bounded_and_is_no_token() -> None:
    checking, sent = verifier(), token()
    await checking.verify(sent, ALGORITHMS)
    assert sent not in repr(checking._remembered)
    known = remembered(checking, sent)
    checking._remembered.update({bytes([high, low]): known for high in range(4) for low in range(256)})
    await checking.verify(token(jti="another"), ALGORITHMS)
    assert len(checking._remembered) == 1
