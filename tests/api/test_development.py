"""The development issuer."""

import asyncio
import stat
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.api.development import AUDIENCE, DevelopmentKeys, _link_once, issue_token
from app.api.scopes import ALL_SCOPES
from app.settings import DEVELOPMENT_ISSUER, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_token_names_issuer_audience_tenant_and_every_scope(settings: Settings) -> None:
    claims = jwt.decode(issue_token(settings), options={"verify_signature": False})
    assert (claims["iss"], claims["aud"], claims["tenant_id"]) == (DEVELOPMENT_ISSUER, AUDIENCE, "demo")
    assert claims["scope"].split() == list(ALL_SCOPES)


def test_a_token_can_be_narrowed_to_scopes_and_another_tenant(settings: Settings) -> None:
    token = issue_token(settings, scopes=["plans:read"], tenant="other")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["scope"], claims["tenant_id"]) == ("plans:read", "other")


def test_the_last_token_lies_in_the_data_directory(settings: Settings) -> None:
    issue_token(settings)
    newest = issue_token(settings)
    assert (settings.data_dir / "token").read_text() == newest


def test_key_and_token_are_readable_by_the_owner_only(settings: Settings) -> None:
    issue_token(settings)
    assert mode(settings.data_dir / "token") == 0o600
    assert mode(settings.data_dir / "development-key.pem") == 0o600


def test_a_second_process_uses_the_key_that_is_there(settings: Settings) -> None:
    first, second = (jwt.get_unverified_header(issue_token(settings))["kid"] for _ in range(2))
    assert first == second


def test_of_two_processes_that_start_together_the_first_key_wins(tmp_path: Path) -> None:
    _link_once(b"first", tmp_path / "key")
    _link_once(b"second", tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_token_verifies_with_the_key_it_names(settings: Settings) -> None:
    token = issue_token(settings)
    key = asyncio.run(DevelopmentKeys(settings.data_dir).key(jwt.get_unverified_header(token)["kid"], "ES384"))
    assert jwt.decode(token, key, ["ES384"], audience=AUDIENCE, issuer=DEVELOPMENT_ISSUER)["sub"] == "development"


@pytest.mark.parametrize("key_id", ["", "another"])
def test_a_key_that_is_not_ours_is_not_found(settings: Settings, key_id: str) -> None:
    with pytest.raises(LookupError):
        asyncio.run(DevelopmentKeys(settings.data_dir).key(key_id, "ES384"))


def test_our_key_is_not_found_under_another_algorithm(settings: Settings) -> None:
    key_id = jwt.get_unverified_header(issue_token(settings))["kid"]
    with pytest.raises(LookupError):
        asyncio.run(DevelopmentKeys(settings.data_dir).key(key_id, "ES256"))


def test_a_key_file_of_another_kind_is_refused(settings: Settings) -> None:
    settings.data_dir.mkdir()
    other = ed25519.Ed25519PrivateKey.generate()
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (settings.data_dir / "development-key.pem").write_bytes(pem)
    with pytest.raises(TypeError):
        issue_token(settings)
