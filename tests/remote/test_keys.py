"""Which published keys may check which signatures."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from app.remote.keys import read_keys
from tests.remote.issuer import P256, P384, RSA, jwk

SHORT_RSA = rsa.generate_private_key(65537, 2047)  # noqa: S505 - one bit too short is the point
P521 = ec.generate_private_key(ec.SECP521R1())
SHARED = {"kty": "oct", "k": "c2hhcmVkLXNlY3JldC1zaGFyZWQtc2VjcmV0LXNoYXJlZA"}


def pairs(*published: Any) -> set[tuple[str, str]]:
    """Return key id and algorithm of each usable key."""
    return set(read_keys({"keys": list(published)}))


@pytest.mark.parametrize(
    ("private", "algorithms"),
    [(P384, {"ES384"}), (P256, {"ES256"}), (RSA, {"RS256", "RS384"}), (SHORT_RSA, set()), (P521, set())],
)
def test_the_kind_of_a_key_decides_its_algorithms(private: Any, algorithms: set[str]) -> None:
    assert pairs(jwk(private, "a")) == {("a", algorithm) for algorithm in algorithms}


def test_a_key_that_names_its_algorithm_is_used_for_that_alone() -> None:
    assert pairs(jwk(RSA, "a", alg="RS384")) == {("a", "RS384")}


@pytest.mark.parametrize(
    ("private", "algorithm"),
    [(RSA, "ES384"), (P384, "ES256"), (P384, "RS256"), (RSA, "PS256"), (RSA, "HS256"), (P384, "none"), (RSA, "RSA1_5")],
)
def test_a_key_that_names_an_algorithm_it_does_not_fit_is_left_out(private: Any, algorithm: str) -> None:
    assert pairs(jwk(private, "a", alg=algorithm)) == set()


@pytest.mark.parametrize(
    "more",
    [
        {"use": "enc"},
        {"use": None},
        {"key_ops": ["encrypt"]},
        {"key_ops": []},
        {"key_ops": "verify"},
        {"alg": ["ES384"]},
        {"x": 7},
        {"x": "AAAA"},
        {"crv": "P-256"},
        {"kty": "nothing"},
        {"kid": 7},
    ],
    ids=str,
)
def test_a_key_for_something_else_is_left_out_and_the_others_stay(more: dict[str, Any]) -> None:
    assert pairs(jwk(P384, "a", **more), jwk(P384, "b")) == {("b", "ES384")}


@pytest.mark.parametrize("more", [{"use": "sig"}, {"key_ops": ["sign", "verify"]}, {"unheard_of": [1]}], ids=str)
def test_a_key_for_signatures_is_used(more: dict[str, Any]) -> None:
    assert pairs(jwk(P384, "a", **more)) == {("a", "ES384")}


def test_a_key_without_an_id_is_left_out() -> None:
    assert pairs(jwk(P384, None)) == set()


@pytest.mark.parametrize(
    "secret", [SHARED, ECAlgorithm.to_jwk(P384, as_dict=True), RSAAlgorithm.to_jwk(RSA, as_dict=True)]
)
def test_a_secret_that_somebody_published_is_not_trusted(secret: dict[str, Any]) -> None:
    assert pairs({**secret, "kid": "a", "key_ops": ["verify"]}) == set()


def test_two_kinds_of_key_may_share_an_id() -> None:
    assert pairs(jwk(P384, "a"), jwk(P256, "a")) == {("a", "ES384"), ("a", "ES256")}


@pytest.mark.parametrize("entry", ["text", 7, None, [], {}])
def test_an_entry_that_is_no_key_is_left_out(entry: Any) -> None:
    assert pairs(entry, jwk(P384, "b")) == {("b", "ES384")}


@pytest.mark.parametrize("document", [None, [], "keys", 7, {}, {"keys": None}, {"keys": {}}])
def test_what_is_no_key_set_is_refused(document: Any) -> None:
    with pytest.raises(ValueError, match="not a key set"):
        read_keys(document)
