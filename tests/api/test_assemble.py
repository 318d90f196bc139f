"""How the doors are hung: whose tokens they trust."""

from pathlib import Path
from typing import Any

import pytest

from app.api.assemble import _verifier
from app.api.development import AUDIENCE, ISSUER, DevelopmentKeys
from app.errors import StartError
from app.remote.jwks import PublishedKeys
from app.settings import Settings

PUBLISHED: dict[str, Any] = {
    "jwt_issuer": "https://issuer.example",
    "jwt_audience": "clinic",
    "jwks_url": "https://issuer.example/keys",
}


def test_without_a_configured_issuer_the_development_issuer_is_trusted(tmp_path: Path) -> None:
    verifier = _verifier(Settings(data_dir=tmp_path))
    assert isinstance(verifier.keys, DevelopmentKeys)
    assert (verifier.issuer, verifier.audience, verifier.tenant_claim) == (ISSUER, AUDIENCE, "tenant_id")


def test_a_configured_issuer_is_trusted_by_its_published_keys_alone(tmp_path: Path) -> None:
    verifier = _verifier(Settings(data_dir=tmp_path, tenant_claim="org", **PUBLISHED))
    assert isinstance(verifier.keys, PublishedKeys)
    assert (verifier.issuer, verifier.audience, verifier.tenant_claim) == ("https://issuer.example", "clinic", "org")


def test_an_issuer_without_published_keys_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="JWKS_URL"):
        _verifier(Settings(data_dir=tmp_path, jwt_issuer="https://issuer.example"))


def test_no_key_pair_is_made_before_a_token_is_checked(tmp_path: Path) -> None:
    _verifier(Settings(data_dir=tmp_path))
    assert list(tmp_path.iterdir()) == []
